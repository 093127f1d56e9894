"""The data files of a Hub dataset at one commit, listed once and then cached."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from corpuscope.corpora import content_digest, dataset_card, hub_datasets, hub_requests, hub_settings
from corpuscope.corpora.hub_bytes import compression
from corpuscope.corpora.hub_files import ARCHIVE, HubFileSystem, root_address
from corpuscope.corpora.source import Shard, percent
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError
from corpuscope.file_cache import keep_cached
from corpuscope.files import digest
from corpuscope.text.quantities import quantity

_COMMIT = re.compile(r"[0-9a-f]{40}")
KINDS = {
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".json": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".txt": "txt",
    ".text": "txt",
    ".arrow": "arrow",
    ".tar": "webdataset",
}
"""Kind of file, by the extension before that of the compression."""

_NEW_KINDS = ("arrow", "webdataset")
"""Kinds that plans of frame 1 left out."""

_NEVER_COMPRESSED = ("parquet", "arrow", "webdataset")
"""Kinds whose files are not read when they are compressed as a whole."""

_MAX_ENDINGS = 4
"""Extensions of left-out files that are named."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listing:
    """The data files of a dataset's split at one commit."""

    revision: str
    """The commit, 40 hex digits."""
    kind: str
    """Kind of file: one of the values of `KINDS`, or `json` where files may be JSON arrays."""
    shards: tuple[Shard, ...]
    """The data files: pattern by pattern of the card, each sorted by name."""
    large_row_groups: bool = False
    """True for Parquet files whose row groups are too large to fetch for one row."""
    columns: tuple[str, ...] = ()
    """Column names of a typical file."""
    left_out: str = ""
    """Sentence on the files of the split that cannot be drawn from; "" when there are none."""
    notes: tuple[str, ...] = ()
    """What had to be guessed to read a typical file, and which files are copies of others."""


def kind_of(name: str) -> str | None:
    """Return the kind of the file `name`; None when it is not a known data file."""
    base = name.lower().rpartition("/")[2]  # plain strings, since there may be 60,000 names
    compressed = compression(base) or (ARCHIVE if base.endswith(ARCHIVE) else "")
    _, dot, extension = base.removesuffix(compressed).rpartition(".")
    kind = KINDS.get(dot + extension)
    return None if compressed and kind in _NEVER_COMPRESSED else kind


def load(corpus: Corpus, revision: str, cache: Path) -> Listing | None:
    """Return the cached listing of `corpus` at a commit; None without one, or when `revision` is a branch or tag."""
    if not _COMMIT.fullmatch(revision):
        return None
    path = _cache_path(corpus, revision, cache)
    try:
        record = json.loads(path.read_bytes())
        shards = tuple(
            Shard(str(name), int(size), None if rows is None else int(rows))
            for name, size, rows in record["shards"]
        )
        return Listing(
            str(record["revision"]),
            str(record["kind"]),
            shards,
            bool(record["coarse"]),
            tuple(record["columns"]),
            str(record.get("left_out", "")),
            tuple(record.get("notes", ())),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("%s is damaged and is made again: %s", path, error)
        return None


def store(corpus: Corpus, listing: Listing, cache: Path) -> None:
    """Write `listing` to the cache."""
    record = {
        "revision": listing.revision,
        "kind": listing.kind,
        "shards": [[shard.name, shard.bytes, shard.rows] for shard in listing.shards],
        "coarse": listing.large_row_groups,
        "columns": listing.columns,
        "left_out": listing.left_out,
        "notes": listing.notes,
    }
    keep_cached(_cache_path(corpus, listing.revision, cache), json.dumps(record).encode())


def resolve(corpus: Corpus, revision: str | None) -> Listing:
    """List the files of `corpus` on the Hub at `revision`; None means the newest commit.

    Raises SourceUnavailable, AccessDenied, ConfigError or HubOffline, and CorpusError when the dataset, config,
    split or files do not exist, or there are several and none was named.
    """
    hub_settings.endpoint()
    hub_settings.require_online(f"the file list of {corpus.path}")
    commit, card = hub_requests.read_card(corpus.path, revision or "main")
    base = root_address(corpus.path, commit)
    files = HubFileSystem()
    with HubFileSystem.listing():
        patterns = [corpus.files] if corpus.files else _patterns(corpus, card, base)
        addresses = hub_datasets.matching_files(patterns, base)
        if not addresses:
            raise CorpusError(
                f"dataset {corpus.path} has no files {', '.join(patterns)}",
                f"see {_files_page(corpus)} for its files",
            )
        entries = [files.info(address) for address in addresses]
    shards = [
        Shard(address.removeprefix(f"{base}/"), entry["size"])
        for address, entry in zip(addresses, entries, strict=True)
    ]
    kinds = [_kind(corpus, shard) for shard in shards]
    kind = _main_kind(corpus, shards)
    chosen = tuple(shard for shard, its_kind in zip(shards, kinds, strict=True) if its_kind == kind)
    left_out = [shard for shard, its_kind in zip(shards, kinds, strict=True) if its_kind != kind]
    digests = {
        shard.name: entry["content"] or shard.name for shard, entry in zip(shards, entries, strict=True)
    }
    return Listing(
        commit,
        kind,
        chosen,
        left_out=_in_words(left_out, sum(shard.bytes for shard in shards)),
        notes=content_digest.repeated({shard.name: digests[shard.name] for shard in chosen if shard.bytes}),
    )


def _patterns(corpus: Corpus, card: bytes, base: str) -> list[str]:
    """Return the patterns of the corpus's files relative to `base`, from its card or the names of its files."""

    def splits_by_name(folder: str) -> dict[str, list[str]]:
        return _splits_by_name(corpus, f"{base}/{folder}".rstrip("/"))

    return dataset_card.layout(corpus, card, splits_by_name).patterns(corpus)


def _splits_by_name(corpus: Corpus, root: str) -> dict[str, list[str]]:
    """Return the patterns of a folder without a card by the split that the names of its files tell."""
    files = HubFileSystem()
    files.find(root)  # so that the list of the folder follows from that of all
    script = f"{PurePosixPath(corpus.path).name}.py"
    if any(PurePosixPath(str(entry)).name == script for entry in files.ls(root, detail=False)):
        raise CorpusError(
            f"dataset {corpus.path} is built by a program, {script}, which is not run here",
            f"if its data files are in the repository, {dataset_card.WITHOUT_CARD}; see {_files_page(corpus)}",
        )
    try:
        with files.one_file_of_each_name(root):
            return hub_datasets.default_splits(root)
    except FileNotFoundError as error:
        raise CorpusError(f"dataset {corpus.path} has no data files", f"see {_files_page(corpus)}") from error


def _files_page(corpus: Corpus) -> str:
    return f"{hub_settings.endpoint()}/datasets/{corpus.path}/tree/main"


def _main_kind(corpus: Corpus, shards: Sequence[Shard]) -> str:
    """Return the kind with the most bytes, since a licence or word list beside the data is not data."""
    kinds: Counter[str] = Counter()
    for shard in shards:
        if kind := _kind(corpus, shard):
            kinds[kind] += 1 if corpus.frame < 2 else max(1, shard.bytes)
    if not kinds:
        raise CorpusError(
            f"dataset {corpus.path} has no files that can be read", f"known: {', '.join(KINDS)}"
        )
    return kinds.most_common(1)[0][0]


def _kind(corpus: Corpus, shard: Shard) -> str | None:
    kind = kind_of(shard.name)
    if corpus.frame < 2 and (kind in _NEW_KINDS or shard.name.lower().endswith((".zstd", ARCHIVE))):
        return None  # a plan written then drew without them
    return kind


def _in_words(left_out: Sequence[Shard], total: int) -> str:
    """Say which files are left out, with their share of all bytes; "" when there are none."""
    if not left_out:
        return ""
    endings = Counter("".join(PurePosixPath(shard.name).suffixes[-2:]) or "no ending" for shard in left_out)
    named = ", ".join(ending for ending, _ in endings.most_common(_MAX_ENDINGS))
    more = ", ..." if len(endings) > _MAX_ENDINGS else ""
    share = sum(shard.bytes for shard in left_out) / total if total else 0.0
    files = f"{quantity(len(left_out), 'file')} of another kind ({named}{more})"
    return f"Left out: {files} with {percent(share)} of the bytes."


def _cache_path(corpus: Corpus, revision: str, cache: Path) -> Path:
    columns = ",".join(text.column for text in corpus.text)  # they decide whether row groups count as large
    key = [corpus.path, corpus.name or "", corpus.split, corpus.files or "", columns, revision]
    key += [] if corpus.frame < 2 else [f"frame {corpus.frame}"]
    return cache / "manifests" / f"{digest(hub_settings.endpoint(), *key).hex()[:32]}.json"
