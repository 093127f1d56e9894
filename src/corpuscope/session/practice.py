"""Practice on the bundled demo documents, whose answers are known; nothing of it reaches a disk."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from secrets import randbits

from corpuscope.corpora.demo import DemoSource, reference_answer
from corpuscope.corpora.parse import corpus_for
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Document
from corpuscope.domain.label import Event, EventKind
from corpuscope.sampling.feed.draw_reader import DrawReader, NoDocument
from corpuscope.sampling.feed.feed import FeedState, FeedStatus
from corpuscope.sampling.feed.status import RetryPolicy
from corpuscope.sampling.plan import queue_order
from corpuscope.session.document_queue import DocumentQueue
from corpuscope.session.event_recorder import AnnotatorContext
from corpuscope.session.history import HistoryEntry
from corpuscope.session.session import Session
from corpuscope.session.workspace import RunningSession, Workspace

DEMO = ("demo-crawl", "demo-filtered", "demo-edu")
"""The corpora practised on."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One document of a practice, labelled."""

    document: Document
    """The document."""
    given: str
    """The category it was given."""
    event_id: str
    """The event that says so."""
    expected: str
    """The category of the reference, by today's name."""
    reason: str
    """Why, in one line."""


class Memory:
    """Keeps events until the practice is over."""

    def __init__(self) -> None:
        self._events: list[Event] = []

    def append(self, event: Event) -> None:
        """Keeps it."""
        self._events.append(event)

    def prepare(self, document: Document) -> None:
        """Nothing is made ready."""

    def labels(self) -> dict[str, Event]:
        """The label that stands of each document, by its id."""
        undone: set[str | None] = set()
        for event in reversed(self._events):
            if event.kind is EventKind.UNDO and event.id not in undone:
                undone.add(event.target)
        last = {
            event.document.id: event
            for event in self._events
            if event.kind in (EventKind.LABEL, EventKind.SKIP) and event.id not in undone
        }
        return {key: event for key, event in last.items() if event.kind is EventKind.LABEL}


class _Feed:
    """Hands out documents that are all ready."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = deque(documents)

    @property
    def status(self) -> FeedStatus:
        """All drawn when nothing is left."""
        state = FeedState.STREAMING if self._documents else FeedState.EXHAUSTED
        return FeedStatus(state, len(self._documents))

    def peek(self) -> Document | None:
        """The next one, which stays."""
        return self._documents[0] if self._documents else None

    def take(self) -> Document | None:
        """The next one."""
        return self._documents.popleft() if self._documents else None

    def start(self) -> None:
        """Nothing has to be fetched."""

    def close(self) -> None:
        """Nothing is held open."""


class Practice(Workspace):
    """A workspace whose sitting is a practice: its labels are kept in memory only."""

    def __init__(
        self, workspace: Workspace, scheme: CategoryScheme, size: int, seed: int | None = None
    ) -> None:
        """`size` documents, others each time unless `seed` says which; `scheme` has the demo's categories."""
        super().__init__(workspace.paths, workspace.settings, scheme, annotator=workspace.annotator)
        self.corpora = tuple(corpus_for(key) for key in DEMO)
        self._by_key = {corpus.key: corpus for corpus in self.corpora}
        self._seed = randbits(32) if seed is None else seed
        self._memory = Memory()
        turns = [queue_order(self._seed, DEMO, i) for i in range(size)]
        self._documents = {key: _drawn(self._by_key[key], self._seed, turns.count(key)) for key in DEMO}

    def start_labelling(self, corpora: Sequence[Corpus], on_change: Callable[[], None]) -> RunningSession:  # noqa: ARG002
        """A sitting over the documents of the practice."""
        clock = Clock()
        ids = EventIds(clock)
        feeds = {key: _Feed(documents) for key, documents in self._documents.items()}
        queue = DocumentQueue(feeds, lambda i: queue_order(self._seed, DEMO, i), {})
        targets = {key: len(documents) for key, documents in self._documents.items()}
        who = AnnotatorContext(ids.next(), self.annotator, blind=True)
        session = Session(who, self.scheme, self._memory, queue, clock, ids, targets=targets)
        return RunningSession(session, queue, ())

    def warm_up(self) -> None:
        """Nothing: no label becomes a part."""

    def verify(self) -> tuple[str, ...]:
        """A practice keeps nothing, so there is nothing to look through."""
        return ()

    def answer(self, document_id: str) -> Answer | None:
        """What was answered for a document, None while it has no label."""
        return next((each for each in self.answers() if each.document.id == document_id), None)

    def answers(self) -> tuple[Answer, ...]:
        """Every answer that stands, in the order the documents were first labelled."""
        return tuple(self._answer(event) for event in self._memory.labels().values())

    def feedback(self, turn: HistoryEntry) -> str:
        """What is to be said after a decision; "" after a skip."""
        answer = self.answer(turn.document_id)
        if answer is None:
            return ""
        if answer.given == answer.expected:
            return f"yes, {answer.expected}: {answer.reason}"
        return f"{answer.expected}, not {answer.given}: {answer.reason}"

    def _answer(self, event: Event) -> Answer:
        document = event.document
        known = reference_answer(self._by_key[document.corpus], document.address.row)
        expected = self.scheme.today(known.category) or known.category
        return Answer(document, event.category or "", event.id, expected, known.reason)


def _drawn(corpus: Corpus, seed: int, count: int) -> list[Document]:
    source = DemoSource(corpus)
    reader = DrawReader(source, source.manifest(), seed, RetryPolicy())
    drawn = (reader.read_own(draw, ()) for draw in range(count))
    return [document for document in drawn if not isinstance(document, NoDocument)]
