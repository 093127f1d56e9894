"""Browse a corpus without labelling: documents of a stream of their own, none of which counts.

The stream is drawn by the same sampler with another seed, so that the documents of a study stay unread. Bookmarks and
notes, and the place reached, are kept in a folder of their own beside the labels.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import randbits

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.clock import EventIds
from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Document
from corpuscope.domain.label import Event, EventKind
from corpuscope.errors import CorpuscopeError, LedgerError
from corpuscope.file_cache import writable_folder
from corpuscope.files import reason, whole_file
from corpuscope.sampling.draws import ExcludedDraws
from corpuscope.sampling.feed.open import draw_lookup
from corpuscope.sampling.feed.status import FeedState, FeedStatus
from corpuscope.sampling.plan import PlannedCorpus
from corpuscope.sampling.queue_order import QueueOrder
from corpuscope.session.document_queue import DocumentFeed, DocumentQueue
from corpuscope.session.event_recorder import AnnotatorContext
from corpuscope.session.factories import OnChange, RunningSession
from corpuscope.session.ledger import Ledger
from corpuscope.session.session import Session
from corpuscope.session.workspace import Workspace

FOLDER = "browsing"
"""Folder in the labels folder for browsing: a ledger of bookmarks and notes, and the places."""
PLACES = "places.json"
"""File of the places, by corpus key."""
MOST_LOOKED_UP = 2_000
"""Planned documents of a corpus on this machine that are looked up, so that none of them is shown."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where browsing a corpus resumes."""

    seed: int
    """Seed of its stream of draws."""
    draw: int
    """The next draw."""


class Places:
    """The places of all corpora in one file. Methods block, and raise LedgerError where the file cannot be used."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def of(self, corpus: str) -> Place:
        """Return the place of a corpus; a new stream for one that was never browsed."""
        entry = self._read().get(corpus)
        return Place(entry["seed"], entry["draw"]) if entry else Place(randbits(32), 0)

    def save(self, corpus: str, place: Place) -> None:
        """Store the place of a corpus."""
        places = {**self._read(), corpus: {"seed": place.seed, "draw": place.draw}}
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(self._file) as stream:
                stream.write(json.dumps(places, indent=1).encode())
        except (OSError, CorpuscopeError) as fault:
            raise LedgerError(f"the place in {corpus} is not saved: {fault}") from fault

    def _read(self) -> dict[str, dict[str, int]]:
        try:
            places = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as fault:
            why = reason(fault) if isinstance(fault, OSError) else fault
            raise LedgerError(f"{self._file}: cannot be read: {why}", "remove it to start over") from fault
        if not _are_places(places):
            raise LedgerError(f"{self._file}: is not a file of reading positions", "remove it to start over")
        valid: dict[str, dict[str, int]] = places
        return valid


def _are_places(places: object) -> bool:
    """Return whether a JSON value is what `Places.save` writes."""
    return isinstance(places, dict) and all(
        isinstance(entry, dict)
        and all(type(entry.get(name)) is int and entry[name] >= 0 for name in ("seed", "draw"))
        for entry in places.values()
    )


class BrowsingSink:
    """Sink of the events of browsing: bookmarks and notes go to a ledger of their own, a skip moves the place."""

    def __init__(self, ledger: Ledger, annotator: str, places: Places, corpus: str, seed: int) -> None:
        self._ledger = ledger
        self._annotator = annotator
        self._places = places
        self._corpus = corpus
        self._seed = seed
        self._opened = ExitStack()
        self._is_open = False

    def append(self, event: Event) -> None:
        """Store a bookmark or a note; move the place on a skip. Raises LedgerError."""
        if event.kind is EventKind.SKIP:
            self._places.save(self._corpus, Place(self._seed, event.document.draw + 1))
        elif event.kind in (EventKind.BOOKMARK, EventKind.UNBOOKMARK, EventKind.NOTE):
            if not self._is_open:
                self._opened.enter_context(self._ledger.opened(self._annotator))
                self._is_open = True
            self._ledger.session.writer.append(event)

    def begin_again(self) -> None:
        """Move the place to the first draw. Where that fails, the next start finds no document."""
        with suppress(LedgerError):
            self._places.save(self._corpus, Place(self._seed, 0))

    def prepare(self, document: Document) -> None:
        """Do nothing: few documents are bookmarked."""

    def close(self) -> None:
        """Close the ledger, if anything was stored."""
        self._opened.close()


class UnplannedFeed:
    """A feed without the documents in the plan of the study."""

    def __init__(self, feed: DocumentFeed, planned: Collection[str]) -> None:
        self._feed = feed
        self._planned = planned

    @property
    def status(self) -> FeedStatus:
        """The state of the feed."""
        return self._feed.status

    def take(self, *, refill: bool = True) -> Document | None:
        """Return the next document if it is ready. Without `refill` none is fetched in its place yet."""
        return self._feed.take(refill=refill) if self.peek() is not None else None

    def peek(self) -> Document | None:
        """Return the document that `take` would return now."""
        while (document := self._feed.peek()) is not None and document.id in self._planned:
            self._feed.take()
        return document

    def refill(self) -> None:
        """Fetch documents in place of those that were taken."""
        self._feed.refill()

    def start(self) -> None:
        """Start fetching."""
        self._feed.start()

    def close(self) -> None:
        """Stop fetching."""
        self._feed.close()


class BrowsingQueue(DocumentQueue):
    """A queue that closes the ledger of bookmarks with its feed."""

    def __init__(self, feeds: Mapping[str, DocumentFeed], order: QueueOrder, sink: BrowsingSink) -> None:
        super().__init__(feeds, order, {})
        self._sink = sink

    def close(self) -> None:
        """Stop fetching, and close the ledger. Once every document was shown, the next start begins again."""
        used_up = all(status.state is FeedState.EXHAUSTED for status in self.statuses)
        if used_up and self.peek() is None:
            self._sink.begin_again()
        super().close()
        self._sink.close()


@dataclass(frozen=True, slots=True)
class Browsing:
    """Factory of sessions that browse one corpus. Nothing counts; the ledger of the study need not be open."""

    workspace: Workspace
    """The workspace of the study."""
    corpus: Corpus
    """The corpus."""

    @property
    def corpora(self) -> tuple[Corpus, ...]:
        """The corpus, as the only one."""
        return (self.corpus,)

    @property
    def scheme(self) -> CategoryScheme:
        """The categories in force."""
        return self.workspace.scheme

    def begin(self, on_change: OnChange) -> RunningSession:
        """Read the place, and the bookmarks and notes of earlier times, and prepare the session.

        Raises LedgerError and PlanError.
        """
        workspace, key, annotator = self.workspace, self.corpus.key, self.workspace.annotator
        folder = workspace.paths.labels / FOLDER
        places = Places(folder / PLACES)
        place = places.of(key)
        plan = workspace.plan.read()
        planned = plan.corpora.get(key) if plan else None
        if plan and plan.seed == place.seed:
            place = Place(place.seed + 1, place.draw)  # one in four thousand million
        feed = workspace.open_feed(
            planned.corpus if planned else self.corpus,
            seed=place.seed,
            cache_folder=writable_folder(workspace.paths.cache),
            revision=planned.revision if planned else None,
            done=ExcludedDraws(first=place.draw),
            clock=workspace.clock,
            on_change=on_change,
        )
        ledger = Ledger(workspace.paths._replace(labels=folder), self.scheme, workspace.clock)
        notes = ledger.decisions().notes(key, annotator)
        sink = BrowsingSink(ledger, annotator, places, key, place.seed)
        unplanned = self.planned_documents(planned, plan.seed) if plan and planned else frozenset()
        queue = BrowsingQueue(
            {key: UnplannedFeed(feed, unplanned)}, QueueOrder(place.seed, {key: 1}, version=1), sink
        )
        ids = EventIds(workspace.clock)
        session = Session(
            AnnotatorContext(ids.next(), annotator),
            self.scheme,
            sink,
            queue,
            workspace.clock,
            ids,
            targets={},
            notes={note.document_key: note.note for note in notes if note.note},
            bookmarks={note.document_key for note in notes if note.bookmarked},
        )
        return RunningSession(session, queue)

    def planned_documents(self, planned: PlannedCorpus, seed: int) -> frozenset[str]:
        """Return the ids of the planned documents of a corpus on this machine; none for one on the Hub.

        On the Hub documents are fetched one by one, and two streams out of millions of documents hardly ever meet.
        """
        if planned.corpus.kind == "hub" or not planned.revision:
            return frozenset()
        look_up = draw_lookup(
            planned.corpus,
            seed=seed,
            cache_folder=writable_folder(self.workspace.paths.cache),
            revision=planned.revision,
        )
        documents = map(look_up, range(min(planned.labels, MOST_LOOKED_UP)))
        return frozenset(document.id for document in documents if document is not None)
