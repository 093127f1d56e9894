"""What is done about a document while it is being read, so that its label is quick however long the text is."""

from contextlib import suppress
from threading import Condition, Thread
from typing import TYPE_CHECKING

from corpuscope.ledger.journal import DOCUMENT, encode_fields, encode_long

if TYPE_CHECKING:  # made before the first frame, used after it
    from collections.abc import Callable

    from corpuscope.domain.document import Document
    from corpuscope.ledger.event_record import Record

LONG = 1 << 16
"""Characters of the shortest text written ahead; the fields of a shorter one are only encoded ahead."""


class DocumentPrewriter:
    """Prepares one document at a time, the latest one asked for; a thread lives only while there is one."""

    def __init__(self, write: "Callable[[str, bytes, Record], None]") -> None:
        """`write` takes a document's id, the line of its content, and what the text's hash and length are."""
        self._write = write
        self._changed = Condition()
        self._waiting: Document | None = None
        self._working: str | None = None
        self._thread: Thread | None = None
        self._encoded: tuple[Document, bytes] | None = None

    def prepare(self, document: "Document") -> None:
        """Prepares `document`, soon when it is long. Returns at once."""
        from corpuscope.ledger.event_record import document_fields

        if len(document.text) < LONG:
            with suppress(ValueError):  # its label will say so
                self._encoded = document, encode_fields(document_fields(document))
            return
        with self._changed:
            self._waiting = document
            if self._thread is None:
                # Not a daemon: at exit the interpreter waits for the line in work, it does not cut it off.
                self._thread = Thread(target=self._run, name="ledger-ahead")
                self._thread.start()

    def fields(self, document: "Document") -> bytes:
        """The encoded fields of `document`. Raises ValueError for what JSON cannot hold."""
        if self._encoded is not None and self._encoded[0] is document:
            return self._encoded[1]
        from corpuscope.ledger.event_record import document_fields

        return encode_fields(document_fields(document))

    def wait_for(self, document: "Document") -> None:
        """Returns when `document` is neither in work nor waiting: it was prepared, or will not be."""
        if len(document.text) < LONG:
            return
        with self._changed:
            self._changed.wait_for(lambda: self._waiting is not document and self._working != document.id)

    def close(self) -> None:
        """Returns when nothing is in work any more; what was waiting is given up."""
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
            with self._changed:  # nobody may wait for a thread that has died
                self._waiting = self._working = self._thread = None
                self._changed.notify_all()
            raise

    def _next(self) -> "Document | None":
        """What is to be prepared now; with None the thread has ended."""
        with self._changed:
            document, self._waiting = self._waiting, None
            self._working = None if document is None else document.id
            if document is None:
                self._thread = None
            self._changed.notify_all()
            return document
