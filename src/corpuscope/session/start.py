"""Puts a sitting together: a session, and the queue it is fed from."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.document import Document
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.sampling.plan import Plan, queue_order
from corpuscope.session.document_loader import DocumentLoader, RelabelQueue
from corpuscope.session.document_queue import DocumentFeed, DocumentQueue
from corpuscope.session.event_recorder import AnnotatorContext, EventSink
from corpuscope.session.history import past_decisions
from corpuscope.session.repeats import RelabelPlan, RepeatSelection, SecondLooks
from corpuscope.session.session import Session

Sitting = tuple[Session, DocumentQueue]
"""What the reader does, and where the documents come from; not started yet."""


@dataclass(frozen=True, slots=True)
class SessionContext:
    """What every sitting of one annotator needs."""

    session: str
    """Id of the sitting."""
    annotator: str
    """Who reads."""
    scheme: CategoryScheme
    """The categories."""
    recorder: EventSink
    """Where events are kept."""
    clock: Clock
    """The clock."""
    ids: EventIds
    """Ids of events."""
    decisions: Decisions
    """The ledger as it stands."""
    load: Callable[[str], Document]
    """Brings the document of an event."""
    on_change: Callable[[], None]
    """Called, from other threads, whenever a document arrived."""


@dataclass(frozen=True, slots=True)
class NotNow:
    """The draws that a feed leaves out."""

    done: Container[int]
    """Those decided already."""
    part: Container[int] | None
    """The annotator's own; None for all."""

    def __contains__(self, draw: object) -> bool:
        return draw in self.done or (self.part is not None and draw not in self.part)


def start_labelling(
    seat: SessionContext, plan: Plan, feeds: Mapping[str, DocumentFeed], *, blind: bool
) -> Sitting:
    """First looks at what `feeds` bring, by key of a corpus, in turns; second ones mixed in where they are blind."""
    decisions, me = seat.decisions, seat.annotator
    choice = RepeatSelection(plan.seed, plan.second_looks if plan.second_looks and blind else 0, feeds)
    looks = decisions.looks(me, seat.scheme, choice if choice.percent else None)
    again = SecondLooks(
        choice,
        DocumentLoader(seat.load, seat.on_change),
        place=looks.decided,
        last=looks.last,
        waiting=looks.once,
        done=looks.twice,
    )
    behind = {key: len(decisions.draws(key, me, 1, seat.scheme)) for key in feeds}
    queue = DocumentQueue(feeds, lambda i: queue_order(plan.seed, list(feeds), i), behind, again)
    targets = {key: plan.target_of(key, me) for key in feeds}
    labelled = {key: decisions.counts(key, me, 1, seat.scheme) for key in feeds}
    who = AnnotatorContext(seat.session, me, blind=blind)
    return _session(seat, who, queue, targets, labelled, looks.categories), queue


def start_relabelling(seat: SessionContext, again: RelabelPlan, seed: int) -> Sitting:
    """Documents labelled before, blind; all of it out of the ledger."""
    feeds = {
        key: RelabelQueue(left, DocumentLoader(seat.load, seat.on_change)) for key, left in again.left.items()
    }
    queue = DocumentQueue(feeds, lambda i: queue_order(seed, list(feeds), i), again.done)
    labelled = {}
    if again.look > 1:
        labelled = {key: seat.decisions.counts(key, seat.annotator, again.look, seat.scheme) for key in feeds}
    who = AnnotatorContext(seat.session, seat.annotator, blind=True, look=again.look)
    return _session(seat, who, queue, again.targets, labelled, again.categories), queue


def _session(
    seat: SessionContext,
    who: AnnotatorContext,
    queue: DocumentQueue,
    targets: Mapping[str, int],
    labelled: Mapping[str, Mapping[str, int]],
    first_labels: Mapping[str, str],
) -> Session:
    remarks = [r for key in targets for r in seat.decisions.remarks(key, seat.annotator)]
    # going back must not show what a sitting of second looks is to be blind to
    looks = (1, 2) if queue.again else (who.look,)
    return Session(
        who,
        seat.scheme,
        seat.recorder,
        queue,
        seat.clock,
        seat.ids,
        targets=targets,
        labelled=labelled,
        earlier=past_decisions(seat.decisions, seat.scheme, seat.annotator, tuple(targets), looks),
        notes={r.document_id: r.note for r in remarks if r.note},
        bookmarks={r.document_id for r in remarks if r.bookmarked},
        load=seat.load,
        again=queue.again,
        first_labels=first_labels,
    )
