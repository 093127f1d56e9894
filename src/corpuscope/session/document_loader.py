"""Documents out of the ledger, loaded beside the reader before they are needed."""

import threading
from collections.abc import Callable, Sequence

from corpuscope.domain.document import Document
from corpuscope.errors import CorpuscopeError
from corpuscope.sampling.feed.status import FeedState, FeedStatus

AHEAD = 4
"""Documents held ready; a reader takes seconds for one, loading takes milliseconds."""


class DocumentLoader:
    """Loads the documents of events in a thread of its own. `on_change` is called from it and has to be cheap."""

    def __init__(self, load: Callable[[str], Document], on_change: Callable[[], None]) -> None:
        """`load` brings the document of an event, or raises CorpuscopeError."""
        self._load = load
        self._on_change = on_change
        self._wanted: tuple[str, ...] = ()
        self._loaded: dict[str, Document | None] = {}
        self._closed = False
        self._changed = threading.Condition()

    def start(self) -> None:
        """Begins loading; returns at once."""
        threading.Thread(target=self._work, name="document loader", daemon=True).start()

    def close(self) -> None:
        """Stops loading; returns at once."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def want(self, event_ids: Sequence[str]) -> None:
        """The events whose documents are needed next, in their order; all others are let go."""
        with self._changed:
            self._wanted = tuple(event_ids[:AHEAD])
            self._loaded = {key: self._loaded[key] for key in self._wanted if key in self._loaded}
            self._changed.notify_all()

    def get(self, event_id: str) -> Document | None:
        """The document; None while it is not there."""
        with self._changed:
            return self._loaded.get(event_id)

    def lost(self, event_id: str) -> bool:
        """Whether its text cannot be had any more."""
        with self._changed:
            return event_id in self._loaded and self._loaded[event_id] is None

    def _work(self) -> None:
        while (event_id := self._next()) is not None:
            found: Document | None
            try:
                found = self._load(event_id)
            except (CorpuscopeError, OSError):
                found = (
                    None  # damage or the disk took the text; the ledger says so, and the queue has to go on
                )
            with self._changed:
                self._loaded[event_id] = found
            self._on_change()

    def _next(self) -> str | None:
        """Waits for a document to load; None when closed."""
        with self._changed:
            while not self._closed:
                for event_id in self._wanted:
                    if event_id not in self._loaded:
                        return event_id
                self._changed.wait()
        return None


class RelabelQueue:
    """A feed of documents that were labelled before, in a given order; it needs no network."""

    def __init__(self, event_ids: Sequence[str], loader: DocumentLoader) -> None:
        self._left = list(event_ids)
        self._loader = loader

    @property
    def status(self) -> FeedStatus:
        """All drawn when nothing is left."""
        ready = sum(self._loader.get(event_id) is not None for event_id in self._left[:AHEAD])
        return FeedStatus(FeedState.STREAMING if self._left else FeedState.EXHAUSTED, ready)

    def take(self) -> Document | None:
        """The next document if it is loaded; one whose text is lost is left out."""
        document = self.peek()
        if document is not None:
            self._left.pop(0)
            self._loader.want(self._left)
        return document

    def peek(self) -> Document | None:
        """What `take` would bring now."""
        while self._left and self._loader.lost(self._left[0]):
            self._left.pop(0)
            self._loader.want(self._left)
        return self._loader.get(self._left[0]) if self._left else None

    def start(self) -> None:
        """Begins loading; returns at once."""
        self._loader.want(self._left)
        self._loader.start()

    def close(self) -> None:
        """Stops loading; returns at once."""
        self._loader.close()
