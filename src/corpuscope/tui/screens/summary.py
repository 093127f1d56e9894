"""The summary screen: counts, shares, bars and intervals of all labels so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from corpuscope.analysis.comparisons import SummaryWithExclusions, summarise_countable
from corpuscope.analysis.samples import samples_of
from corpuscope.config.actions import AGREEMENT, COMPARE, REVIEW, SUMMARY
from corpuscope.errors import UsageError
from corpuscope.learning import require_assist
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.report.assisted_tables import assisted_table, classifier_table
from corpuscope.report.tables import lengths_table, side_by_side
from corpuscope.session.pool_drawer import PoolProgress
from corpuscope.session.workspace import Workspace
from corpuscope.stats.distribution import WEIGHTINGS, Weighting
from corpuscope.stats.interval_kinds import KINDS, kind_named
from corpuscope.stats.sample import Sample
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.charts.tables import render_corpora, render_table
from corpuscope.tui.messages import ScreenWanted
from corpuscope.tui.screens.live import READING, LiveScreen
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine

if TYPE_CHECKING:  # loads scikit-learn, which comes with the first assisted summary
    from corpuscope.analysis.assisted import AssistedStudy, StudyReader

POOL_SECONDS = 0.5
"""Seconds between looks at the pools that are drawn."""
BAR = 20
"""Cells of a bar of progress."""
HALF_WIDTHS = (0.05, 0.03, 0.02, 0.01)
"""Half-widths for which the labels and minutes still needed can be shown."""


@dataclass(frozen=True, slots=True)
class SummaryQuery:
    """Which intervals are computed, and in what unit."""

    interval: str = KINDS[0].key
    """Key of the kind of interval."""
    weighting: Weighting = "documents"
    """Unit that the shares are shares of."""
    assisted: bool = False
    """Whether a classifier assists the labels."""


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """What the screen shows."""

    labels: SummaryWithExclusions
    """Summary of the labels."""
    assisted: AssistedStudy | None
    """Assisted shares; None where they are not asked for."""


class SummaryScreen(LiveScreen[SummaryQuery, SummaryPage]):
    """Show the summary of every corpus."""

    KEYS = SUMMARY
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SUMMARY.actions)]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, SummaryQuery())
        self._half_width = HALF_WIDTHS[0]
        self._together = False
        self._lengths = False
        self._reader: StudyReader | None = None
        self._pools_drawn: tuple[PoolProgress, ...] = ()

    def on_mount(self) -> None:
        """Watch the pools that are drawn."""
        self.set_interval(POOL_SECONDS, self._watch_pools)

    def compute(self, query: SummaryQuery, decisions: Decisions) -> SummaryPage:
        """Return the summary, and the assisted shares where they are asked for."""
        # imports numpy, which the first frame must not wait for
        samples = samples_of(decisions, self._workspace.scheme, self._workspace.plan.read())
        labels = summarise_countable(samples, interval=query.interval, weighting=query.weighting)
        return SummaryPage(labels, self._estimate(query, decisions, samples) if query.assisted else None)

    def _estimate(
        self, query: SummaryQuery, decisions: Decisions, samples: Sequence[Sample]
    ) -> AssistedStudy:
        from corpuscope.analysis.assisted import StudyReader, estimate

        workspace = self._workspace
        if self._reader is None:
            self._reader = StudyReader(
                workspace.scheme, workspace.plan.read, workspace.ledger.texts, workspace.paths.labels
            )
        reading = self._reader.read(decisions, samples)
        return estimate(decisions, samples, reading, interval=query.interval, weighting=query.weighting)

    def accept(self, result: SummaryPage) -> None:
        """Store the result, and draw the pools that it misses."""
        super().accept(result)
        if result.assisted is not None:
            self._workspace.pools.start(result.assisted.to_draw)

    def status(self) -> Sequence[StatusItem]:
        """Return the problems of the ledger, and how far the pools are."""
        return [
            *super().status(),
            *(pools_status(self._workspace.pools.progress) if self._query.assisted else ()),
        ]

    def _watch_pools(self) -> None:
        """Show how far the pools are; once one is drawn, let the classifier read it."""
        if not self._query.assisted or self._pools_drawn == (progress := self._workspace.pools.progress):
            return
        drawn = [pool.corpus for pool in self._pools_drawn if pool.done]
        self._pools_drawn = progress
        self.show_status()
        if [pool.corpus for pool in progress if pool.done] != drawn:
            self.ask(self._query)

    def show_header(self) -> None:
        """Show the kind of interval and the unit of the shares."""
        self.query_one("#header", StatusLine).show(
            (StatusItem("corpuscope", "bold $text-accent"), StatusItem("summary")),
            (
                StatusItem(
                    f"{kind_named(self._query.interval).title} · shares of {self._query.weighting}"
                    + " · assisted" * self._query.assisted,
                    "",
                    3,
                ),
            ),
        )

    def draw(self, result: SummaryPage) -> None:
        """Draw the tables as wide as the screen."""
        self.query_one("#page", Static).update(self._drawn(result, self.page_width))

    def action_layout(self) -> None:
        """Switch between one table per corpus and all corpora side by side."""
        self._together, self._lengths = not self._together, False
        self.redraw()

    def action_lengths(self) -> None:
        """Switch between lengths of documents and shares."""
        self._lengths = not self._lengths
        self.redraw()

    def action_plan(self) -> None:
        """Plan for the next half-width."""
        self._half_width = HALF_WIDTHS[(HALF_WIDTHS.index(self._half_width) + 1) % len(HALF_WIDTHS)]
        self._together = self._lengths = False
        self.redraw()

    def action_interval(self) -> None:
        """Show the next kind of interval."""
        keys = [kind.key for kind in KINDS]
        interval = keys[(keys.index(self._query.interval) + 1) % len(keys)]
        self.ask(replace(self._query, interval=interval))

    def action_tokens(self) -> None:
        """Show shares of the next unit: documents, tokens, characters."""
        following = WEIGHTINGS[(WEIGHTINGS.index(self._query.weighting) + 1) % len(WEIGHTINGS)]
        self.ask(replace(self._query, weighting=following))

    def action_assisted(self) -> None:
        """Switch between the shares of the labels and assisted ones."""
        try:
            require_assist("an assisted summary")
        except UsageError as missing:
            self.failed(missing)
            return
        self._together = self._lengths = False
        self.ask(replace(self._query, assisted=not self._query.assisted))
        if self._query.assisted:
            self.query_one("#last", StatusLine).show([StatusItem(READING, "$accent")])

    def action_review(self) -> None:
        """Open the review of labels."""
        self.post_message(ScreenWanted(REVIEW.name))

    def action_agreement(self) -> None:
        """Open the agreement."""
        self.post_message(ScreenWanted(AGREEMENT.name))

    def action_compare(self) -> None:
        """Open the comparison."""
        self.post_message(ScreenWanted(COMPARE.name))

    def _drawn(self, page: SummaryPage, width: int) -> Content:
        result = page.labels
        parts = [Content.styled(one_line(f"! {warning}"), "$text-warning") for warning in result.left_out]
        if result.left_out:
            parts.append(Content("t counts the next unit.\n"))
        if not result.summary.corpora:
            return Content("\n").join(parts) or Content("No labels yet. Label a document and come back.")
        if self._lengths:
            parts += [render_table(lengths_table(corpus), width) for corpus in result.summary.corpora]
        elif page.assisted is not None:
            parts += assisted_parts(page.assisted, width)
        elif self._together:
            parts.append(render_table(side_by_side(result.summary), width))
        else:
            parts.append(render_corpora(result.summary.corpora, width, self._half_width))
        return Content("\n").join(parts)


def assisted_parts(study: AssistedStudy, width: int) -> list[Content]:
    """Render assisted shares beside those of the labels, what is refused, and the classifier."""
    parts = [Content.styled(one_line(f"! {sentence}"), "$text-warning") for sentence in study.refused]
    parts += [render_table(assisted_table(corpus), width) for corpus in study.corpora]
    if study.classifier is not None:
        parts.append(render_table(classifier_table(study.classifier, study.level), width))
    return parts


def pools_status(pools: Sequence[PoolProgress]) -> list[StatusItem]:
    """Say how far each pool is that is being drawn, or why it ended early."""
    items = []
    for pool in pools:
        if pool.problem:
            items.append(StatusItem(one_line(f"pool of {pool.corpus}: {pool.problem}"), "$text-warning"))
        elif not pool.done:
            share = min(pool.drawn / pool.size, 1.0)
            bar = "━" * round(BAR * share) + "─" * (BAR - round(BAR * share))
            words = f"drawing the pool of {pool.corpus} {bar} {pool.drawn:,} of {pool.size:,}"
            items.append(StatusItem(one_line(f"{words} {pool.waiting}".rstrip()), "$accent"))
    return items
