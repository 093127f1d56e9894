"""The sessions that a labelling screen can start once its first frame is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.corpus import Corpus
from corpuscope.file_cache import writable_folder
from corpuscope.session.study_plan import StudyRequest, is_blind
from corpuscope.session.workspace import Workspace

if TYPE_CHECKING:  # nothing that only a session needs is loaded before the first frame
    from corpuscope.ledger.read.no_decisions import PastDecisions
    from corpuscope.sampling.feed.feed import Feed
    from corpuscope.sampling.plan import Plan
    from corpuscope.session.document_queue import DocumentQueue
    from corpuscope.session.repeats import RelabelPlan
    from corpuscope.session.session import Session
    from corpuscope.session.start import SessionContext

OnChange = Callable[[], None]
"""Called from other threads whenever a document or a new state of a feed arrived."""


class RunningSession(NamedTuple):
    """A session with its document queue."""

    session: Session
    """The actions of the annotator."""
    queue: DocumentQueue
    """The queue of documents; not started yet."""
    notices: tuple[str, ...] = ()
    """Sentences on what was recovered or set aside."""
    verify: Callable[[], tuple[str, ...]] = tuple
    """Looks for damage in what is stored, and returns a sentence for each. Blocks; may raise LedgerError."""


class SessionFactory(Protocol):
    """What a labelling screen knows of the session that it is going to start."""

    @property
    def corpora(self) -> tuple[Corpus, ...]:
        """The corpora of the session."""
        ...

    @property
    def scheme(self) -> CategoryScheme:
        """The categories of the session."""
        ...

    def begin(self, on_change: OnChange) -> RunningSession:
        """Prepare the session. Blocks, so call it from a worker. Raises CorpuscopeError."""
        ...


class Labelling:
    """Starts a session of first looks at the documents of a study. The ledger must be open."""

    def __init__(self, workspace: Workspace, study: StudyRequest) -> None:
        """Label the corpora of `study` in `workspace`, as it asks."""
        self.workspace = workspace
        self.study = study

    @property
    def corpora(self) -> tuple[Corpus, ...]:
        """The corpora of the session."""
        return self.study.corpora

    @property
    def scheme(self) -> CategoryScheme:
        """The categories in force."""
        return self.workspace.scheme

    def begin(self, on_change: OnChange) -> RunningSession:
        """Read the ledger and prepare the session.

        Raises LedgerError, PlanError, and CategoryFileError for labels whose category is not in the scheme.
        """
        from corpuscope.session.start import start_labelling

        self.workspace.ledger.check_writable()
        plan = self.workspace.plan.ensure_planned(self.study)
        context = _context(self.workspace, on_change)
        feeds = {c.key: self._feed(plan, c.key, context.decisions, on_change) for c in self.corpora}
        blind = is_blind(self.corpora, plan, self.study.blind)

        def size_of(corpus: str) -> int | None:
            manifest = feeds[corpus].manifest
            return manifest.documents if manifest else plan.corpora[corpus].documents

        return _running(self.workspace, *start_labelling(context, plan, feeds, blind=blind, sizes=size_of))

    def _feed(self, plan: Plan, key: str, decisions: PastDecisions, on_change: OnChange) -> Feed:
        from corpuscope.sampling.draws import ExcludedDraws, ShardRow

        workspace, planned = self.workspace, plan.corpora[key]
        annotator = workspace.annotator
        assigned = plan.assignment.annotator_draws(plan.seed, key, annotator) if plan.assignment else None
        opened: list[Feed] = []

        def changed() -> None:
            feed = opened[0] if opened else None
            if feed and feed.manifest and not feed.failure:
                opened.clear()
                manifest = feed.manifest
                note = workspace.plan.pin_revision(
                    plan, key, manifest.revision, manifest.documents, manifest.uniform
                )
                if note:
                    feed.add_note(note)
            on_change()

        def taken() -> list[ShardRow]:
            return [ShardRow(shard, row) for shard, row in decisions.substitutes(key, annotator)]

        events: dict[str, str] = {}

        def labelled(document_id: str) -> str | None:
            if not events:
                events.update((label.document_id, label.event_id) for label in decisions.by_draw([key]))
            event = events.get(document_id)
            document = workspace.ledger.whole_document(event) if event is not None else None
            return document.sha256 if document is not None else None

        feed = workspace.open_feed(
            planned.corpus,
            seed=plan.seed,
            cache_folder=writable_folder(workspace.paths.cache),
            revision=planned.revision,
            done=ExcludedDraws(decisions.draws(key, annotator, 1, workspace.scheme), assigned=assigned),
            taken=taken,
            labelled=labelled,
            clock=workspace.clock,
            on_change=changed,
        )
        opened.append(feed)
        return feed


class Relabelling:
    """Starts a blind session over documents labelled before. The ledger must be open; needs no network."""

    def __init__(self, workspace: Workspace, plan: RelabelPlan) -> None:
        """Label the documents of `plan` in `workspace`."""
        self.workspace = workspace
        self.plan = plan

    @cached_property
    def corpora(self) -> tuple[Corpus, ...]:
        """The corpora that have documents left."""
        return self.workspace.corpora_of(self.plan.remaining)

    @property
    def scheme(self) -> CategoryScheme:
        """The categories in force."""
        return self.workspace.scheme

    def begin(self, on_change: OnChange) -> RunningSession:
        """Read the ledger and prepare the session. Raises like `Labelling.begin`."""
        from corpuscope.session.start import start_relabelling

        self.workspace.ledger.check_writable()
        plan = self.workspace.plan.read()
        context = _context(self.workspace, on_change)
        return _running(self.workspace, *start_relabelling(context, self.plan, plan.seed if plan else 0))


def _context(workspace: Workspace, on_change: OnChange) -> SessionContext:
    from corpuscope.session.start import SessionContext

    ledger, session = workspace.ledger, workspace.ledger.session
    return SessionContext(
        session.id,
        workspace.annotator,
        workspace.scheme,
        session.sink,
        workspace.clock,
        session.ids,
        ledger.past_decisions(),
        ledger.document,
        on_change,
    )


def _running(workspace: Workspace, session: Session, queue: DocumentQueue) -> RunningSession:
    return RunningSession(session, queue, workspace.ledger.notices(), workspace.ledger.verify)
