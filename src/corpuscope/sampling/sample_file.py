"""A drawn sample on disk: it grows document by document, and at its end becomes JSON lines or Parquet."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Protocol

from corpuscope.domain.document import Document
from corpuscope.errors import CorpuscopeError, UsageError, require_folder
from corpuscope.sampling.document_records import (
    SampleProvenance,
    from_line,
    json_line,
    to_line,
    write_jsonl,
    write_parquet,
)
from corpuscope.sampling.draws import ShardRow

FORMATS: Mapping[str, Callable[[Path, Iterator[Document], SampleProvenance], None]] = MappingProxyType(
    {"jsonl": write_jsonl, "parquet": write_parquet}
)
"""What writes each format, by its name on the command line."""


@dataclass(frozen=True, slots=True)
class PartialSample:
    """What an interrupted run left behind."""

    draws: frozenset[int] = frozenset()
    """Draws whose documents it has."""
    taken: frozenset[ShardRow] = frozenset()
    """Places of those documents that stand in for others."""
    revision: str | None = None
    """The revision they were drawn at; None when there are none."""


class SampleSink(Protocol):
    """Where a sample goes, document by document in draw order."""

    def resume(self, identity: str) -> PartialSample:
        """What an interrupted run left of the sample called so."""
        ...

    def add(self, document: Document, provenance: SampleProvenance) -> None:
        """Takes one more document."""
        ...

    def finish(self, end: int, provenance: SampleProvenance) -> None:
        """All draws before `end` have been added."""
        ...


class SampleStream:
    """JSON lines into an open stream, one at a time; nothing is left behind to go on from."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def resume(self, identity: str) -> PartialSample:  # noqa: ARG002  there is nothing
        """Nothing."""
        return PartialSample()

    def add(self, document: Document, provenance: SampleProvenance) -> None:
        """Writes a line and flushes it. Raises BrokenPipeError, or CorpuscopeError when there is no room."""
        try:
            self._stream.write(json_line(document, provenance))
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise CorpuscopeError(f"standard output: {error.strerror or error}", "make room there") from error

    def finish(self, end: int, provenance: SampleProvenance) -> None:
        """Everything is written."""


class SampleFile:
    """The file at `path` in one of `FORMATS`, and beside it `path`.partial while it grows."""

    def __init__(self, path: Path, form: str) -> None:
        self.path = path
        self.partial = path.with_name(f"{path.name}.partial")
        self._write = FORMATS[form]

    def resume(self, identity: str) -> PartialSample:
        """What an interrupted run left, its torn tail cut off; a new partial file where there is nothing.

        Raises UsageError when that was a sample of another `identity`, the file is there already, or there can
        be none.
        """
        if self.path.exists():
            raise UsageError(f"{self.path} is there already", "choose another name, or remove it")
        require_folder(self.path.parent, "make it, or name another file")
        try:
            return self._resumed(json.dumps({"sample": identity}).encode() + b"\n")
        except OSError as error:
            message = f"{self.partial} cannot be used: {error.strerror or error}"
            raise UsageError(message, "choose another name, in a folder that can be written") from error

    def _resumed(self, mark: bytes) -> PartialSample:
        data = self.partial.read_bytes() if self.partial.exists() else b""
        if not mark.startswith(data[: len(mark)]):
            raise UsageError(f"{self.partial} belongs to another sample", "choose another name, or remove it")
        documents: list[Document] = []
        whole = len(mark)
        for line in data[len(mark) :].splitlines(keepends=True):
            document = from_line(line) if line.endswith(b"\n") else None
            if document is None:
                break
            documents.append(document)
            whole += len(line)
        if documents:
            os.truncate(self.partial, whole)
        else:
            self.partial.write_bytes(mark)
        return PartialSample(
            frozenset(document.draw for document in documents),
            frozenset(ShardRow(d.address.shard, d.address.row) for d in documents if d.attempt),
            documents[0].address.revision if documents else None,
        )

    def add(self, document: Document, provenance: SampleProvenance) -> None:  # noqa: ARG002  that is said at the end
        """Appends a document, which then outlives the process. Raises CorpuscopeError when there is no room."""
        try:
            with self.partial.open("ab") as file:
                file.write(to_line(document))
        except OSError as error:
            raise self._unwritable(error) from error

    def finish(self, end: int, provenance: SampleProvenance) -> None:
        """Writes the draws before `end`, whole or not at all, then removes the partial file.

        Raises CorpuscopeError when there is no room; the partial file then stays.
        """
        new = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            wanted = (document for document in self._documents() if document.draw < end)
            self._write(new, wanted, provenance)
            new.replace(self.path)
            self.partial.unlink()
        except OSError as error:
            raise self._unwritable(error) from error
        finally:
            new.unlink(missing_ok=True)

    def _unwritable(self, error: OSError) -> CorpuscopeError:
        return CorpuscopeError(
            f"{self.path} cannot be written: {error.strerror or error}",
            f"the documents so far are kept in {self.partial}: make room, then run the same command again",
        )

    def _documents(self) -> Iterator[Document]:
        with self.partial.open("rb") as file:
            for line in file:
                document = from_line(line)
                if document is not None:
                    yield document
