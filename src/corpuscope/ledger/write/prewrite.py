"""Write a long document while it is being read, so that its label is fast however long the text is."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition, Thread
from typing import TYPE_CHECKING

from corpuscope.ledger.journal import DOCUMENT, encode_long

if TYPE_CHECKING:  # the prewriter is created before the first frame and used after it
    from corpuscope.domain.document import Document
    from corpuscope.ledger.event_record import Record

LONG = 1 << 16
"""Characters of the shortest text that is prewritten.

A shorter one is written with its label: the second fsync would cost a quick reader more than the text does.
"""


class DocumentPrewriter:
    """Writes the latest long document announced, in a thread that runs only while there is work."""

    def __init__(self, write: Callable[[str, bytes, Record], None]) -> None:
        """Call `write` with a document's id, its content line, and a record of the text's hash and length."""
        self._write = write
        self._changed = Condition()
        self._waiting: Document | None = None
        self._working: str | None = None
        self._thread: Thread | None = None

    def prepare(self, document: Document) -> None:
        """Queue a long `document` in place of one still queued. Non-blocking."""
        if len(document.text) < LONG:
            return
        with self._changed:
            self._waiting = document
            if self._thread is None:
                # Not a daemon: at exit the interpreter waits for the current line instead of cutting it off.
                self._thread = Thread(target=self._run, name="ledger-ahead")
                self._thread.start()

    def wait_for(self, document: Document) -> None:
        """Wait until `document` is neither queued nor being written."""
        if len(document.text) < LONG:
            return
        with self._changed:
            self._changed.wait_for(lambda: self._waiting is not document and self._working != document.id)

    def close(self) -> None:
        """Discard the queued document and wait for the one being written."""
        with self._changed:
            self._waiting = None
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        from corpuscope.ledger.event_record import content_of, measures

        try:
            while (document := self._next()) is not None:
                line = encode_long({DOCUMENT: document.id, **content_of(document)})
                self._write(document.id, line, {"sha256": document.sha256, **measures(document.text)})
        except BaseException:
            with self._changed:  # wake up waiters, which would wait forever for a dead thread
                self._waiting = self._working = self._thread = None
                self._changed.notify_all()
            raise

    def _next(self) -> Document | None:
        """Take the queued document; None ends the thread."""
        with self._changed:
            document, self._waiting = self._waiting, None
            self._working = None if document is None else document.id
            if document is None:
                self._thread = None
            self._changed.notify_all()
            return document
