"""The summary screen: counts, shares, bars and intervals of all labels so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from corpuscope.analysis.comparisons import (
    CorpusComparison,
    SummaryWithExclusions,
    compare_corpora,
    summarise_countable,
)
from corpuscope.analysis.protocol import LabellingProtocol
from corpuscope.analysis.samples import samples_of
from corpuscope.config.actions import AGREEMENT, COMPARE, REVIEW, SUMMARY
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.report.assisted_tables import assisted_table, classifier_table
from corpuscope.report.summary_result import further_tables
from corpuscope.report.tables import budget_words, lengths_table
from corpuscope.report.text_layout import GAP
from corpuscope.session.pool_drawer import PoolProgress
from corpuscope.session.workspace import Workspace
from corpuscope.stats.interval_kinds import KINDS, kind_named
from corpuscope.stats.sample import Sample
from corpuscope.stats.summary import CorpusSummary
from corpuscope.text.quantities import quantity
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.charts.frames import joined
from corpuscope.tui.charts.summary import WIDE, SharePage, share_page, side_by_side_page
from corpuscope.tui.charts.tables import render_corpora, render_table
from corpuscope.tui.messages import ScreenWanted
from corpuscope.tui.screens.shares import SharesQuery, SharesScreen
from corpuscope.tui.widgets.category_bar import category_styles
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine

if TYPE_CHECKING:  # loads scikit-learn, which comes with the first assisted summary
    from corpuscope.analysis.assisted import AssistedStudy

POOL_SECONDS = 0.5
"""Seconds between looks at the pools that are drawn."""
BAR = 20
"""Cells of a bar of progress."""
HALF_WIDTHS = (0.05, 0.03, 0.02, 0.01)
"""Half-widths for which the labels and minutes still needed can be shown."""


@dataclass(frozen=True, slots=True)
class SummaryQuery(SharesQuery):
    """Which intervals are computed, and in what unit."""

    interval: str = KINDS[0].key
    """Key of the kind of interval."""
    wide: bool = False
    """Whether there is room for established differences beside the chart."""


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """What the screen shows."""

    labels: SummaryWithExclusions
    """Summary of the labels."""
    assisted: AssistedStudy | None
    """Assisted shares; None where they are not asked for."""
    order: Sequence[str] = ()
    """Names of all corpora with labels, also of those that cannot be counted."""
    pairs: Sequence[CorpusComparison] = ()
    """Comparisons of the corpora; empty where there is no room for them."""


class View(Enum):
    """What is shown of the labels."""

    CHART = auto()
    TABLES = auto()
    SIDE_BY_SIDE = auto()
    LENGTHS = auto()


LAYOUTS = (View.CHART, View.TABLES, View.SIDE_BY_SIDE)
"""The views that one key shows in turn."""


class SummaryScreen(SharesScreen[SummaryQuery, SummaryPage]):
    """Show the summary of every corpus."""

    KEYS = SUMMARY
    ASSISTED = "an assisted summary"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SUMMARY.actions)]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, SummaryQuery())
        self._half_width = HALF_WIDTHS[0]
        self._view = View.CHART
        self._plan = False
        self._method = False
        self._pools_drawn: tuple[PoolProgress, ...] = ()
        self._axis = ""

    def on_mount(self) -> None:
        """Watch the pools that are drawn."""
        self.set_interval(POOL_SECONDS, self._watch_pools)

    def compute(self, query: SummaryQuery, decisions: Decisions) -> SummaryPage:
        """Return the summary, and the assisted shares where they are asked for."""
        # imports numpy, which the first frame must not wait for
        scheme, plan = self._workspace.scheme, self._workspace.plan.read()
        samples = samples_of(decisions, scheme, plan, scores=self._workspace.ledger.scores)
        labels = summarise_countable(samples, interval=query.interval, weighting=query.weighting)
        assisted = self._estimate(query, decisions, samples) if query.assisted else None
        order = [sample.corpus for sample in samples]
        if not query.wide:
            return SummaryPage(labels, assisted, order)
        protocol = LabellingProtocol.of(decisions, scheme, plan=plan)
        own = [sample for sample in samples if sample.n or sample.pending]
        pairs = compare_corpora(own, (), protocol, weighting=query.weighting).pairs if own else ()
        return SummaryPage(labels, assisted, order, pairs)

    def _estimate(
        self, query: SummaryQuery, decisions: Decisions, samples: Sequence[Sample]
    ) -> AssistedStudy:
        from corpuscope.analysis.assisted import estimate

        reading = self.read_with_classifier(decisions, samples)
        return estimate(decisions, samples, reading, interval=query.interval, weighting=query.weighting)

    def on_resize(self) -> None:
        """Redraw in the new width, with the differences if there is room for them."""
        wide = self.page_width >= WIDE
        if wide != self._query.wide:
            self.ask(replace(self._query, wide=wide))
        self.redraw()

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
        """Show labels, unit and method, or the axis of a chart that fills the page."""
        unit = self._query.weighting
        labels = quantity(self._labels, "label") if self._result else ""
        name = StatusItem("summary", "bold")
        if self._axis:
            # the page begins in the column of the header's first item
            start = len(self._axis) - len(self._axis.lstrip())
            room = start - cell_len(name.text) - len(GAP)
            of = f"of {unit}" * (unit != "documents")
            words = next(
                text for text in (GAP.join(filter(None, (of, labels))), of, labels, "") if len(text) < room
            )
            axis = words.ljust(room) + self._axis.lstrip()
            self.query_one("#header", StatusLine).show((name, StatusItem(axis, "$foreground-muted")))
            return
        parts = (
            (labels, 4),
            (f"shares of {unit}", 5),
            (self._method_words, 3),
            ("assisted" * self._is_assisted, 2),
        )
        self.query_one("#header", StatusLine).show(
            (StatusItem("corpuscope", "bold $text-accent", 6), name),
            [StatusItem(text, "$foreground-muted", priority) for text, priority in parts if text],
        )

    @property
    def _method_words(self) -> str:
        """Level and methods of the intervals, "95 % Wilson"; a corpus of known size has one of its own."""
        summary = self._result.labels.summary if self._result else None
        labelled = (
            [corpus.distribution for corpus in summary.corpora if corpus.distribution.n] if summary else []
        )
        if summary is None or not labelled:
            return kind_named(self._query.interval).title
        titles = dict.fromkeys(shares.method_title for shares in labelled)
        return f"{100 * summary.level:g} % {', '.join(titles)}"

    @property
    def _is_assisted(self) -> bool:
        """Whether the shares on screen are assisted: for seconds after the key they are not yet."""
        return self._result is not None and self._result.assisted is not None

    @property
    def _labels(self) -> int:
        corpora = self._result.labels.summary.corpora if self._result else ()
        return sum(corpus.distribution.n for corpus in corpora)

    def draw(self, result: SummaryPage) -> None:
        """Draw the tables as wide as the screen."""
        self._axis = ""
        self.query_one("#page", Static).update(self._drawn(result, self.page_width))
        self.show_header()

    def action_layout(self) -> None:
        """Show the next view: the chart, a table per corpus, all corpora side by side."""
        position = LAYOUTS.index(self._view) + 1 if self._view in LAYOUTS else 0
        self._view = LAYOUTS[position % len(LAYOUTS)]
        self.show_below(shown=False)

    def action_lengths(self) -> None:
        """Switch between lengths of documents and shares."""
        self._view = View.CHART if self._view is View.LENGTHS else View.LENGTHS
        self.show_below(shown=False)

    def action_method(self) -> None:
        """Show or hide how the numbers were computed."""
        self._method = not self._method
        if self._view in {View.CHART, View.SIDE_BY_SIDE} and not self._query.assisted:
            self.show_below(shown=self._method)
        else:
            self.redraw()

    def action_plan(self) -> None:
        """Show the plan for the first half-width, then for the next one."""
        if self._plan or self._view is View.TABLES:
            position = HALF_WIDTHS.index(self._half_width) + 1
            self._half_width = HALF_WIDTHS[position % len(HALF_WIDTHS)]
        self._plan = True
        if self._view not in {View.CHART, View.TABLES}:
            self._view = View.CHART
        if self._view is View.CHART:
            self.show_below(shown=True)
        else:
            self.redraw()

    def action_interval(self) -> None:
        """Show the next kind of interval."""
        keys = [kind.key for kind in KINDS]
        interval = keys[(keys.index(self._query.interval) + 1) % len(keys)]
        self.ask(replace(self._query, interval=interval))

    def action_assisted(self) -> None:
        """Switch between the shares of the labels and assisted ones."""
        before = self._query
        super().action_assisted()
        if self._query != before:
            self._view = View.CHART

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
        unit = self._workspace.settings.keys.first_key("summary.tokens")
        left_out = [*result.left_out, *([f"{unit} counts the next unit."] if result.left_out else [])]
        parts = [Content.styled(one_line(f"! {warning}"), "$text-warning") for warning in left_out]
        if not result.summary.corpora:
            return Content("\n").join(parts) or Content("No labels yet. Label a document and come back.")
        corpora, styles = result.summary.corpora, category_styles(self._workspace.scheme)
        if page.assisted is None and self._view in {View.CHART, View.SIDE_BY_SIDE}:
            parts = []  # these views have them below the sentences
        if self._view is View.LENGTHS:
            parts += [render_table(lengths_table(corpus), width) for corpus in corpora]
        elif page.assisted is not None:
            parts += assisted_parts(page.assisted, width)
            if not page.assisted.corpora:
                back = self._workspace.settings.keys.first_key("summary.assisted")
                parts.append(Content(f"{back} shows the shares of the labels again."))
        elif self._view is View.SIDE_BY_SIDE:
            parts += self._page(
                side_by_side_page(
                    result.summary,
                    styles,
                    width,
                    self.page_height,
                    left_out=result.left_out,
                    order=page.order,
                    method_key=self._method_key,
                )
            )
        elif self._view is View.TABLES:
            parts.append(render_corpora(corpora, width, styles, self._half_width, method=self._method))
            parts += [render_table(table, width) for corpus in corpora for table in further_tables(corpus)]
        else:
            parts += self._chart(page, styles, width)
        return Content("\n").join(parts)

    def _chart(self, result: SummaryPage, styles: Mapping[str, str], width: int) -> list[Content]:
        """Return the page of the chart, and the plan and methods where they are asked for."""
        corpora = result.labels.summary.corpora
        notes = []
        for corpus in corpora:
            unsure = [corpus.unsure_words] if corpus.unsure and not self._method else []
            words = (*self._plan_notes(corpus), *unsure, *(corpus.caption if self._method else ()))
            notes += [f"{corpus.corpus}: {' · '.join(words)}"] if words else []
        page = share_page(
            corpora,
            styles,
            width,
            self.page_height,
            interval=self._method_words,
            notes=notes,
            pairs=result.pairs,
            left_out=result.labels.left_out,
            order=result.order,
            method_key=self._method_key,
        )
        self._axis = page.axis
        parts = self._page(page)
        pending = [corpus for corpus in corpora if corpus.distribution.pending]
        if pending:
            parts.append(render_corpora(pending, width, styles, method=self._method))
        return parts

    def _page(self, page: SharePage) -> list[Content]:
        """Return a page; where the method is asked for, also all warnings if the page holds only some."""
        return [joined(lines) for lines in (page.lines, page.warnings if self._method else ()) if lines]

    @property
    def _method_key(self) -> str:
        return self._workspace.settings.keys.first_key("summary.method")

    def _plan_notes(self, corpus: CorpusSummary) -> list[str]:
        """Return the labels and the time to the half-width, where the plan is asked for."""
        return (
            [budget_words(corpus, self._half_width)] if self._plan and not corpus.distribution.pending else []
        )


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
