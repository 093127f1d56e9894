"""A background loader of documents from the ledger, and the queue of documents to relabel."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from corpuscope.domain.document import Document
from corpuscope.sampling.feed.status import FeedState, FeedStatus

AHEAD = 4
"""Number of documents kept loaded; an annotator takes seconds for one, loading takes milliseconds."""


class DocumentLoader:
    """Loads the documents of events in a thread of its own."""

    def __init__(self, load: Callable[[str], Document], on_change: Callable[[], None]) -> None:
        """Create a loader, to be started later.

        `load` returns the document of an event, or raises CorpuscopeError or OSError. `on_change` is called
        from the thread whenever a document was loaded; it must be cheap.
        """
        self._load = load
        self._on_change = on_change
        self._wanted: tuple[str, ...] = ()
        self._loaded: dict[str, Document | None] = {}
        self._closed = False
        self._changed = threading.Condition()

    def start(self) -> None:
        """Start loading. Non-blocking."""
        threading.Thread(target=self._work, name="document loader", daemon=True).start()

    def close(self) -> None:
        """Stop loading. Non-blocking."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def want(self, event_ids: Sequence[str]) -> None:
        """Set the events whose documents are needed next, in order; all other documents are dropped."""
        with self._changed:
            self._wanted = tuple(event_ids[:AHEAD])
            self._loaded = {key: self._loaded[key] for key in self._wanted if key in self._loaded}
            self._changed.notify_all()

    def get(self, event_id: str) -> Document | None:
        """Return the document of an event; None while it is not loaded."""
        with self._changed:
            return self._loaded.get(event_id)

    def lost(self, event_id: str) -> bool:
        """Return whether the text of an event cannot be loaded any more."""
        with self._changed:
            return event_id in self._loaded and self._loaded[event_id] is None

    def _work(self) -> None:
        while (event_id := self._next()) is not None:
            document: Document | None
            try:
                document = self._load(event_id)
            except Exception as error:  # noqa: BLE001  a thread has no caller, and one that died would be waited for
                logging.getLogger(__name__).warning("event %s: %r", event_id, error)
                document = None  # the ledger reports the damage; the queue goes on without the document
            with self._changed:
                self._loaded[event_id] = document
            self._on_change()

    def _next(self) -> str | None:
        """Wait for an event whose document is to be loaded; None when closed."""
        with self._changed:
            while not self._closed:
                for event_id in self._wanted:
                    if event_id not in self._loaded:
                        return event_id
                self._changed.wait()
        return None


class RelabelQueue:
    """A feed of documents that were labelled before, in a given order. It needs no network."""

    def __init__(self, event_ids: Sequence[str], loader: DocumentLoader) -> None:
        self._remaining = list(event_ids)
        self._loader = loader

    @property
    def status(self) -> FeedStatus:
        """The state of the feed: exhausted when no document remains."""
        ready = sum(self._loader.get(event_id) is not None for event_id in self._remaining[:AHEAD])
        return FeedStatus(FeedState.STREAMING if self._remaining else FeedState.EXHAUSTED, ready)

    def take(self, *, refill: bool = True) -> Document | None:
        """Return the next document if it is loaded. Documents whose text is lost are left out."""
        document = self.peek()
        if document is not None:
            self._remaining.pop(0)
            if refill:
                self.refill()
        return document

    def refill(self) -> None:
        """Load a document in place of those that were taken. Non-blocking."""
        self._loader.want(self._remaining)

    def peek(self) -> Document | None:
        """Return the document that `take` would return now."""
        while self._remaining and self._loader.lost(self._remaining[0]):
            self._remaining.pop(0)
            self._loader.want(self._remaining)
        return self._loader.get(self._remaining[0]) if self._remaining else None

    def start(self) -> None:
        """Start loading. Non-blocking."""
        self._loader.want(self._remaining)
        self._loader.start()

    def close(self) -> None:
        """Stop loading. Non-blocking."""
        self._loader.close()
