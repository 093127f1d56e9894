"""The summary screen: counts, shares, bars and intervals of all labels so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from corpuscope.analysis.comparisons import SummaryWithExclusions, summarise_countable
from corpuscope.analysis.samples import samples_of
from corpuscope.config.actions import AGREEMENT, COMPARE, MIXTURE, REVIEW, SUMMARY
from corpuscope.errors import UsageError
from corpuscope.learning import require_assist
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.report.assisted_tables import assisted_table, classifier_table
from corpuscope.report.sentences import leading_sentence, leading_words
from corpuscope.report.tables import budget_words, lengths_table, side_by_side
from corpuscope.session.pool_drawer import PoolProgress
from corpuscope.session.workspace import Workspace
from corpuscope.stats.distribution import WEIGHTINGS, Weighting
from corpuscope.stats.interval_kinds import KINDS, kind_named
from corpuscope.stats.sample import Sample
from corpuscope.stats.summary import CorpusSummary
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.charts.shares import FRAME, ShareChart, framed, joined
from corpuscope.tui.charts.tables import render_corpora, render_table
from corpuscope.tui.messages import ScreenWanted
from corpuscope.tui.screens.live import READING, LiveScreen
from corpuscope.tui.widgets.category_bar import category_styles
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


class View(Enum):
    """What is shown of the labels."""

    CHART = auto()
    TABLES = auto()
    SIDE_BY_SIDE = auto()
    LENGTHS = auto()


LAYOUTS = (View.CHART, View.TABLES, View.SIDE_BY_SIDE)
"""The views that one key shows in turn."""
ROWS_FOR_SENTENCES = 30
"""Height of the screen from which there is a sentence for each of several corpora above the chart."""

OTHER_ROWS = 7
"""Rows of the screen beside sentences and chart: header, blank row, axis, frame, status and keys."""


class SummaryScreen(LiveScreen[SummaryQuery, SummaryPage]):
    """Show the summary of every corpus."""

    KEYS = SUMMARY
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SUMMARY.actions)]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, SummaryQuery())
        self._half_width = HALF_WIDTHS[0]
        self._view = View.CHART
        self._plan = False
        self._method = False
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
        """Show the level and kind of the intervals and the unit of the shares."""
        level = f"{100 * self._result.labels.summary.level:g} % " if self._result else ""
        self.query_one("#header", StatusLine).show(
            (
                StatusItem("corpuscope", "bold $text-accent", 1),
                StatusItem("summary"),
                *([StatusItem(f"{self._labels:,} labels", "", 2)] if self._result else []),
            ),
            (
                StatusItem(
                    f"{level}{kind_named(self._query.interval).title} · shares of {self._query.weighting}"
                    + " · assisted" * self._query.assisted,
                    "",
                    3,
                ),
            ),
        )

    @property
    def _labels(self) -> int:
        corpora = self._result.labels.summary.corpora if self._result else ()
        return sum(corpus.distribution.n for corpus in corpora)

    def draw(self, result: SummaryPage) -> None:
        """Draw the tables as wide as the screen."""
        self.query_one("#page", Static).update(self._drawn(result, self.page_width))

    def action_layout(self) -> None:
        """Show the next view: the chart, a table per corpus, all corpora side by side."""
        position = LAYOUTS.index(self._view) + 1 if self._view in LAYOUTS else 0
        self._view = LAYOUTS[position % len(LAYOUTS)]
        self.redraw()

    def action_lengths(self) -> None:
        """Switch between lengths of documents and shares."""
        self._view = View.CHART if self._view is View.LENGTHS else View.LENGTHS
        self.redraw()

    def action_method(self) -> None:
        """Show or hide how the numbers were computed."""
        self._method = not self._method
        self.redraw()

    def action_plan(self) -> None:
        """Show the plan for the first half-width, then for the next one."""
        if self._plan or self._view is View.TABLES:
            position = HALF_WIDTHS.index(self._half_width) + 1
            self._half_width = HALF_WIDTHS[position % len(HALF_WIDTHS)]
        self._plan = True
        if self._view not in {View.CHART, View.TABLES}:
            self._view = View.CHART
        self.redraw()

    def action_interval(self) -> None:
        """Show the next kind of interval."""
        keys = [kind.key for kind in KINDS]
        interval = keys[(keys.index(self._query.interval) + 1) % len(keys)]
        self.ask(replace(self._query, interval=interval))

    def action_mixture(self) -> None:
        """Open the mixture of the corpora."""
        self.post_message(ScreenWanted(MIXTURE.name))

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
        self._view = View.CHART
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
        corpora, styles = result.summary.corpora, category_styles(self._workspace.scheme)
        if self._view is View.LENGTHS:
            parts += [render_table(lengths_table(corpus), width) for corpus in corpora]
        elif page.assisted is not None:
            parts += assisted_parts(page.assisted, width)
        elif self._view is View.SIDE_BY_SIDE:
            parts.append(render_table(side_by_side(result.summary), width))
        elif self._view is View.TABLES:
            parts.append(render_corpora(corpora, width, styles, self._half_width, method=self._method))
        else:
            parts += self._chart(corpora, styles, width)
        return Content("\n").join(parts)

    def _chart(
        self, corpora: Sequence[CorpusSummary], styles: Mapping[str, str], width: int
    ) -> list[Content]:
        """Return sentences, warnings, the chart, and the plan and methods where they are asked for."""
        height = self.size.height
        parts = chart_sentences(corpora, styles, short=len(corpora) > 1 and height < ROWS_FOR_SENTENCES)
        parts += [
            Content.styled(one_line(f"! {warning}"), "$text-warning")
            for corpus in corpora
            for warning in corpus.warnings
        ]
        framed_chart = ShareChart(corpora, styles, width - FRAME)
        room = height - OTHER_ROWS - len(parts) - framed_chart.row_count
        if framed_chart.row_count and room >= 0:
            gaps = room >= len(corpora[0].distribution.shares) - 1
            lines = [framed_chart.axis, *framed_chart.rows(gaps=gaps)]
            parts += [Content(""), framed(lines, "share of each category", framed_chart.legend, width)]
        elif (chart := ShareChart(corpora, styles, width)).row_count:
            legend = [] if chart.names_corpora else [[(chart.legend, "")]]
            parts.append(joined([*legend, chart.axis, *chart.rows(gaps=False)]))
        pending = [corpus for corpus in corpora if corpus.distribution.pending]
        if pending:
            parts.append(render_corpora(pending, width, styles, method=self._method))
        for corpus in corpora:
            notes = (*self._plan_notes(corpus), *(corpus.caption if self._method else ()))
            if notes:
                parts.append(
                    Content.styled(one_line(f"{corpus.corpus}: {' · '.join(notes)}"), "$foreground-muted")
                )
        return parts

    def _plan_notes(self, corpus: CorpusSummary) -> list[str]:
        """Return the labels and the time to the half-width, where the plan is asked for."""
        return (
            [budget_words(corpus, self._half_width)] if self._plan and not corpus.distribution.pending else []
        )


def chart_sentences(
    corpora: Sequence[CorpusSummary], styles: Mapping[str, str], *, short: bool
) -> list[Content]:
    """State the largest category of each corpus: a sentence each, or in few words in one line."""
    make = leading_words if short else leading_sentence
    sentences = [
        Content.assemble(
            *(
                (one_line(phrase.text), f"bold {styles.get(phrase.text, '')}".strip() if phrase.role else "")
                for phrase in make(corpus)
            )
        )
        for corpus in corpora
    ]
    return [Content(" · ").join(sentences)] if short else sentences


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
