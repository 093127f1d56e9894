"""Practice sessions on demo documents with reference answers; nothing is written to disk."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import randbits

from corpuscope.config.category_cache import cached_scheme, scheme_in_force
from corpuscope.corpora.demo import DemoSource, reference_answer
from corpuscope.corpora.parse import corpus_for
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Document
from corpuscope.domain.label import Event, EventKind
from corpuscope.sampling.feed.draw_reader import DrawReader, NoDocument
from corpuscope.sampling.feed.feed import FeedState, FeedStatus
from corpuscope.sampling.feed.retry_policy import RetryPolicy
from corpuscope.sampling.queue_order import QueueOrder
from corpuscope.session.document_queue import DocumentQueue
from corpuscope.session.event_recorder import AnnotatorContext
from corpuscope.session.factories import OnChange, RunningSession
from corpuscope.session.history import HistoryEntry
from corpuscope.session.session import Session
from corpuscope.session.study_plan import DEMO
from corpuscope.session.workspace import Workspace


def practice_scheme(workspace: Workspace) -> CategoryScheme:
    """Return the categories in force when they include those of the demo, else the built-in ones."""
    paths = workspace.paths
    if all(workspace.scheme.today(name) for name in cached_scheme(None, {}, paths.cache).names):
        return workspace.scheme
    return scheme_in_force(paths._replace(categories=None), workspace.settings.keys)


@dataclass(frozen=True, slots=True)
class PracticeAnswer:
    """A practice label beside its reference answer."""

    document: Document
    """The document."""
    given: str
    """Name of the category that the annotator gave."""
    event_id: str
    """Id of the label event."""
    expected: str
    """Name of the reference category in today's scheme."""
    reason: str
    """Explanation of the reference category, in one line."""


class Memory:
    """An event sink in memory."""

    def __init__(self) -> None:
        self._events: list[Event] = []

    def append(self, event: Event) -> None:
        """Store an event."""
        self._events.append(event)

    def prepare(self, document: Document) -> None:
        """Do nothing: memory needs no preparation."""

    def labels(self) -> dict[str, Event]:
        """Return the label in force of each document, by document id."""
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
    """A feed whose documents are all ready."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = deque(documents)

    @property
    def status(self) -> FeedStatus:
        """The state of the feed: exhausted when no document remains."""
        state = FeedState.STREAMING if self._documents else FeedState.EXHAUSTED
        return FeedStatus(state, len(self._documents))

    def peek(self) -> Document | None:
        """Return the next document without taking it."""
        return self._documents[0] if self._documents else None

    def take(self, *, refill: bool = True) -> Document | None:  # noqa: ARG002 - every document is ready at once
        """Take the next document."""
        return self._documents.popleft() if self._documents else None

    def refill(self) -> None:
        """Do nothing: all documents are ready."""

    def start(self) -> None:
        """Do nothing: all documents are ready."""

    def close(self) -> None:
        """Do nothing: no resource is open."""


class Practice:
    """A session factory over demo documents, whose labels stay in memory."""

    def __init__(self, scheme: CategoryScheme, annotator: str, size: int, seed: int | None = None) -> None:
        """Draw `size` documents by `seed`, None for a random one; `scheme` has the demo categories."""
        self.scheme = scheme
        self.corpora = tuple(corpus_for(key) for key in DEMO)
        self._annotator = annotator
        self._by_key = {corpus.key: corpus for corpus in self.corpora}
        self._seed = randbits(32) if seed is None else seed
        self._memory = Memory()
        # permuted blocks: a practice of a few documents has some of every corpus
        self._order = QueueOrder(self._seed, dict.fromkeys(DEMO, size), version=1)
        turns = self._order.first(size)
        self._documents = {key: _drawn(self._by_key[key], self._seed, turns.count(key)) for key in DEMO}

    def begin(self, on_change: OnChange) -> RunningSession:  # noqa: ARG002 - every document is ready at once
        """Prepare the session over the practice documents."""
        clock = Clock()
        ids = EventIds(clock)
        feeds = {key: _Feed(documents) for key, documents in self._documents.items()}
        queue = DocumentQueue(feeds, self._order, {})
        targets = {key: len(documents) for key, documents in self._documents.items()}
        context = AnnotatorContext(ids.next(), self._annotator, blind=True)
        session = Session(context, self.scheme, self._memory, queue, clock, ids, targets=targets)
        return RunningSession(session, queue)

    def answer(self, document_id: str) -> PracticeAnswer | None:
        """Return the answer for a document; None while it has no label."""
        return next((answer for answer in self.answers() if answer.document.id == document_id), None)

    def answers(self) -> tuple[PracticeAnswer, ...]:
        """Return the answers in force, in the order in which the documents were first labelled."""
        return tuple(self._answer(event) for event in self._memory.labels().values())

    def feedback(self, entry: HistoryEntry) -> str:
        """Return the feedback to show after a decision; "" after a skip."""
        answer = self.answer(entry.document_id)
        if answer is None:
            return ""
        if answer.given == answer.expected:
            return f"yes, {answer.expected}: {answer.reason}"
        return f"{answer.expected}, not {answer.given}: {answer.reason}"

    def _answer(self, event: Event) -> PracticeAnswer:
        document = event.document
        answer = reference_answer(self._by_key[document.corpus], document.address.row)
        expected = self.scheme.today(answer.category) or answer.category
        return PracticeAnswer(document, event.category or "", event.id, expected, answer.reason)


def _drawn(corpus: Corpus, seed: int, count: int) -> list[Document]:
    """Return the documents of the first `count` draws that have one."""
    source = DemoSource(corpus)
    reader = DrawReader(source, source.manifest(), seed, RetryPolicy())
    drawn = (reader.read_own(draw, ()) for draw in range(count))
    return [document for document in drawn if not isinstance(document, NoDocument)]
