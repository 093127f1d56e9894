"""Append events to a ledger durably, or refuse them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self

from corpuscope.domain.clock import Clock
from corpuscope.domain.corpus import is_safe_name
from corpuscope.errors import LedgerError
from corpuscope.files import Files, explained
from corpuscope.ledger.folder import EVENT_ID, belongs_to, journal_path, last_event_of_parts
from corpuscope.ledger.journal import DOCUMENT, VERSION, Journal, encode
from corpuscope.ledger.write.annotator_lock import AnnotatorLock
from corpuscope.ledger.write.background import BackgroundCompaction, take_over_dead_journals
from corpuscope.ledger.write.prewrite import DocumentPrewriter

if (
    TYPE_CHECKING
):  # a folder is opened before the first frame, but no event is created before the first document
    from corpuscope.domain.document import Document
    from corpuscope.domain.label import Event
    from corpuscope.ledger.event_record import Record

EVENTS_A_JOURNAL = 200
"""Number of events after which a journal is full: it becomes a part, and a new journal is created."""
BYTES_A_JOURNAL = 64 << 20
"""Number of bytes after which a journal is full, so that compacting huge documents needs little memory."""
_EVENT_ID = re.compile(EVENT_ID)


class LedgerWriter:
    """Writes the events of one session to a ledger."""

    def __init__(self, folder: Path, session: str, clock: Clock, files: Files, events_a_journal: int) -> None:
        """Use `open`."""
        self._folder = folder
        self._session = session
        self._clock = clock
        self._files = files
        self._events_a_journal = events_a_journal
        self._lock = Lock()
        self._notices: list[str] = []
        self._compaction = BackgroundCompaction(folder, files, self._notices.append)
        self._prewriter = DocumentPrewriter(self._prewrite)
        self._segment = 0
        self._journal: Journal | None = None
        self._last_event_id: str | None = None
        self._annotator_lock: AnnotatorLock | None = None

    @classmethod
    def open(
        cls,
        folder: Path,
        session: str,
        clock: Clock,
        *,
        annotator: str | None = None,
        files: Files | None = None,
        events_a_journal: int = EVENTS_A_JOURNAL,
    ) -> Self:
        """Open a session in `folder`, which is created when missing.

        When this returns, the folder has been written to and fsynced, and the journals of dead sessions are
        being compacted. `session` becomes a file name: letters, digits, dot, dash, underscore. With an
        `annotator` no other process labels as that one meanwhile. Raises LedgerNotWritable when the folder is
        read-only or another process labels as the annotator, and LedgerError when the folder cannot be written
        for another reason or the session is open in another process.
        """
        if not is_safe_name(session):
            raise LedgerError(
                f"{session!r} cannot name a session", "use letters, digits, dot, dash and underscore"
            )
        writer = cls(folder, session, clock, files or Files(), events_a_journal)
        try:
            writer._start(annotator)
        except OSError as error:
            raise explained(error, folder, "labels cannot be kept here") from error
        return writer

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences for the screen on what was recovered, cut or set aside so far."""
        return tuple(self._notices)

    @property
    def last_event_id(self) -> str | None:
        """Greatest event id of the folder at opening and of this session, None when there is none.

        Ids created after it keep rising even when the clock is set back.
        """
        return self._last_event_id

    def prepare(self, document: Document) -> None:
        """Make a later `append` for the document fast, however long its text is. Non-blocking; never raises.

        Long content is prewritten while the document is being read, and dropped at compaction when no event
        follows. Without this call, or when the disk refuses it, `append` is only slower.
        """
        self._prewriter.prepare(document)

    def append(self, event: Event) -> None:
        """Append an event durably.

        Raises LedgerError when the event could not be made durable. It is not in the ledger then, and the
        same event may be appended again when the cause is gone.
        """
        if not is_safe_name(event.document.corpus):
            raise LedgerError(
                f"{event.document.corpus!r} cannot name a corpus",
                "use letters, digits, dot, dash and underscore",
            )
        _check_ids(event)
        self._prewriter.wait_for(event.document)
        with self._lock:
            self._append(event)
            self._last_event_id = max(self._last_event_id or "", event.id)
            if self._is_full():
                self._rotate()

    def close(self) -> None:
        """End the session: compact its journal into parts and merge small parts.

        Never raises for a full or failing disk: the journal stays then, a notice says so, and the next
        session compacts it. Closing twice does nothing.
        """
        self._prewriter.close()
        with self._lock:
            journal, self._journal = self._journal, None
        if journal is None:
            return
        wrote = journal.events > 0 or self._segment > 1
        if journal.events:
            self._compaction.submit(journal)
        else:
            try:
                journal.remove()
            except OSError as error:
                self._notices.append(str(explained(error, journal.path, "the empty journal was not removed")))
        self._compaction.finish(merge=wrote)
        if self._annotator_lock is not None:
            self._annotator_lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self, annotator: str | None) -> None:
        self._files.make_folder(self._folder)
        with ExitStack() as on_error:
            if annotator is not None:
                self._annotator_lock = AnnotatorLock.take(self._folder, annotator, self._files)
                on_error.callback(self._annotator_lock.release)
            leftover = take_over_dead_journals(self._folder, self._files)
            for journal in leftover.journals:
                on_error.callback(journal.release)
            if any(belongs_to(path, self._session) for path in leftover.live):
                raise LedgerError(f"session {self._session} is open in another process in {self._folder}")
            last_in_parts = last_event_of_parts(self._folder)
            self._journal = self._new_journal()
            on_error.pop_all()
        self._last_event_id = max(filter(None, (leftover.last_event, last_in_parts)), default=None)
        self._notices += leftover.notices
        for journal in leftover.journals:
            self._compaction.submit(journal)

    def _append(self, event: Event) -> None:
        if self._journal is None:
            raise LedgerError("the session is closed: nothing more can be written", "open the ledger again")
        try:
            if not self._journal.writable and not self._journal.detached:
                self._replace_journal()
            self._journal.append(self._line(event, self._journal.prewritten))
        except OSError as error:
            if self._journal.detached:
                raise LedgerError(
                    f"not saved: {self._journal.path} was removed or moved while it was open",
                    "put the labels folder back and label again, or leave: its other labels are saved again then",
                ) from error
            raise explained(error, self._folder, "not saved") from error

    def _line(self, event: Event, prewritten: Mapping[str, Record]) -> bytes:
        """Encode the line of `event`, without content that its journal already has in a content line."""
        from corpuscope.ledger.event_record import act_of, drawing_of, to_record

        document = event.document
        measured = prewritten.get(document.id) if prewritten else None
        if measured is None or measured["sha256"] != document.sha256:
            return encode(to_record(event))
        return encode(act_of(event) | drawing_of(document) | {DOCUMENT: document.id, **measured})

    def _prewrite(self, document_id: str, line: bytes, measured: Record) -> None:
        with self._lock, suppress(OSError):
            if (
                self._journal is not None
                and self._journal.writable
                and document_id not in self._journal.prewritten
            ):
                self._journal.append_document(document_id, line, measured)

    def _is_full(self) -> bool:
        journal = self._journal
        return journal is not None and (
            journal.events >= self._events_a_journal or journal.size >= BYTES_A_JOURNAL
        )

    def _rotate(self) -> None:
        try:
            self._replace_journal()
        except OSError:
            # The event is durable and acknowledged. The old journal may grow on; the next event tries again.
            return

    def _replace_journal(self) -> None:
        """Create a new journal and submit the old one for compaction; an OSError leaves the old in use."""
        old, self._journal = self._journal, self._new_journal()
        assert old is not None
        self._compaction.submit(old)

    def _new_journal(self) -> Journal:
        header = {"ledger": VERSION, "session": self._session, "opened": self._clock.now().isoformat()}
        while True:
            path = journal_path(self._folder, self._session, self._segment + 1)
            try:
                journal = Journal.create(path, header, self._files)
            except FileExistsError:
                self._segment += 1
            else:
                self._segment += 1
                return journal


def _check_ids(event: Event) -> None:
    """Raise ValueError for a malformed id: readers hold ids as numbers."""
    from corpuscope.domain.label import EventKind

    if event.kind is EventKind.UNDO and event.target is None:
        raise ValueError("an undo has no target")
    for event_id in (event.id, event.target):
        if event_id is not None and not _EVENT_ID.fullmatch(event_id):
            raise ValueError(f"{event_id!r} is not an event id")
