"""Assembly of a session and its document queue from the plan, the feeds and the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.document import Document, DocumentKey
from corpuscope.ledger.read.no_decisions import PastDecisions
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.queue_order import QueueOrder
from corpuscope.session.document_loader import DocumentLoader, RelabelQueue
from corpuscope.session.document_queue import DocumentFeed, DocumentQueue
from corpuscope.session.event_recorder import AnnotatorContext, EventSink
from corpuscope.session.history import past_decisions
from corpuscope.session.repeats import RelabelPlan, RepeatSelection, SecondLooks
from corpuscope.session.session import Session


@dataclass(frozen=True, slots=True)
class SessionContext:
    """Everything that a session of one annotator is assembled from."""

    session: str
    """Id of the session."""
    annotator: str
    """Name of the annotator."""
    scheme: CategoryScheme
    """The categories in force."""
    sink: EventSink
    """The place where events are stored."""
    clock: Clock
    """The clock of the session."""
    ids: EventIds
    """Ids of new events."""
    decisions: PastDecisions
    """The ledger as read at the start."""
    load: Callable[[str], Document]
    """Returns the document of an event."""
    on_change: Callable[[], None]
    """Called from other threads whenever a document arrived."""


def start_labelling(
    context: SessionContext,
    plan: Plan,
    feeds: Mapping[str, DocumentFeed],
    *,
    blind: bool,
    sizes: Callable[[str], int | None] = lambda _: None,
) -> tuple[Session, DocumentQueue]:
    """Assemble a session of first looks at the documents of `feeds`, by corpus key, and its queue.

    Blind second looks are mixed in when the plan has them and the session is blind. `sizes(corpus)` is the number of
    documents of a corpus, None while not known. Nothing is started yet.
    """
    decisions, annotator = context.decisions, context.annotator
    selection = RepeatSelection(plan.seed, plan.second_looks if plan.second_looks and blind else 0, feeds)
    looks = decisions.repeat_status(annotator, context.scheme, selection if selection.percent else None)
    repeats = SecondLooks(
        selection,
        DocumentLoader(context.load, context.on_change),
        place=looks.decided,
        last=looks.last,
        waiting=looks.unrepeated,
        done=looks.repeated,
    )
    behind = {key: len(decisions.draws(key, annotator, 1, context.scheme)) for key in feeds}
    targets = {key: plan.target_of(key, annotator) for key in feeds}
    queue = DocumentQueue(
        feeds, QueueOrder(plan.seed, targets, plan.order, plan.blocks_of(annotator)), behind, repeats
    )
    labelled = {key: decisions.counts(key, annotator, 1, context.scheme) for key in feeds}
    fields = AnnotatorContext(context.session, annotator, blind=blind)
    skipped = {key: behind[key] - sum(labelled[key].values()) for key in feeds}
    return _session(context, fields, queue, targets, labelled, looks.categories, sizes, skipped), queue


def start_relabelling(
    context: SessionContext, relabel_plan: RelabelPlan, seed: int
) -> tuple[Session, DocumentQueue]:
    """Assemble a blind session over documents labelled before, all from the ledger, and its queue.

    Nothing is started yet.
    """
    feeds = {
        key: RelabelQueue(left, DocumentLoader(context.load, context.on_change))
        for key, left in relabel_plan.remaining.items()
    }
    order = QueueOrder(seed, {key: relabel_plan.targets[key] for key in feeds})
    queue = DocumentQueue(feeds, order, relabel_plan.done)
    labelled = {}
    if relabel_plan.look > 1:
        labelled = {
            key: context.decisions.counts(key, context.annotator, relabel_plan.look, context.scheme)
            for key in feeds
        }
    fields = AnnotatorContext(context.session, context.annotator, blind=True, look=relabel_plan.look)
    return _session(context, fields, queue, relabel_plan.targets, labelled, relabel_plan.categories), queue


def _session(
    context: SessionContext,
    fields: AnnotatorContext,
    queue: DocumentQueue,
    targets: Mapping[str, int],
    labelled: Mapping[str, Mapping[str, int]],
    first_labels: Mapping[DocumentKey, str],
    sizes: Callable[[str], int | None] = lambda _: None,
    skipped: Mapping[str, int] | None = None,
) -> Session:
    notes = [note for key in targets for note in context.decisions.notes(key, context.annotator)]
    # going back must not show the first labels that a session of second looks is blind to
    looks = (1, 2) if queue.second_looks else (fields.look,)
    return Session(
        fields,
        context.scheme,
        context.sink,
        queue,
        context.clock,
        context.ids,
        targets=targets,
        labelled=labelled,
        skipped=skipped,
        sizes=sizes,
        earlier=past_decisions(context.decisions, context.scheme, context.annotator, tuple(targets), looks),
        notes={note.document_key: note.note for note in notes if note.note},
        bookmarks={note.document_key for note in notes if note.bookmarked},
        load=context.load,
        second_looks=queue.second_looks,
        first_labels=first_labels,
    )
