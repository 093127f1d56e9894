"""The steps of the pipeline: read a corpus, score its documents, write the scores and the texts to keep."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep

from corpuscope.config.settings import default_paths
from corpuscope.corpora.corpus_files import stream_file
from corpuscope.domain.document import join_sections
from corpuscope.errors import UsageError
from corpuscope.file_cache import writable_folder
from corpuscope.learning.features import features_of
from corpuscope.scale.counts import FileCounts
from corpuscope.scale.run_folder import Run, RunFolder, kept_name, rows_name
from corpuscope.text.safe_json import without_surrogates

if TYPE_CHECKING:
    from numpy.typing import NDArray

BATCH = 256
"""Documents that are scored together, at most ..."""

BATCH_CHARACTERS = 8 << 20
"""... and characters of their texts, but for a single longer one."""

_ROWS = 1 << 16
"""Rows of a row group of scores."""

_GROUP_BYTES = 64 << 20
"""Bytes of a row group, which texts may reach with fewer rows."""

Documents = Iterator[Document]


class ReadCorpus(PipelineStep):
    """Yield every document of a rank's files with its address, in stored order, empty ones too."""

    type = "📖 - READER"
    name = "corpus"

    def __init__(self, folder: str) -> None:
        """Read what the run in `folder` lists."""
        super().__init__()
        self.folder = folder

    def run(self, data: Documents | None = None, rank: int = 0, world_size: int = 1) -> Documents:  # noqa: ARG002
        """Yield the documents of rank `rank` of `world_size`. Raises CorpusError and SourceUnavailable."""
        run = RunFolder(self.folder).run()
        cache = writable_folder(default_paths().cache)
        heads = run.listed.prefix_rows or 0
        for file in run.files_of(rank, world_size):
            self.stat_update("files")
            for number, row in enumerate(stream_file(run.listed, file, cache)):
                text, _ = join_sections(row.text)
                facts = {"shard": file.name, "row": number, "tokens": row.tokens, "is_head": number < heads}
                self.stat_update("documents")
                yield Document(text, f"{file.name}#{number}", metadata=facts)


class ScoreDocuments(PipelineStep):
    """Add the classifier's scores to every document."""

    type = "🔍 - CLASSIFIER"
    name = "scores"

    def __init__(self, folder: str) -> None:
        """Use the classifier of the run in `folder`, which is loaded where the step runs."""
        super().__init__()
        self.folder = folder

    def run(self, data: Documents, rank: int = 0, world_size: int = 1) -> Documents:  # noqa: ARG002
        """Yield the documents with `scores`, an entry per category, in their metadata."""
        model = RunFolder(self.folder).model()
        for batch in batches(data):
            with self.track_time("batch"):
                scores = model.predict(features_of(document.text for document in batch))
            for document, row in zip(batch, scores, strict=True):
                document.metadata["scores"] = row
            yield from batch


class WriteScores(PipelineStep):
    """Write a row per document, the texts that the rule of the run keeps, and at last the counts of every file."""

    type = "💽 - WRITER"
    name = "scores"

    def __init__(self, folder: str) -> None:
        """Write into the folder of the run."""
        super().__init__()
        self.folder = folder

    def run(self, data: Documents, rank: int = 0, world_size: int = 1) -> Documents:
        """Yield the documents on. The rank counts as finished only once everything is on disk. Raises OSError."""
        folder = RunFolder(self.folder)
        run, rule = folder.run(), folder.rule()
        categories = folder.model().categories
        column = categories.index(rule.category) if rule else 0
        files = {
            file.name: FileCounts.empty(file.name, len(categories)) for file in run.files_of(rank, world_size)
        }
        schema = _schema(run, categories)
        with ExitStack() as stack:
            stream = stack.enter_context(folder.writing(rows_name(rank)))
            rows = stack.enter_context(_Table(stream, schema))
            kept = None
            if rule:
                stream = stack.enter_context(folder.writing(kept_name(rank)))
                with_text = schema.append(pa.field("text", pa.string()))
                kept = stack.enter_context(_Table(stream, with_text))
            for batch in batches(data):
                scores = np.array([document.metadata["scores"] for document in batch])
                keeps = rule.keeps(scores[:, column]) if rule else np.zeros(len(batch), bool)
                _count(files, batch, scores, keeps)
                table = _table(batch, scores, categories, schema)
                rows.add(table)
                if kept is not None and keeps.any():
                    texts = [without_surrogates(d.text) for d, keep in zip(batch, keeps, strict=True) if keep]
                    chosen = table.filter(pa.array(keeps))
                    kept.add(chosen.append_column("text", pa.array(texts, pa.string())))
                yield from batch
        folder.write_counts(rank, list(files.values()))


def batches(documents: Documents) -> Iterator[list[Document]]:
    """Yield the documents in lists that are bounded in number and in characters."""
    batch: list[Document] = []
    characters = 0
    for document in documents:
        batch.append(document)
        characters += len(document.text)
        if len(batch) == BATCH or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def pipeline(folder: str) -> list[PipelineStep]:
    """Return the steps of the run in a folder."""
    return [ReadCorpus(folder), ScoreDocuments(folder), WriteScores(folder)]


def _schema(run: Run, categories: tuple[str, ...]) -> Any:  # noqa: ANN401  pyarrow publishes no types
    """Return the columns of a row: address, label, scores and sizes."""
    corpus = run.listed.corpus
    facts = {
        "dataset": corpus.path,
        "name": corpus.name,
        "split": corpus.split,
        "revision": run.listed.revision,
    }
    words = pa.dictionary(pa.int32(), pa.string())
    return pa.schema(
        [
            pa.field("shard", words),
            pa.field("row", pa.int64()),
            pa.field("label", words),
            *(pa.field(f"score_{category}", pa.float16()) for category in categories),
            pa.field("characters", pa.int64()),
            pa.field("tokens", pa.int64()),
        ],
        metadata={"corpuscope": json.dumps(facts)},
    )


def _table(
    batch: list[Document],
    scores: NDArray[np.float64],
    categories: tuple[str, ...],
    schema: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    names = pa.array(categories, pa.string())
    shards = pa.array([without_surrogates(document.metadata["shard"]) for document in batch], pa.string())
    columns = [
        shards.dictionary_encode(),
        pa.array([document.metadata["row"] for document in batch], pa.int64()),
        pa.DictionaryArray.from_arrays(scores.argmax(axis=1).astype(np.int32), names),
        *(pa.array(column) for column in scores.T.astype(np.float16)),
        pa.array([len(document.text) for document in batch], pa.int64()),
        pa.array([document.metadata["tokens"] for document in batch], pa.int64()),
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _count(
    files: dict[str, FileCounts], batch: list[Document], scores: NDArray[np.float64], keeps: NDArray[np.bool_]
) -> None:
    """Add a batch to the counts of its files, of which there are seldom two."""
    shards = np.array([document.metadata["shard"] for document in batch], dtype=object)
    for shard in dict.fromkeys(shards):
        own = np.flatnonzero(shards == shard)
        facts = [batch[position].metadata for position in own]
        begin = files[shard].documents
        if [fact["row"] for fact in facts] != list(range(begin, begin + len(own))):
            raise UsageError(
                f"not every document of {shard} after row {begin:,} reaches the step that writes",
                "leave out what drops or reorders documents before it: the counts are of all",
            )
        files[shard].add(
            scores[own],
            [len(batch[position].text) for position in own],
            [fact["tokens"] for fact in facts],
            keeps[own],
            np.array([fact["is_head"] for fact in facts]),
        )


class _Table:
    """A Parquet file that is written in large row groups from small tables."""

    def __init__(self, stream: Any, schema: Any) -> None:  # noqa: ANN401
        self._writer = pq.ParquetWriter(stream, schema, compression="zstd")
        self._tables: list[Any] = []
        self._rows = self._bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Write the rest and the footer; after an error the file is dropped anyway."""
        if kind is None:
            self._flush()
        self._writer.close()

    def add(self, table: Any) -> None:  # noqa: ANN401
        """Add rows, which are written once there are enough."""
        self._tables.append(table)
        self._rows += table.num_rows
        self._bytes += table.nbytes
        if self._rows >= _ROWS or self._bytes >= _GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        if self._tables:
            self._writer.write_table(pa.concat_tables(self._tables).unify_dictionaries())
        self._tables, self._rows, self._bytes = [], 0, 0
