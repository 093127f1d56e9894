"""Sessions for tests: of one corpus, and with second looks over two corpora."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from corpuscope.domain.clock import EventIds
from corpuscope.domain.document import Document
from corpuscope.domain.label import Event, EventKind
from corpuscope.ledger.read.records import FirstLabel
from corpuscope.sampling.feed.feed import FeedState, FeedStatus
from corpuscope.sampling.queue_order import QueueOrder
from corpuscope.session.document_loader import DocumentLoader
from corpuscope.session.document_queue import DocumentQueue
from corpuscope.session.event_recorder import AnnotatorContext
from corpuscope.session.history import HistoryEntry
from corpuscope.session.repeats import RepeatSelection, SecondLooks
from corpuscope.session.session import Session
from makers import ListEventSink, ListSupplier, SetClock, a_document, a_scheme

CORPORA = ("a", "b")
SEED = 11


def a_session(
    documents: Iterable[Document | None] | None = None,
    sink: ListEventSink | None = None,
    earlier: tuple[HistoryEntry, ...] = (),
    load: Callable[[str], Document] | None = None,
    clock: SetClock | None = None,
    *,
    blind: bool = False,
    size: int | None = None,
) -> Session:
    """Start a session of one corpus on five documents, or on these; None stands for one that is not ready."""
    clock = clock or SetClock()
    session = Session(
        AnnotatorContext("session-1", "reader", blind=blind),
        a_scheme("Educational", "Advertising"),
        sink or ListEventSink(),
        ListSupplier(map(a_document, range(5)) if documents is None else documents),
        clock,
        EventIds(clock),
        targets={"web": 200},
        sizes=lambda _: size,
        earlier=iter([earlier]),
        labelled={"web": {"Advertising": len(earlier)}},
        load=load,
    )
    session.advance()
    return session


class ListFeed:
    """A feed of the documents of one corpus from draw `first` on, all of them ready."""

    def __init__(self, corpus: str, first: int, size: int) -> None:
        self.documents = [a_document(i, corpus=corpus, shard=corpus) for i in range(first, size)]

    @property
    def status(self) -> FeedStatus:
        state = FeedState.STREAMING if self.documents else FeedState.EXHAUSTED
        return FeedStatus(state, len(self.documents))

    def take(self, *, refill: bool = True) -> Document | None:  # noqa: ARG002 - nothing is fetched
        return self.documents.pop(0) if self.documents else None

    def refill(self) -> None: ...

    def peek(self) -> Document | None:
        return self.documents[0] if self.documents else None

    def start(self) -> None: ...

    def close(self) -> None: ...


class InstantLoader(DocumentLoader):
    """Has every document loaded, except those that are lost."""

    def __init__(self, events: Iterable[Event], lost: Iterable[str] = ()) -> None:
        super().__init__(lambda _: a_document(), lambda: None)
        self.documents = {event.id: event.document for event in events}
        self.lost_events = set(lost)

    def start(self) -> None: ...

    def get(self, event_id: str) -> Document | None:
        return self.documents[event_id]

    def lost(self, event_id: str) -> bool:
        return event_id in self.lost_events


def a_session_with_repeats(
    events: Sequence[Event] = (), *, percent: int = 10, size: int = 200, lost: Iterable[str] = ()
) -> tuple[Session, ListEventSink]:
    """Continue a session after these events, which hold no undo and no changed label."""
    selection = RepeatSelection(SEED, percent, CORPORA)
    firsts = [(place, event) for place, event in enumerate(events) if event.look == 1]
    twice = {event.document.key: place for place, event in enumerate(events) if event.look == 2}
    waiting = [
        FirstLabel(event.id, event.document.id, event.document.corpus, event.document.draw, place)
        for place, event in firsts
        if event.kind is EventKind.LABEL
        and event.document.key not in twice
        and selection(event.document.corpus, event.document.draw)
    ]
    second_looks = SecondLooks(
        selection,
        InstantLoader(events, lost),
        place=len(events),
        last=max(twice.values(), default=None),
        waiting=waiting,
        done=twice,
    )
    behind = {key: sum(event.document.corpus == key for _, event in firsts) for key in CORPORA}
    feeds = {key: ListFeed(key, behind[key], size) for key in CORPORA}
    sink, clock = ListEventSink(), SetClock()
    session = Session(
        AnnotatorContext("session", "reader", blind=True),
        a_scheme(),
        sink,
        DocumentQueue(feeds, QueueOrder(SEED, dict.fromkeys(CORPORA, 1), version=1), behind, second_looks),
        clock,
        EventIds(clock),
        targets=dict.fromkeys(CORPORA, size),
        second_looks=second_looks,
        first_labels={event.document.key: event.category or "" for _, event in firsts},
    )
    session.advance()
    return session, sink
