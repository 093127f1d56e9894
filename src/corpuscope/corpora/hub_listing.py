"""The data files of a Hub dataset at one commit, listed once through `datasets` and then cached."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from corpuscope.corpora import hub_requests, hub_settings
from corpuscope.corpora.source import Shard
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError, SourceUnavailable, nearest
from corpuscope.files import cache_key, keep_cached

_COMMIT = re.compile(r"[0-9a-f]{40}")
_COMPRESSIONS = (".gz", ".zst", ".bz2", ".xz")
KINDS = {
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".json": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".txt": "txt",
    ".text": "txt",
}
"""Kind of file, by the extension before that of the compression."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listing:
    """The data files of a dataset's split at one commit."""

    revision: str
    """The commit, 40 hex digits."""
    kind: str
    """Kind of file: one of the values of `KINDS`."""
    shards: tuple[Shard, ...]
    """The data files in the order `datasets` lists them."""
    large_row_groups: bool = False
    """True for Parquet files whose row groups are too large to fetch for one row."""
    columns: tuple[str, ...] = ()
    """Column names of a typical file."""


def kind_of(name: str) -> str | None:
    """Return the kind of the file `name`; None when it is not a known data file."""
    path = PurePosixPath(name.lower())
    if path.suffix in _COMPRESSIONS:
        path = path.with_suffix("")
    return KINDS.get(path.suffix)


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
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("%s is damaged and is made anew: %s", path, error)
        return None


def store(corpus: Corpus, listing: Listing, cache: Path) -> None:
    """Write `listing` to the cache."""
    record = {
        "revision": listing.revision,
        "kind": listing.kind,
        "shards": [[shard.name, shard.bytes, shard.rows] for shard in listing.shards],
        "coarse": listing.large_row_groups,
        "columns": listing.columns,
    }
    keep_cached(_cache_path(corpus, listing.revision, cache), json.dumps(record).encode())


def resolve(corpus: Corpus, revision: str | None, cache: Path) -> Listing:
    """List the files of `corpus` on the Hub at `revision`; None means the newest commit.

    Raises SourceUnavailable, AccessDenied or HubOffline, and CorpusError when the dataset, split or files do
    not exist.
    """
    hub_requests.configure_hub_client()
    hub_settings.endpoint()
    hub_settings.require_online(f"the file list of {corpus.path}")
    import datasets
    from huggingface_hub import HfFileSystem

    hub_settings.log_to_root("datasets")
    # The export of the dataset viewer is not used here, and looking for it may take minutes.
    datasets.config.USE_PARQUET_EXPORT = False
    try:
        builder = datasets.load_dataset_builder(
            corpus.path,
            None if corpus.files else corpus.name,
            data_files={corpus.split: corpus.files} if corpus.files else None,
            revision=revision,
            # A folder without prepared datasets. With them, a failure would silently yield an older copy.
            cache_dir=str(cache / "datasets"),
        )
    except ConnectionError as error:
        raise SourceUnavailable(f"the Hub was not reached for dataset {corpus.path}: {error}") from error
    except (OSError, ValueError) as error:
        part = f"files {corpus.files}" if corpus.files else f"config {corpus.name or 'default'}"
        page = f"{hub_settings.endpoint()}/datasets/{corpus.path}"
        message = f"dataset {corpus.path}, {part}: {error}"
        raise CorpusError(message, f"see {page} for its files and configs") from error
    splits: dict[str, list[str]] = builder.config.data_files or {}
    if corpus.split not in splits:
        raise CorpusError(f"dataset {corpus.path} has no split {corpus.split}", nearest(corpus.split, splits))
    root = f"datasets/{corpus.path}@{builder.hash}/"
    names = [url.removeprefix(f"hf://{root}") for url in splits[corpus.split]]
    kind = _main_kind(corpus, names)
    # The file system is the instance with which `datasets` listed the folders, so sizes cost no request.
    files = HfFileSystem(endpoint=hub_settings.endpoint(), token=None)
    folders = {str(PurePosixPath(root + name).parent) for name in names}
    sizes = {
        file["name"]: file["size"]
        for folder in folders
        for file in files.ls(folder)
        if isinstance(file, dict)
    }
    shards = (Shard(name, sizes[root + name]) for name in names if kind_of(name) == kind)
    return Listing(builder.hash, kind, tuple(shards))


def _main_kind(corpus: Corpus, names: Iterable[str]) -> str:
    """Return the commonest kind of file, since a licence or word list beside the data is not data."""
    kinds = Counter(kind for name in names if (kind := kind_of(name)))
    if not kinds:
        raise CorpusError(
            f"dataset {corpus.path} has no files that can be read", f"known: {', '.join(KINDS)}"
        )
    return kinds.most_common(1)[0][0]


def _cache_path(corpus: Corpus, revision: str, cache: Path) -> Path:
    columns = ",".join(text.column for text in corpus.text)  # they decide whether row groups count as large
    key = (corpus.path, corpus.name or "", corpus.split, corpus.files or "", columns, revision)
    return cache / "manifests" / f"{cache_key(hub_settings.endpoint(), *key)}.json"
