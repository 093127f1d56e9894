"""The pool of a corpus: the next draws of its plan, fetched for a classifier and kept beside the labels."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from corpuscope.domain.corpus import is_sample
from corpuscope.domain.document import MOST_CHARACTERS, NO_PROBABILITY, Document, is_probability
from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.files import Files, locked, reason, whole_file
from corpuscope.sampling.document_records import SampleProvenance, from_line, recover, to_line
from corpuscope.sampling.draws import ShardRow
from corpuscope.sampling.feed.status import FeedStatus
from corpuscope.sampling.plan import PlannedCorpus
from corpuscope.sampling.sample import draw_sample, sample_identity
from corpuscope.sampling.sample_file import PartialSample
from corpuscope.text.quantities import quantity
from corpuscope.text.safe_json import without_surrogates

BATCH = 256
"""Documents that are read together."""

_KEY = b"corpuscope.pool"
"""Key of the pool's identity in the metadata of its file."""

_SCHEMA = pa.schema(
    [
        ("document_id", pa.string()),
        ("draw", pa.int64()),
        ("attempt", pa.int32()),
        ("shard", pa.string()),
        ("row", pa.int64()),
        ("revision", pa.string()),
        ("probability", pa.float64()),
        ("tokens", pa.int64()),
        ("characters", pa.int64()),
        ("sha256", pa.string()),
        ("text", pa.string()),
    ]
)


class NoDrawsLeft(UsageError):
    """The corpus ends before the first draw of its pool."""


def pool_path(labels: Path, corpus: str) -> Path:
    """Return the file of a corpus's pool in a labels folder.

    It lies deeper than the files of labels, which everybody reads as `labels/*/*.parquet`.
    """
    return labels / "pool" / corpus / "draws.parquet"


@dataclass(frozen=True)
class Pool:
    """The pool of one corpus as it lies on disk, in the order of the draws."""

    path: Path
    """Its file."""
    identity: str
    """Corpus, seed and first draw, in words."""
    first: int
    """Draw of the plan with which it begins."""
    exhausted: bool
    """True when the corpus has no documents beyond it."""

    def __len__(self) -> int:
        return len(self.facts)

    @cached_property
    def facts(self) -> Any:  # noqa: ANN401  pyarrow publishes no type for a table
        """Table of everything but the texts. Raises UsageError when it is damaged or holds a document twice."""
        columns = [name for name in _SCHEMA.names if name != "text"]
        facts = _table(self.path, columns)
        for name in columns:
            if name != "tokens" and facts[name].null_count:
                raise _damaged(self.path, f"{name} is missing in {quantity(facts[name].null_count, 'row')}")
        if len(facts["document_id"].unique()) < len(facts):
            raise _damaged(self.path, "it holds documents twice")
        probabilities = facts["probability"].to_numpy()
        if not (
            is_probability(probabilities.min(initial=1)) and is_probability(probabilities.max(initial=1))
        ):
            raise _damaged(self.path, NO_PROBABILITY)
        return facts

    def texts(self) -> Iterator[list[str]]:
        """Yield the texts, at most `BATCH` at a time, each cut off at `MOST_CHARACTERS` characters.

        Raises UsageError when they are damaged.
        """
        try:
            with pq.ParquetFile(self.path, page_checksum_verification=True) as file:
                for batch in file.iter_batches(BATCH, columns=["text"]):
                    if batch["text"].null_count:
                        raise _damaged(
                            self.path, f"text is missing in {quantity(batch['text'].null_count, 'row')}"
                        )
                    yield batch["text"].to_pylist()
        except (pa.ArrowException, OSError) as error:
            raise _damaged(self.path, error) from error


def _table(path: Path, columns: list[str]) -> Any:  # noqa: ANN401
    """Read columns of a pool. Raises UsageError when they are damaged."""
    try:
        return pq.read_table(path, columns=columns, page_checksum_verification=True)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, reason: object) -> UsageError:
    words = str(reason).partition("\n")[0]
    return UsageError(f"{path} is damaged: {words}", "remove it; it is drawn again")


def find_pool(path: Path) -> Pool | None:
    """Return the pool in a file, None when there is none. Raises UsageError for a file that is no pool."""
    if not path.exists():
        return None
    try:
        schema = pq.read_schema(path)
        facts = json.loads((schema.metadata or {})[_KEY])
        pool = Pool(path, facts["sample"], facts["first"], facts["exhausted"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} is not a pool: {error}", "remove it; it is drawn again") from error
    sound = [type(facts[name]) for name in ("sample", "first", "exhausted")] == [str, int, bool]
    if not sound or pool.first < 0 or schema.remove_metadata() != _SCHEMA:
        raise UsageError(f"{path} is the pool of another version", "remove it; it is drawn again")
    return pool


def pools_of(labels: Path, corpora: Iterable[str]) -> dict[str, Pool]:
    """Return the pools that a labels folder has of these corpora. Raises UsageError for a file that is no pool."""
    pools = ((corpus, find_pool(pool_path(labels, corpus))) for corpus in corpora)
    return {corpus: pool for corpus, pool in pools if pool is not None}


def why_not_of_plan(pool: Pool, planned: PlannedCorpus | None, seed: int) -> str:
    """Say in a sentence why a pool does not hold the next draws of a plan; "" where it does.

    Labels and pool have to be drawn by one design: by the same seed, from the same revision, split and columns.
    """
    remedy = f"remove {pool.path} and draw it again"
    if planned is None:
        return f"the pool in {pool.path} is of a corpus that is not in the plan"
    key = planned.corpus.key
    if pool.identity != (identity := sample_identity(planned.corpus, seed, pool.first)):
        return f"the pool of {key} is of another plan ({pool.identity}; the plan says {identity}): {remedy}"
    revisions = set(pool.facts["revision"].unique().to_pylist())
    if planned.revision and not is_sample(planned.revision) and revisions - {planned.revision}:
        others = ", ".join(sorted(revisions - {planned.revision}))
        return f"the pool of {key} is of revision {others}, the plan of {planned.revision}: {remedy}"
    return ""


def draw_pool(
    planned: PlannedCorpus,
    path: Path,
    *,
    seed: int,
    first: int,
    size: int,
    cache_folder: Path,
    taken: Collection[ShardRow] = (),
    on_document: Callable[[int], None] = lambda _: None,
    on_status: Callable[[FeedStatus], None] = lambda _: None,
) -> Pool:
    """Draw until the pool in `path` holds `size` documents, and return it.

    A new pool begins with draw `first`; one that exists keeps its beginning and is extended. `taken` are the
    locations of substitutes among the labelled documents. After an interruption at any point the same call goes on;
    what was drawn is kept. `on_document` receives the number of documents, `on_status` why none arrives.

    Raises what `draw_sample` raises, and UsageError while another run draws the same pool and for a pool that is not
    of this plan.
    """
    present = find_pool(path)
    if present and (why_not := why_not_of_plan(present, planned, seed)):
        raise UsageError(why_not)
    if present and (present.exhausted or len(present) >= size):
        return present
    begin = present.first if present else first
    with _PoolSink(path, begin, frozenset(taken)) as sink:
        draw_sample(
            planned.corpus,
            sink,
            seed=seed,
            first=begin,
            count=size,
            cache_folder=cache_folder,
            revision=planned.revision,
            on_document=on_document,
            on_status=on_status,
        )
    pool = find_pool(path)
    if pool is None:
        raise NoDrawsLeft(
            f"all documents of {planned.corpus.key} are planned, from draw {begin:,} on there is none for a pool",
            "a corpus that is read whole needs no pool",
        )
    return pool


class _PoolSink:
    """Collects a pool: drawn documents are appended to a partial file, which becomes part of the pool at the end."""

    def __init__(self, path: Path, first: int, taken: frozenset[ShardRow]) -> None:
        self._path = path
        self._partial = path.with_suffix(".partial")
        self._first = first
        self._taken = taken
        self._identity = ""
        self._exhausted = False
        self._lock = ExitStack()

    def __enter__(self) -> Self:
        busy = f"another run is drawing {self._path} at the moment"
        try:
            Files().make_folder(self._path.parent)
            self._lock.enter_context(locked(self._path.with_suffix(".lock"), busy))
        except OSError as error:
            raise self._unwritable(error) from error
        return self

    def __exit__(self, *_: object) -> None:
        """Keep what was drawn, also after an error."""
        with self._lock:
            if self._identity:
                self._publish()

    def resume(self, identity: str) -> PartialSample:
        """Return the documents of the pool and of an interrupted run."""
        pool = find_pool(self._path)
        if pool is not None and pool.identity != identity:
            raise UsageError(
                f"{self._path} belongs to another plan ({pool.identity})", "remove it; it is drawn again"
            )
        self._exhausted = pool is not None and pool.exhausted
        rows = pool.facts.to_pylist() if pool is not None else []
        documents = self._interrupted(json.dumps({"sample": identity}).encode() + b"\n")
        rows += [_row(document) for document in documents]
        self._identity = identity
        own = frozenset(ShardRow(row["shard"], row["row"]) for row in rows if row["attempt"])
        revision = rows[0]["revision"] if rows else None
        return PartialSample(frozenset(row["draw"] for row in rows), own | self._taken, revision)

    def add(self, document: Document, provenance: SampleProvenance) -> None:  # noqa: ARG002
        """Append a document, which then survives the process. Raises CorpuscopeError when it cannot be written."""
        try:
            with self._partial.open("ab") as file:
                file.write(to_line(document))
        except OSError as error:
            raise self._unwritable(error) from error

    def finish(self, end: int, provenance: SampleProvenance) -> None:  # noqa: ARG002
        """Remember whether the corpus has documents beyond the pool."""
        draws = {document.draw for document in self._drawn()} | _draws_in(find_pool(self._path))
        self._exhausted = self._exhausted or len(draws) < end - self._first

    def _interrupted(self, header: bytes) -> list[Document]:
        """Return the documents of an interrupted run; one of another plan is dropped."""
        try:
            data = self._partial.read_bytes() if self._partial.exists() else b""
            return recover(self._partial, data, header)
        except OSError as error:
            raise self._unwritable(error) from error

    def _drawn(self) -> Iterator[Document]:
        """Yield the documents of the partial file."""
        with self._partial.open("rb") as file:
            for line in file:
                if (document := from_line(line)) is not None:
                    yield document

    def _publish(self) -> None:
        """Add the documents drawn to the pool's file, and remove the partial one."""
        pool = find_pool(self._path)
        published = _draws_in(pool)  # a run that was killed in between has left the partial file too
        new = [_row(document) for document in self._drawn() if document.draw not in published]
        if new or (pool is not None and pool.exhausted != self._exhausted):
            tables = [] if pool is None else [_table(pool.path, _SCHEMA.names)]
            tables.append(pa.Table.from_pylist(new, schema=_SCHEMA))
            facts = {"sample": self._identity, "first": self._first, "exhausted": self._exhausted}
            whole = pa.concat_tables([table.replace_schema_metadata(None) for table in tables])
            whole = whole.sort_by("draw").replace_schema_metadata({_KEY: json.dumps(facts)})
            with whole_file(self._path) as file:
                pq.write_table(
                    whole, file, compression="zstd", row_group_size=4 * BATCH, write_page_checksum=True
                )
        try:
            self._partial.unlink()
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> CorpuscopeError:
        return CorpuscopeError(
            f"{self._path} cannot be written: {reason(error)}",
            "make room, or make the folder writable, then run the same command again: it resumes from there",
        )


def _draws_in(pool: Pool | None) -> set[int]:
    """Return the draws whose documents a pool holds."""
    return set(pool.facts["draw"].to_pylist()) if pool else set()


def _row(document: Document) -> dict[str, object]:
    """Return the columns of a document."""
    return {
        "document_id": document.id,
        "draw": document.draw,
        "attempt": document.attempt,
        "shard": without_surrogates(document.address.shard),
        "row": document.address.row,
        "revision": document.address.revision,
        "probability": document.probability,
        "tokens": document.tokens,
        "characters": len(document.text),
        "sha256": document.sha256,
        "text": without_surrogates(document.text[:MOST_CHARACTERS]),
    }
