"""Puts a sitting together: a session, and the queue it is fed from."""

from collections.abc import Callable, Mapping
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


@dataclass(frozen=True, slots=True)
class SessionContext:
    """What every sitting of one annotator needs."""

    session: str
    """Id of the sitting."""
    annotator: str
    """Who reads."""
    scheme: CategoryScheme
    """The categories."""
    sink: EventSink
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


def start_labelling(
    context: SessionContext, plan: Plan, feeds: Mapping[str, DocumentFeed], *, blind: bool
) -> tuple[Session, DocumentQueue]:
    """First looks at what `feeds` bring, by key of a corpus, in turns; second ones mixed in where they are blind."""
    decisions, me = context.decisions, context.annotator
    choice = RepeatSelection(plan.seed, plan.second_looks if plan.second_looks and blind else 0, feeds)
    looks = decisions.repeat_status(me, context.scheme, choice if choice.percent else None)
    again = SecondLooks(
        choice,
        DocumentLoader(context.load, context.on_change),
        place=looks.decided,
        last=looks.last,
        waiting=looks.unrepeated,
        done=looks.repeated,
    )
    behind = {key: len(decisions.draws(key, me, 1, context.scheme)) for key in feeds}
    queue = DocumentQueue(feeds, lambda i: queue_order(plan.seed, list(feeds), i), behind, again)
    targets = {key: plan.target_of(key, me) for key in feeds}
    labelled = {key: decisions.counts(key, me, 1, context.scheme) for key in feeds}
    who = AnnotatorContext(context.session, me, blind=blind)
    return _session(context, who, queue, targets, labelled, looks.categories), queue


def start_relabelling(
    context: SessionContext, again: RelabelPlan, seed: int
) -> tuple[Session, DocumentQueue]:
    """Documents labelled before, blind; all of it out of the ledger."""
    feeds = {
        key: RelabelQueue(left, DocumentLoader(context.load, context.on_change))
        for key, left in again.remaining.items()
    }
    queue = DocumentQueue(feeds, lambda i: queue_order(seed, list(feeds), i), again.done)
    labelled = {}
    if again.look > 1:
        labelled = {
            key: context.decisions.counts(key, context.annotator, again.look, context.scheme) for key in feeds
        }
    who = AnnotatorContext(context.session, context.annotator, blind=True, look=again.look)
    return _session(context, who, queue, again.targets, labelled, again.categories), queue


def _session(
    context: SessionContext,
    who: AnnotatorContext,
    queue: DocumentQueue,
    targets: Mapping[str, int],
    labelled: Mapping[str, Mapping[str, int]],
    first_labels: Mapping[str, str],
) -> Session:
    remarks = [r for key in targets for r in context.decisions.notes(key, context.annotator)]
    # going back must not show what a sitting of second looks is to be blind to
    looks = (1, 2) if queue.second_looks else (who.look,)
    return Session(
        who,
        context.scheme,
        context.sink,
        queue,
        context.clock,
        context.ids,
        targets=targets,
        labelled=labelled,
        earlier=past_decisions(context.decisions, context.scheme, context.annotator, tuple(targets), looks),
        notes={r.document_id: r.note for r in remarks if r.note},
        bookmarks={r.document_id for r in remarks if r.bookmarked},
        load=context.load,
        second_looks=queue.second_looks,
        first_labels=first_labels,
    )
