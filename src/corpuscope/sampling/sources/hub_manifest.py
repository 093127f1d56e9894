"""Which files a dataset on the Hub has at one commit: asked once through `datasets`, then kept on disk."""

import json
import logging
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError, SourceUnavailable, nearest
from corpuscope.sampling.source import Shard
from corpuscope.sampling.sources import hub_client
from corpuscope.sampling.sources.hub_cache import digest, keep

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
    coarse: bool = False
    """True for Parquet whose row groups are too large to fetch for one row."""


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
        shards = tuple(Shard(str(name), int(size)) for name, size in record["shards"])
        return Listing(str(record["revision"]), str(record["kind"]), shards, bool(record["coarse"]))
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
        "shards": [[shard.name, shard.bytes] for shard in listing.shards],
        "coarse": listing.coarse,
    }
    keep(_place(corpus, listing.revision, cache), json.dumps(record).encode())


def _place(corpus: Corpus, revision: str, cache: Path) -> Path:
    key = (hub_client.endpoint(), corpus.path, corpus.name or "", corpus.split, corpus.files or "", revision)
    return cache / "manifests" / f"{digest(*key)}.json"


def resolve(corpus: Corpus, revision: str | None) -> Listing:
    """Asks the Hub for the files of `corpus` at `revision`, None for the newest commit.

    Raises SourceUnavailable, AccessDenied, or CorpusError when there is no such dataset, split or file.
    """
    hub_client.install()
    from datasets import load_dataset_builder
    from datasets.exceptions import DatasetNotFoundError
    from huggingface_hub import HfFileSystem

    hub_client.to_root("datasets")
    files = {corpus.split: corpus.files} if corpus.files else None
    try:
        builder = load_dataset_builder(
            corpus.path, corpus.name if not files else None, data_files=files, revision=revision
        )
    except ConnectionError as error:
        raise SourceUnavailable(f"the Hub was not reached for dataset {corpus.path}: {error}") from error
    except (DatasetNotFoundError, FileNotFoundError) as error:
        raise CorpusError(f"dataset {corpus.path}: {error}", _where(corpus)) from error
    except ValueError as error:
        raise CorpusError(
            f"dataset {corpus.path}: {error}", "see the README's lines on --name and --split"
        ) from error
    found: dict[str, Any] = builder.config.data_files or {}
    if corpus.split not in found:
        raise CorpusError(f"dataset {corpus.path} has no split {corpus.split}", nearest(corpus.split, found))
    root = f"hf://datasets/{corpus.path}@{builder.hash}/"
    names = [str(url).removeprefix(root) for url in found[corpus.split]]
    kinds = Counter(kind for name in names if (kind := kind_of(name)))
    if not kinds:
        raise CorpusError(f"dataset {corpus.path} has no files of a known kind", f"known: {', '.join(KINDS)}")
    kind = kinds.most_common(1)[0][0]
    # The very file system `datasets` has just listed the folders with, so sizes cost no request.
    files_of = HfFileSystem(endpoint=hub_client.endpoint(), token=None)
    shards = tuple(Shard(name, files_of.info(root + name)["size"]) for name in names if kind_of(name) == kind)
    return Listing(builder.hash, kind, shards)


def _where(corpus: Corpus) -> str:
    return f"see {hub_client.endpoint()}/datasets/{corpus.path}/tree/main for its files"
