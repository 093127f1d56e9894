"""The workspace of a run: the labels folder with its plan, its ledger, its categories and its settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from corpuscope.config.category_cache import scheme_in_force
from corpuscope.config.settings import Paths, Settings, default_paths, load_settings, login_name
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.clock import Clock
from corpuscope.domain.corpus import Corpus
from corpuscope.session.ledger import Ledger
from corpuscope.session.study_plan import CorpusStatus, StudyPlan, corpus_statuses

if TYPE_CHECKING:  # nothing that only a session needs is loaded before the first frame
    from corpuscope.sampling.feed.feed import Feed
    from corpuscope.sampling.feed.status import FeedStatus
    from corpuscope.session.event_recorder import EventRecorder
    from corpuscope.session.pool_drawer import PoolDrawer
    from corpuscope.session.repeats import RelabelPlan

FeedOpener = Callable[..., "Feed"]
"""The signature of `sampling.feed.open.open_feed`."""


class Workspace:
    """Everything that one run of corpuscope works with. Methods that read files block."""

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        scheme: CategoryScheme,
        *,
        annotator: str,
        clock: Clock | None = None,
        ledger: Ledger | None = None,
        feeds: FeedOpener | None = None,
    ) -> None:
        """Put the parts together; no file is read. `feeds` None means `sampling.feed.open.open_feed`."""
        self.paths = paths
        self.settings = settings
        self.scheme = scheme
        self.annotator = annotator
        self.clock = clock or Clock()
        self.plan = StudyPlan(paths, scheme, annotator, settings.target)
        self.ledger = ledger or Ledger(paths, scheme, self.clock)
        self._feeds = feeds
        self.failures: list[str] = []
        """Messages of the corpora that could not be read in this run, each once."""

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
    def open_feed(self) -> FeedOpener:
        """The function that opens the feed of a corpus."""
        if self._feeds is not None:
            return self._feeds
        from corpuscope.sampling.feed.open import open_feed

        return open_feed

    @cached_property
    def pools(self) -> PoolDrawer:
        """Draws the pools of the study in the background."""
        from corpuscope.session.pool_drawer import PoolDrawer

        return PoolDrawer(self._draw_pool)

    def _draw_pool(
        self, corpus: str, on_document: Callable[[int], None], on_status: Callable[[FeedStatus], None]
    ) -> None:
        from corpuscope.session.pool_drawer import POOL_SIZE
        from corpuscope.session.study_pools import draw_study_pool

        draw_study_pool(
            self.ledger.decisions(),
            self.plan.read(),
            corpus,
            labels=self.paths.labels,
            cache=self.paths.cache,
            size=POOL_SIZE,
            on_document=on_document,
            on_status=on_status,
        )

    def stop_drawing(self) -> None:
        """End the drawing of pools, if there is any."""
        if "pools" in self.__dict__:
            self.pools.stop()

    def recorder(self) -> EventRecorder:
        """Return a recorder of events of the annotator that are not blind. Only while the ledger is open."""
        from corpuscope.session.event_recorder import AnnotatorContext, EventRecorder

        session = self.ledger.session
        context = AnnotatorContext(session.id, self.annotator)
        return EventRecorder(context, self.scheme, session.sink, self.clock, session.ids)

    def plan_relabelling(
        self, corpora: Sequence[str], size: int | None = None, *, split: bool = False
    ) -> RelabelPlan:
        """Select the documents of a session that relabels documents of these corpora, or of all without any.

        By default they are a sample for second looks of `size` documents, see `repeats.plan_second_looks`.
        With `split` they are the documents whose category was split up. Raises like `Ledger.decisions`, and
        PlanError.
        """
        from corpuscope.session import repeats

        decisions, plan = self.ledger.decisions(), self.plan.read()
        keys = corpora or decisions.corpora()
        if split:
            return repeats.plan_split_categories(decisions, self.scheme, self.annotator, keys)
        looks = decisions.repeat_status(self.annotator, self.scheme, lambda corpus, _: corpus in keys)
        return repeats.plan_second_looks(looks, keys, size, plan.seed if plan else 0)

    def corpus_statuses(self, *, counted: bool) -> tuple[CorpusStatus, ...]:
        """Return the status of every known or planned corpus, with counts if `counted`."""
        decisions = self.ledger.decisions() if counted else None
        return corpus_statuses(self.plan.read(), decisions, self.scheme, self.annotator)

    def corpora_of(self, keys: Iterable[str]) -> tuple[Corpus, ...]:
        """Return the corpora with these keys; one outside the plan has nothing but its key."""
        corpora = {status.corpus.key: status.corpus for status in self.corpus_statuses(counted=False)}
        return tuple(corpora.get(key) or Corpus(key, key, "local", key) for key in keys)
