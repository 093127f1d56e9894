"""Sinks for a drawn sample: a stream, or a file that grows by document and ends as JSON lines or Parquet."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Protocol

from corpuscope.domain.document import Document
from corpuscope.errors import CorpuscopeError, UsageError, require_folder
from corpuscope.files import reason, replacing, stream_of
from corpuscope.sampling.document_records import (
    SampleProvenance,
    from_line,
    json_line,
    recover,
    to_line,
    write_jsonl,
    write_parquet,
)
from corpuscope.sampling.draws import ShardRow
from corpuscope.text.safe_json import is_utf8

FORMATS: Mapping[str, Callable[[BinaryIO, Iterator[Document], SampleProvenance], None]] = MappingProxyType(
    {"jsonl": write_jsonl, "parquet": write_parquet}
)
"""The writer of each format, by its name on the command line."""


@dataclass(frozen=True, slots=True)
class PartialSample:
    """The partial sample of an interrupted run."""

    draws: frozenset[int] = frozenset()
    """Draws whose documents it holds."""
    taken: frozenset[ShardRow] = frozenset()
    """Locations of its documents that are substitutes."""
    revision: str | None = None
    """The revision of its documents; None when it has none."""


class SampleSink(Protocol):
    """Receives a sample document by document, in draw order."""

    def resume(self, identity: str) -> PartialSample:
        """Return what an interrupted run left of the sample with this identity."""
        ...

    def add(self, document: Document, provenance: SampleProvenance) -> None:
        """Append a document."""
        ...

    def finish(self, end: int, provenance: SampleProvenance) -> None:
        """Complete the sample with the draws before `end`."""
        ...


class SampleStream:
    """Writes JSON lines to an open stream called `name`; an interrupted run cannot be resumed."""

    def __init__(self, stream: BinaryIO, name: str = "standard output") -> None:
        self._stream = stream
        self._name = name
        self.replaced = 0
        """Documents that were written with U+FFFD in place of lone surrogates."""

    def resume(self, identity: str) -> PartialSample:  # noqa: ARG002  a stream has no past
        """Return an empty partial sample."""
        return PartialSample()

    def add(self, document: Document, provenance: SampleProvenance) -> None:
        """Write and flush one line. Raises BrokenPipeError, and CorpuscopeError when the stream cannot be written."""
        self.replaced += not is_utf8(document.text)
        try:
            self._stream.write(json_line(document, provenance))
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise CorpuscopeError(f"{self._name}: {reason(error)}", "make room there") from error

    def finish(self, end: int, provenance: SampleProvenance) -> None:
        """Do nothing, since every line is flushed already."""


class SampleFile:
    """Writes the file at `path` in one of `FORMATS`; while it grows, its documents are in `path`.partial."""

    def __init__(self, path: Path, form: str) -> None:
        self.path = path
        self.partial = path.with_name(f"{path.name}.partial")
        self._write = FORMATS[form]
        self.replaced = 0
        """See `SampleStream`."""

    def resume(self, identity: str) -> PartialSample:
        """Return what an interrupted run left, without its torn last line; start a new partial file if there is none.

        Raises UsageError when the partial file is of another `identity`, when the file exists already, and
        when it cannot be written.
        """
        if self.path.exists():
            raise UsageError(f"{self.path} is there already", "choose another name, or remove it")
        require_folder(self.path.parent, "make it, or name another file")
        try:
            return self._resumed(json.dumps({"sample": identity}).encode() + b"\n")
        except OSError as error:
            message = f"{self.partial} cannot be used: {reason(error)}"
            raise UsageError(message, "choose another name, in a folder that can be written") from error

    def _resumed(self, header: bytes) -> PartialSample:
        data = self.partial.read_bytes() if self.partial.exists() else b""
        if not header.startswith(data[: len(header)]):
            raise UsageError(f"{self.partial} belongs to another sample", "choose another name, or remove it")
        documents = recover(self.partial, data, header)
        return PartialSample(
            frozenset(document.draw for document in documents),
            frozenset(ShardRow(d.address.shard, d.address.row) for d in documents if d.attempt),
            documents[0].address.revision if documents else None,
        )

    def add(self, document: Document, provenance: SampleProvenance) -> None:  # noqa: ARG002  written at the end
        """Append a document, which then survives the process. Raises CorpuscopeError when it cannot be written."""
        try:
            with self.partial.open("ab") as file:
                file.write(to_line(document))
        except OSError as error:
            raise self._unwritable(error) from error

    def finish(self, end: int, provenance: SampleProvenance) -> None:
        """Write the draws before `end` atomically, then remove the partial file.

        Raises CorpuscopeError when the file cannot be written; the partial file then stays.
        """
        self.replaced = 0
        documents = self._counted(document for document in self._documents() if document.draw < end)
        try:
            with replacing(Path(os.path.realpath(self.path))) as descriptor, stream_of(descriptor) as stream:
                self._write(stream, documents, provenance)
            self.partial.unlink()
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> CorpuscopeError:
        return CorpuscopeError(
            f"{self.path} cannot be written: {reason(error)}",
            f"the documents so far are kept in {self.partial}: make room, then run the same command again",
        )

    def _counted(self, documents: Iterable[Document]) -> Iterator[Document]:
        for document in documents:
            self.replaced += not is_utf8(document.text)
            yield document

    def _documents(self) -> Iterator[Document]:
        with self.partial.open("rb") as file:
            for line in file:
                document = from_line(line)
                if document is not None:
                    yield document
