"""The ledger of a run: its labels folder, read by every command and written while it is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from corpuscope.config.settings import Paths
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.errors import CategoryFileError, LedgerError, LedgerNotWritable
from corpuscope.files import Files, reason
from corpuscope.ledger.folder import list_ledger
from corpuscope.ledger.write.writer import LedgerWriter
from corpuscope.session.run_tally import RunTally
from corpuscope.text.quantities import inflected, quantity

if TYPE_CHECKING:  # nothing that only a session needs is loaded before the first frame
    from corpuscope.domain.document import Document, StoredDocument
    from corpuscope.domain.label import Event
    from corpuscope.ledger.parquet_part import PartDamaged
    from corpuscope.ledger.read.decisions import Decisions
    from corpuscope.ledger.read.no_decisions import PastDecisions
    from corpuscope.ledger.read.reader import LedgerReader
    from corpuscope.ledger.read.search import Searched
    from corpuscope.session.event_recorder import EventSink

Made = TypeVar("Made")
"""What is made of a document."""

VERIFIED_BYTES = 200 << 20
"""Size of the parts, in bytes, up to which every start verifies them; about a second in the background."""


class EventWriter(Protocol):
    """Stores events, or refuses to; what a session needs of a `LedgerWriter`."""

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences for the screen."""
        ...

    @property
    def last_event_id(self) -> str | None:
        """Greatest event id of the folder, None when there is none."""
        ...

    def prepare(self, document: Document) -> None:
        """Make a later `append` for the document fast."""
        ...

    def append(self, event: Event) -> None:
        """Append an event durably. Raises LedgerError when it is not stored."""
        ...

    def close(self) -> None:
        """End the session."""
        ...


class RefusingWriter:
    """Refuses every event: the ledger is open to be looked at."""

    notices = ()
    last_event_id = None

    def __init__(self, refusal: LedgerError) -> None:
        """Refuse with `refusal`."""
        self._refusal = refusal

    def prepare(self, document: Document) -> None:
        """Do nothing."""

    def append(self, event: Event) -> None:  # noqa: ARG002 - whatever it is
        """Raise LedgerError."""
        raise self._refusal

    def close(self) -> None:
        """Do nothing."""


class TallyingWriter:
    """Counts the events that another writer stored."""

    def __init__(self, writer: EventSink, tally: RunTally) -> None:
        self._writer = writer
        self._tally = tally
        self.prepare = writer.prepare

    def append(self, event: Event) -> None:
        """Append an event durably, and count it. Raises LedgerError when it is not stored."""
        self._writer.append(event)
        self._tally.add(event)


class WriteSession(NamedTuple):
    """The ledger while it is open for writing."""

    id: str
    """Id of the session."""
    writer: EventWriter
    """Stores events."""
    sink: EventSink
    """The writer, behind a count of what this run stored."""
    ids: EventIds
    """Ids of new events, each greater than every one in the ledger."""


class Ledger:
    """Reads a labels folder, and writes to it within `opened`. Reading is thread-safe; methods block."""

    def __init__(
        self, paths: Paths, scheme: CategoryScheme, clock: Clock, files: Files | None = None
    ) -> None:
        """Read and write `paths.labels`; nothing is touched yet. `files` None means the file system."""
        self._paths = paths
        self._scheme = scheme
        self._clock = clock
        self._files = files or Files()
        self._reader_lock = Lock()
        self._session: WriteSession | None = None
        self._refusal: LedgerError | None = None
        self._shown_notices: tuple[str, ...] = ()
        self._scores: dict[str, dict[str, float | None]] = {}
        self.tally = RunTally()
        """What was stored in this run."""
        self.late_notices: tuple[str, ...] = ()
        """Notices that came after `notices` was last called, known once the ledger is closed."""

    @contextmanager
    def opened(self, annotator: str | None = None, *, to_look: bool = False) -> Iterator[None]:
        """Open the ledger for writing; leaving the context compacts and closes it.

        With an `annotator` no other process labels as that one meanwhile. Raises LedgerError when the ledger
        cannot be written. With `to_look` an existing one that this run may not write is opened all the same, and
        every event is refused.
        """
        session = EventIds(self._clock).next()
        writer: EventWriter
        try:
            writer = LedgerWriter.open(
                self._paths.labels, session, self._clock, annotator=annotator, files=self._files
            )
        except LedgerNotWritable as refusal:
            if not to_look or not self._paths.labels.is_dir():
                raise
            self._refusal, writer = refusal, RefusingWriter(refusal)
        sink = TallyingWriter(writer, self.tally)
        self._session = WriteSession(session, writer, sink, EventIds(self._clock, after=writer.last_event_id))
        try:
            yield
        finally:
            writer.close()
            self._session = None
            self.late_notices = tuple(
                notice for notice in writer.notices if notice not in self._shown_notices
            )

    @property
    def only_to_look(self) -> str:
        """The sentence that says why the ledger was opened only to be looked at; "" when it was not."""
        return f"open to look only: {self._refusal.message}" if self._refusal else ""

    def check_writable(self) -> None:
        """Raise LedgerError when the ledger was opened only to be looked at."""
        if self._refusal is not None:
            raise self._refusal

    @property
    def session(self) -> WriteSession:
        """The open ledger; only within `opened`."""
        assert self._session is not None, "only within `opened`"
        return self._session

    def notices(self) -> tuple[str, ...]:
        """Return sentences on what was recovered, set aside or left out, for the screen; within `opened`."""
        self._shown_notices = (*self.session.writer.notices, *self.problems)
        return self._shown_notices

    @cached_property
    def _reader(self) -> LedgerReader:
        from corpuscope.ledger.read.reader import LedgerReader

        return LedgerReader(self._paths.labels, self._set_aside)

    def _set_aside(self, path: Path, damage: PartDamaged) -> list[str]:
        from corpuscope.ledger.write.publishing import quarantine

        return quarantine(self._paths.labels, path, damage)

    def decisions(self) -> Decisions:
        """Read the ledger. Raises LedgerError, and CategoryFileError for labels of unknown categories."""
        with self._reader_lock:
            decisions = self._reader.read()
        if unknown := decisions.unknown(self._scheme):
            where = self._paths.categories or "the built-in categories"
            lines = [
                f"{where}: {quantity(count, 'label')} {inflected(count, 'says', 'say')} {name!r}, "
                "which is not a category now"
                for name, count in unknown.items()
            ]
            hint = "bring it back, name it under `formerly:` of the one that took over, or under `split:`"
            raise CategoryFileError("\n".join(lines), hint)
        return decisions

    def past_decisions(self) -> PastDecisions:
        """Read what a session needs of the decisions so far. Raises like `decisions`."""
        from corpuscope.ledger.read.no_decisions import NoDecisions, is_without_events

        with suppress(OSError):  # reading the decisions explains it
            if is_without_events(self._paths.labels):
                return NoDecisions()
        return self.decisions()

    @property
    def problems(self) -> tuple[str, ...]:
        """Why nothing can be written, and problems of the last reading of the ledger, in sentences."""
        read = self._reader.problems if "_reader" in vars(self) else ()  # the reader loads numpy
        return (*filter(None, [self.only_to_look]), *read)

    def document(self, event_id: str) -> Document:
        """Return the document of an event."""
        with self._reader_lock:
            return self._reader.document(event_id)

    def documents(self, event_ids: Iterable[str]) -> Iterator[StoredDocument]:
        """Yield the documents of many events in order, read in bulk. Only for commands: it takes no lock."""
        return self._reader.documents(event_ids)

    def whole_document(self, event_id: str) -> Document | None:
        """Return the document of an event, None when damage took its text."""
        try:
            return self.document(event_id)
        except LedgerError:
            return None

    def texts(self, event_ids: Sequence[str]) -> list[str | None]:
        """Return the text of each event, None for one that damage took."""
        return self.each_document(event_ids, lambda document: document.text)

    def each_document(
        self, event_ids: Sequence[str], made_of: Callable[[StoredDocument], Made]
    ) -> list[Made]:
        """Return what `made_of` makes of the document of each event. Raises LedgerError for an unknown event."""
        with self._reader_lock:
            return [made_of(document) for document in self._reader.documents(event_ids)]

    def scores(self, event_ids: Sequence[str], column: str) -> list[float | None]:
        """Return the number in a column of the corpus for the document of each event; None where there is none.

        Each document is read once in the life of the ledger, since its whole record has to be read.
        """
        from corpuscope.domain.document import number_of

        scores = self._scores.setdefault(column, {})
        missing = [event_id for event_id in event_ids if event_id not in scores]
        read = self.each_document(missing, lambda document: number_of(document.metadata.get(column)))
        scores.update(zip(missing, read, strict=True))
        return [scores[event_id] for event_id in event_ids]

    def search(self, needle: str) -> Iterator[Searched]:
        """Search all texts for a string, in steps; may be abandoned at any time. Raises LedgerError."""
        from corpuscope.ledger.read.search import search

        return search(self._paths.labels, needle)

    def verify(self) -> tuple[str, ...]:
        """Read every byte of the parts and set damaged ones aside; return a sentence for each problem.

        Counting reads only some columns and would notice a damaged text late. Ledgers of more than
        VERIFIED_BYTES are left to `corpuscope ledger check`. The modules of compaction are loaded on the way, so
        that no key waits a fifth of a second for them. Raises LedgerError.
        """
        from corpuscope.ledger.parquet_schema import to_table
        from corpuscope.ledger.write.compaction import set_damaged_aside

        to_table(())
        folder = self._paths.labels
        try:
            if sum(part.stat().st_size for part in list_ledger(folder).parts) > VERIFIED_BYTES:
                return ()
            return tuple(set_damaged_aside(folder, self._files))
        except OSError as fault:
            raise LedgerError(f"{folder} cannot be read: {reason(fault)}") from fault
