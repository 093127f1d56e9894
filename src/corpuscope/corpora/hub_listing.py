"""Which files a dataset on the Hub has at one commit: asked once through `datasets`, then kept on disk."""

import json
import logging
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from corpuscope.corpora import hub_requests, hub_settings
from corpuscope.corpora.rows import text_column_names
from corpuscope.corpora.source import Shard
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError, SourceUnavailable, nearest
from corpuscope.files import digest, keep_cached

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
"""How a file is read, by the end of its name without the compression."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listing:
    """The data files of a dataset's split at one commit."""

    revision: str
    """The commit, 40 hex digits."""
    kind: str
    """How they are read: one of the values of `KINDS`."""
    shards: tuple[Shard, ...]
    """In the order `datasets` lists them."""
    large_row_groups: bool = False
    """True for Parquet whose row groups are too large to fetch for one row."""
    columns: tuple[str, ...] = ()
    """The columns of a typical file."""


def kind_of(name: str) -> str | None:
    """How a file of this name is read; None when it is no data file known here."""
    path = PurePosixPath(name.lower())
    if path.suffix in _COMPRESSIONS:
        path = path.with_suffix("")
    return KINDS.get(path.suffix)


def load(corpus: Corpus, revision: str, cache: Path) -> Listing | None:
    """What was kept of `corpus` at `revision`; None when nothing was, or that is a branch or tag."""
    if not _COMMIT.fullmatch(revision):
        return None
    path = _place(corpus, revision, cache)
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
    """Keeps `listing` for the next start."""
    record = {
        "revision": listing.revision,
        "kind": listing.kind,
        "shards": [[shard.name, shard.bytes, shard.rows] for shard in listing.shards],
        "coarse": listing.large_row_groups,
        "columns": listing.columns,
    }
    keep_cached(_place(corpus, listing.revision, cache), json.dumps(record).encode())


def resolve(corpus: Corpus, revision: str | None, cache: Path) -> Listing:
    """Asks the Hub for the files of `corpus` at `revision`, None for the newest commit.

    Raises SourceUnavailable, AccessDenied, HubOffline, or CorpusError when there is no such dataset, split
    or file.
    """
    hub_requests.configure_hub_client()
    hub_settings.endpoint()
    hub_settings.require_online(f"the file list of {corpus.path}")
    import datasets
    from huggingface_hub import HfFileSystem

    hub_settings.log_to_root("datasets")
    # What the dataset viewer knows is not used here, and asking it may take minutes.
    datasets.config.USE_PARQUET_EXPORT = False
    try:
        builder = datasets.load_dataset_builder(
            corpus.path,
            None if corpus.files else corpus.name,
            data_files={corpus.split: corpus.files} if corpus.files else None,
            revision=revision,
            # A folder without prepared datasets: with one, a failure would silently yield an older copy.
            cache_dir=str(cache / "datasets"),
        )
    except ConnectionError as error:
        raise SourceUnavailable(f"the Hub was not reached for dataset {corpus.path}: {error}") from error
    except (OSError, ValueError) as error:
        asked = f"files {corpus.files}" if corpus.files else f"config {corpus.name or 'default'}"
        page = f"{hub_settings.endpoint()}/datasets/{corpus.path}"
        message = f"dataset {corpus.path}, {asked}: {error}"
        raise CorpusError(message, f"see {page} for its files and configs") from error
    found: dict[str, list[str]] = builder.config.data_files or {}
    if corpus.split not in found:
        raise CorpusError(f"dataset {corpus.path} has no split {corpus.split}", nearest(corpus.split, found))
    root = f"datasets/{corpus.path}@{builder.hash}/"
    names = [url.removeprefix(f"hf://{root}") for url in found[corpus.split]]
    kind = _main_kind(corpus, names)
    # The very file system `datasets` has just listed the folders with, so sizes cost no request.
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
    """The kind most files are of; a licence or a list of words beside them is not data."""
    kinds = Counter(kind for name in names if (kind := kind_of(name)))
    if not kinds:
        raise CorpusError(
            f"dataset {corpus.path} has no files that can be read", f"known: {', '.join(KINDS)}"
        )
    return kinds.most_common(1)[0][0]


def _place(corpus: Corpus, revision: str, cache: Path) -> Path:
    columns = ",".join(text_column_names(corpus))  # how coarse a file is depends on what is read of it
    asked = (corpus.path, corpus.name or "", corpus.split, corpus.files or "", columns, revision)
    return cache / "manifests" / f"{digest(hub_settings.endpoint(), *asked)}.json"
