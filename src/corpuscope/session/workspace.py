"""A labels folder with its plan and categories: where sittings begin and what they have added up to."""

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
from corpuscope.sampling.plan import Plan, PlannedCorpus
from corpuscope.sampling.plan_file import save_plan
from corpuscope.session.study_plan import StudyPlan, is_blind

if TYPE_CHECKING:  # nothing of a sitting is loaded before the first frame
    from corpuscope.domain.document import Document
    from corpuscope.ledger.read.decisions import Decisions
    from corpuscope.ledger.read.reader import LedgerReader
    from corpuscope.ledger.read.search import Searched
    from corpuscope.ledger.write.writer import LedgerWriter
    from corpuscope.sampling.feed.feed import Feed
    from corpuscope.session.document_queue import DocumentQueue
    from corpuscope.session.repeats import RelabelPlan
    from corpuscope.session.review_actions import ReviewActions
    from corpuscope.session.session import Session
    from corpuscope.session.start import SessionContext
    from corpuscope.session.study_plan import CorpusStatus

VERIFIED_BYTES = 200 << 20
"""Parts read through at every start; a second of work beside the reader."""

FeedOpener = Callable[..., "Feed"]


@dataclass(frozen=True, slots=True)
class RunningSession:
    """A session that has begun, and the queue it is fed from."""

    session: "Session"
    """What the reader does."""
    queue: "DocumentQueue"
    """Where the documents come from; not started yet."""
    notices: tuple[str, ...]
    """What was recovered or set aside, in sentences."""


class Workspace(StudyPlan):
    """Everything one run of corpuscope works with. Methods that read or write files may block."""

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
        """What was noticed of the ledger after the last sitting began; for whoever has left the screen."""

    @classmethod
    def at(
        cls, *, labels: Path | None = None, categories: Path | None = None, annotator: str | None = None
    ) -> "Workspace":
        """The workspace of the working folder. Raises ConfigError and CategoryFileError."""
        paths = default_paths(labels, categories)
        settings = load_settings(paths.config)
        scheme = scheme_in_force(paths, settings.keys)
        return cls(paths, settings, scheme, annotator=annotator or settings.annotator or login_name())

    @property
    def clock(self) -> Clock:
        """The clock of its sittings."""
        return self._clock

    def replan(self, key: str, target: int) -> PlannedCorpus:
        """Plans another number of labels for a corpus. Raises CorpusError where the plan has no such corpus."""
        labelled = self.decisions().documents(key, self.scheme)
        with self._plan_lock:
            plan = self.plan()
            if plan is None or key not in plan.corpora:
                known = (
                    nearest(key, plan.corpora)
                    if plan and plan.corpora
                    else f"plan one: corpuscope label {key}"
                )
                raise CorpusError(f"the plan has no corpus {key}", known)
            plan = plan.with_target(key, target, labelled)
            save_plan(plan, self.plan_path)
            return plan.corpora[key]

    @contextmanager
    def opened(self, *, blind: bool | None = None) -> Iterator[None]:
        """The time in which labels can be given: takes the ledger on entry, compacts it on leaving.

        Raises LedgerError when labels could not be kept. `blind` None leaves it to the number of corpora.
        """
        from corpuscope.ledger.write.writer import LedgerWriter

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
                each for each in self._writer.notices if each not in self._shown_notices
            )
            self._writer = None

    def start_labelling(self, corpora: Sequence[Corpus], on_change: Callable[[], None]) -> RunningSession:
        """Reads the ledger and prepares a sitting; blocks, so call it from a worker.

        `on_change` is called from other threads whenever a document or a new state arrived. Raises
        LedgerError, PlanError, and CategoryFileError for labels whose category the scheme does not know.
        """
        from corpuscope.session.start import start_labelling

        plan = self.ensure_planned(corpora)
        seat = self._session_context(on_change)
        feeds = {c.key: self._feed(plan, plan.corpora[c.key], seat.decisions, on_change) for c in corpora}
        return self._running(start_labelling(seat, plan, feeds, blind=is_blind(corpora, plan, self._blind)))

    def plan_relabelling(
        self, corpora: Sequence[str], size: int | None = None, *, split: bool = False
    ) -> "RelabelPlan":
        """What a sitting over documents labelled before would go through, out of the corpora named, else of all.

        Second looks at a sample of them, see `repeats.plan_second_looks`; with `split`, those whose category was
        split up. Raises like `decisions`, and PlanError.
        """

        from corpuscope.session import repeats

        decisions, plan = self.decisions(), self.plan()
        keys = corpora or decisions.corpora()
        if split:
            return repeats.plan_split_categories(decisions, self.scheme, self.annotator, keys)
        looks = decisions.repeat_status(self.annotator, self.scheme, lambda corpus, _: corpus in keys)
        return repeats.plan_second_looks(looks, keys, size, plan.seed if plan else 0)

    def start_relabelling(self, again: "RelabelPlan", on_change: Callable[[], None]) -> RunningSession:
        """Prepare a session over documents labelled before, blind. Blocks like `start_labelling`; needs no network."""
        from corpuscope.session.start import start_relabelling

        plan = self.plan()
        return self._running(
            start_relabelling(self._session_context(on_change), again, plan.seed if plan else 0)
        )

    def _session_context(self, on_change: Callable[[], None]) -> "SessionContext":
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

    def _running(self, started: "tuple[Session, DocumentQueue]") -> RunningSession:
        assert self._writer is not None, "start within `opened`"
        self._shown_notices = (*self._writer.notices, *self._reader.problems)
        return RunningSession(*started, self._shown_notices)

    def review_actions(self) -> "ReviewActions":
        """Where documents are gone over again, within `opened`."""
        from corpuscope.session.event_recorder import AnnotatorContext, EventRecorder
        from corpuscope.session.review_actions import ReviewActions

        assert self._writer is not None and self._ids is not None, "only within `opened`"
        who = AnnotatorContext(self._session_id, self.annotator)
        return ReviewActions(EventRecorder(who, self.scheme, self._writer, self._clock, self._ids))

    @cached_property
    def _reader(self) -> "LedgerReader":
        from corpuscope.ledger.read.reader import LedgerReader

        return LedgerReader(self.paths.labels)

    def decisions(self) -> "Decisions":
        """The ledger as it stands. Raises LedgerError, CategoryFileError for labels of unknown categories."""
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
        """Loads what making labels into a part takes, a fifth of a second that no key should meet."""
        from corpuscope.ledger.parquet_schema import to_table

        to_table(())

    def verify(self) -> tuple[str, ...]:
        """Reads every byte of the parts and sets damaged ones aside; what was found, in sentences.

        Counting reads only some columns, so that a damaged text would be noticed late. Ledgers of more than
        VERIFIED_BYTES are left to `corpuscope ledger check`. Raises LedgerError.
        """
        from corpuscope.files import Files
        from corpuscope.ledger.folder import list_ledger
        from corpuscope.ledger.write.compaction import set_damaged_aside

        try:
            if sum(part.stat().st_size for part in list_ledger(self.paths.labels).parts) > VERIFIED_BYTES:
                return ()
            return tuple(set_damaged_aside(self.paths.labels, Files()))
        except OSError as fault:
            raise LedgerError(f"{self.paths.labels} cannot be read: {fault.strerror or fault}") from fault

    def changed(self) -> bool:
        """Whether the ledger changed since it was last read, by this or another session."""
        with self._reader_lock:
            return self._reader.changed()

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be read of the ledger."""
        return self._reader.problems

    def document(self, event_id: str) -> "Document":
        """The document an event is about."""
        with self._reader_lock:
            return self._reader.document(event_id)

    def documents(self, event_ids: Iterable[str]) -> "Iterator[Document]":
        """The documents of many events in their order, read in bulk; for commands, where no sitting reads beside."""
        return self._reader.documents(event_ids)

    def search(self, needle: str) -> "Iterator[Searched]":
        """Looks for a string in all texts, stretch by stretch; may be left at any time. Raises LedgerError."""
        from corpuscope.ledger.read.search import search

        return search(self.paths.labels, needle)

    def corpus_statuses(self, *, counted: bool) -> "tuple[CorpusStatus, ...]":
        """Every corpus that is known, planned or labelled; with `counted`, how many labels each has."""
        from corpuscope.session.study_plan import corpus_statuses

        return corpus_statuses(self.plan(), self.decisions() if counted else None, self.scheme)

    def corpora_of(self, keys: Iterable[str]) -> tuple[Corpus, ...]:
        """The corpora behind keys of labels; one that is not in the plan is known by its key only."""
        found = {each.corpus.key: each.corpus for each in self.corpus_statuses(counted=False)}
        return tuple(found.get(key) or Corpus(key, key, "local", key) for key in keys)

    def known_corpora(self) -> "tuple[CorpusStatus, ...]":
        """The corpora known by name, without a look at any file."""
        from corpuscope.session.study_plan import corpus_statuses

        return corpus_statuses(None, None, self.scheme)

    def _feed(
        self, plan: Plan, planned: PlannedCorpus, decisions: "Decisions", on_change: Callable[[], None]
    ) -> "Feed":
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
