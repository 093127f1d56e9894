"""The workspace of a run: a labels folder with its plan and categories, and the sessions in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from corpuscope.config.category_cache import scheme_in_force
from corpuscope.config.settings import Paths, Settings, default_paths, load_settings, login_name
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CategoryFileError, CorpusError, LedgerError, nearest
from corpuscope.files import Files
from corpuscope.ledger.folder import list_ledger
from corpuscope.ledger.write.writer import LedgerWriter
from corpuscope.sampling.plan import Plan, PlannedCorpus
from corpuscope.sampling.plan_file import save_plan
from corpuscope.session.study_plan import CorpusStatus, StudyPlan, corpus_statuses, is_blind

if TYPE_CHECKING:  # nothing that only a session needs is loaded before the first frame
    from corpuscope.domain.document import Document
    from corpuscope.ledger.read.decisions import Decisions
    from corpuscope.ledger.read.reader import LedgerReader
    from corpuscope.ledger.read.search import Searched
    from corpuscope.sampling.feed.feed import Feed
    from corpuscope.session.document_queue import DocumentQueue
    from corpuscope.session.repeats import RelabelPlan
    from corpuscope.session.review_actions import ReviewActions
    from corpuscope.session.session import Session
    from corpuscope.session.start import SessionContext
VERIFIED_BYTES = 200 << 20
"""Size of the parts, in bytes, up to which every start verifies them; about a second in the background."""

FeedOpener = Callable[..., "Feed"]
"""The signature of `sampling.feed.open.open_feed`."""


@dataclass(frozen=True, slots=True)
class RunningSession:
    """A session with its document queue."""

    session: Session
    """The actions of the annotator."""
    queue: DocumentQueue
    """The queue of documents; not started yet."""
    notices: tuple[str, ...]
    """Sentences on what was recovered or set aside."""


class Workspace(StudyPlan):
    """Everything that one run of corpuscope works with. Methods that read or write files block."""

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        scheme: CategoryScheme,
        *,
        annotator: str,
        clock: Clock | None = None,
        feeds: FeedOpener | None = None,
    ) -> None:
        super().__init__(paths, settings, scheme, annotator)
        self._clock = clock or Clock()
        self._feeds = feeds
        self._reader_lock = Lock()
        self._writer: LedgerWriter | None = None
        self._ids: EventIds | None = None
        self._session_id = ""
        self._shown_notices: tuple[str, ...] = ()
        self.late_notices: tuple[str, ...] = ()
        """Notices of the ledger since the last session started, printed after the app closes."""

    @classmethod
    def at(
        cls, *, labels: Path | None = None, categories: Path | None = None, annotator: str | None = None
    ) -> Workspace:
        """Open the workspace of the working folder. Raises ConfigError and CategoryFileError."""
        paths = default_paths(labels, categories)
        settings = load_settings(paths.config)
        scheme = scheme_in_force(paths, settings.keys)
        return cls(paths, settings, scheme, annotator=annotator or settings.annotator or login_name())

    @property
    def clock(self) -> Clock:
        """The clock of its sessions."""
        return self._clock

    def replan(self, key: str, target: int) -> PlannedCorpus:
        """Change the number of labels planned for a corpus. Raises CorpusError when the plan has no such corpus."""
        labelled = self.decisions().documents(key, self.scheme)
        with self._plan_lock:
            plan = self.plan()
            if plan is None or key not in plan.corpora:
                hint = (
                    nearest(key, plan.corpora)
                    if plan and plan.corpora
                    else f"plan one: corpuscope label {key}"
                )
                raise CorpusError(f"the plan has no corpus {key}", hint)
            plan = plan.with_target(key, target, labelled)
            save_plan(plan, self.plan_path)
            return plan.corpora[key]

    @contextmanager
    def opened(self, *, blind: bool | None = None) -> Iterator[None]:
        """Open the ledger for writing; leaving the context compacts and closes it.

        `blind` None means blind for several corpora. Raises LedgerError when the ledger cannot be written.
        """
        ids = EventIds(self._clock)
        self._session_id = ids.next()
        self._blind = blind
        self._writer = LedgerWriter.open(self.paths.labels, self._session_id, self._clock)
        self._ids = EventIds(self._clock, after=self._writer.last_event_id)
        try:
            yield
        finally:
            self._writer.close()
            self.late_notices = tuple(
                notice for notice in self._writer.notices if notice not in self._shown_notices
            )
            self._writer = None

    def start_labelling(self, corpora: Sequence[Corpus], on_change: Callable[[], None]) -> RunningSession:
        """Read the ledger and prepare a session. Blocks, so call it from a worker.

        `on_change` is called from other threads whenever a document or a new state arrived. Raises
        LedgerError, PlanError, and CategoryFileError for labels whose category is not in the scheme.
        """
        from corpuscope.session.start import start_labelling

        plan = self.ensure_planned(corpora)
        context = self._session_context(on_change)
        feeds = {c.key: self._feed(plan, plan.corpora[c.key], context.decisions, on_change) for c in corpora}
        blind = is_blind(corpora, plan, self._blind)
        return self._running(start_labelling(context, plan, feeds, blind=blind))

    def plan_relabelling(
        self, corpora: Sequence[str], size: int | None = None, *, split: bool = False
    ) -> RelabelPlan:
        """Select the documents of a session that relabels documents of these corpora, or of all without any.

        By default they are a sample for second looks of `size` documents, see `repeats.plan_second_looks`.
        With `split` they are the documents whose category was split up. Raises like `decisions`, and
        PlanError.
        """
        from corpuscope.session import repeats

        decisions, plan = self.decisions(), self.plan()
        keys = corpora or decisions.corpora()
        if split:
            return repeats.plan_split_categories(decisions, self.scheme, self.annotator, keys)
        looks = decisions.repeat_status(self.annotator, self.scheme, lambda corpus, _: corpus in keys)
        return repeats.plan_second_looks(looks, keys, size, plan.seed if plan else 0)

    def start_relabelling(self, relabel_plan: RelabelPlan, on_change: Callable[[], None]) -> RunningSession:
        """Prepare a blind session over the documents of a relabelling plan.

        Blocks like `start_labelling`, and needs no network.
        """
        from corpuscope.session.start import start_relabelling

        plan = self.plan()
        context = self._session_context(on_change)
        return self._running(start_relabelling(context, relabel_plan, plan.seed if plan else 0))

    def _session_context(self, on_change: Callable[[], None]) -> SessionContext:
        from corpuscope.session.start import SessionContext

        assert self._writer is not None and self._ids is not None, "start within `opened`"
        return SessionContext(
            self._session_id,
            self.annotator,
            self.scheme,
            self._writer,
            self._clock,
            self._ids,
            self.decisions(),
            self.document,
            on_change,
        )

    def _running(self, started: tuple[Session, DocumentQueue]) -> RunningSession:
        assert self._writer is not None, "start within `opened`"
        self._shown_notices = (*self._writer.notices, *self._reader.problems)
        return RunningSession(*started, self._shown_notices)

    def review_actions(self) -> ReviewActions:
        """Return the actions of the review screens, within `opened`."""
        from corpuscope.session.event_recorder import AnnotatorContext, EventRecorder
        from corpuscope.session.review_actions import ReviewActions

        assert self._writer is not None and self._ids is not None, "only within `opened`"
        context = AnnotatorContext(self._session_id, self.annotator)
        return ReviewActions(EventRecorder(context, self.scheme, self._writer, self._clock, self._ids))

    @cached_property
    def _reader(self) -> LedgerReader:
        from corpuscope.ledger.read.reader import LedgerReader

        return LedgerReader(self.paths.labels)

    def decisions(self) -> Decisions:
        """Read the ledger. Raises LedgerError, and CategoryFileError for labels of unknown categories."""
        with self._reader_lock:
            decisions = self._reader.read()
        if unknown := decisions.unknown(self.scheme):
            where = self.paths.categories or "the built-in categories"
            lines = [
                f"{where}: {count:,} label{'s' * (count != 1)} say {name!r}, which is no category now"
                for name, count in unknown.items()
            ]
            hint = "bring it back, name it under `formerly:` of the one that took over, or under `split:`"
            raise CategoryFileError("\n".join(lines), hint)
        return decisions

    def warm_up(self) -> None:
        """Load the modules that compaction needs, so that no key waits a fifth of a second for them."""
        from corpuscope.ledger.parquet_schema import to_table

        to_table(())

    def verify(self) -> tuple[str, ...]:
        """Read every byte of the parts and set damaged ones aside; return a sentence for each problem.

        Counting reads only some columns and would notice a damaged text late. Ledgers of more than
        VERIFIED_BYTES are left to `corpuscope ledger check`. Raises LedgerError.
        """
        from corpuscope.ledger.write.compaction import set_damaged_aside

        try:
            if sum(part.stat().st_size for part in list_ledger(self.paths.labels).parts) > VERIFIED_BYTES:
                return ()
            return tuple(set_damaged_aside(self.paths.labels, Files()))
        except OSError as fault:
            raise LedgerError(f"{self.paths.labels} cannot be read: {fault.strerror or fault}") from fault

    def changed(self) -> bool:
        """Return whether the ledger changed since it was last read, by this or another session."""
        with self._reader_lock:
            return self._reader.changed()

    @property
    def problems(self) -> tuple[str, ...]:
        """Problems of the last reading of the ledger, in sentences."""
        return self._reader.problems

    def document(self, event_id: str) -> Document:
        """Return the document of an event."""
        with self._reader_lock:
            return self._reader.document(event_id)

    def documents(self, event_ids: Iterable[str]) -> Iterator[Document]:
        """Yield the documents of many events in order, read in bulk. Only for commands: it takes no lock."""
        return self._reader.documents(event_ids)

    def search(self, needle: str) -> Iterator[Searched]:
        """Search all texts for a string, in steps; may be abandoned at any time. Raises LedgerError."""
        from corpuscope.ledger.read.search import search

        return search(self.paths.labels, needle)

    def corpus_statuses(self, *, counted: bool) -> tuple[CorpusStatus, ...]:
        """Return the status of every known or planned corpus, with counts if `counted`."""
        return corpus_statuses(self.plan(), self.decisions() if counted else None, self.scheme)

    def corpora_of(self, keys: Iterable[str]) -> tuple[Corpus, ...]:
        """Return the corpora with these keys; one outside the plan has nothing but its key."""
        corpora = {status.corpus.key: status.corpus for status in self.corpus_statuses(counted=False)}
        return tuple(corpora.get(key) or Corpus(key, key, "local", key) for key in keys)

    def known_corpora(self) -> tuple[CorpusStatus, ...]:
        """Return the status of the corpora known by name, without reading any file."""
        return corpus_statuses(None, None, self.scheme)

    def _feed(
        self, plan: Plan, planned: PlannedCorpus, decisions: Decisions, on_change: Callable[[], None]
    ) -> Feed:
        from corpuscope.sampling.draws import ExcludedDraws, ShardRow
        from corpuscope.sampling.feed.open import open_feed

        key = planned.corpus.key
        assigned = (
            plan.assignment.annotator_draws(plan.seed, key, self.annotator) if plan.assignment else None
        )
        opened: list[Feed] = []

        def changed() -> None:
            feed = opened[0] if opened and planned.revision is None else None
            if feed and feed.manifest and not feed.failure:
                self.pin_revision(planned, feed.manifest.revision)
            on_change()

        def taken() -> list[ShardRow]:
            return [ShardRow(shard, row) for shard, row in decisions.substitutes(key, self.annotator)]

        made = (self._feeds or open_feed)(
            planned.corpus,
            seed=plan.seed,
            cache_folder=self.paths.cache,
            revision=planned.revision,
            done=ExcludedDraws(decisions.draws(key, self.annotator, 1, self.scheme), assigned=assigned),
            taken=taken,
            clock=self._clock,
            on_change=changed,
        )
        opened.append(made)
        return made
