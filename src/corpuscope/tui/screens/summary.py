"""The summary screen: counts, shares, bars and intervals of all labels so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from corpuscope.analysis.comparisons import SummaryWithExclusions, summarise_countable
from corpuscope.analysis.samples import samples_of
from corpuscope.config.actions import AGREEMENT, COMPARE, REVIEW, SUMMARY
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.report.tables import lengths_table, side_by_side
from corpuscope.session.workspace import Workspace
from corpuscope.stats.distribution import WEIGHTINGS, Weighting
from corpuscope.stats.interval_kinds import KINDS, kind_named
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.charts.tables import render_corpora, render_table
from corpuscope.tui.messages import ScreenWanted
from corpuscope.tui.screens.live import LiveScreen
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine

HALF_WIDTHS = (0.05, 0.03, 0.02, 0.01)
"""Half-widths for which the labels and minutes still needed can be shown."""


@dataclass(frozen=True, slots=True)
class SummaryQuery:
    """Which intervals are computed, and in what unit."""

    interval: str = KINDS[0].key
    """Key of the kind of interval."""
    weighting: Weighting = "documents"
    """Unit that the shares are shares of."""


class SummaryScreen(LiveScreen[SummaryQuery, SummaryWithExclusions]):
    """Show the summary of every corpus."""

    KEYS = SUMMARY
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SUMMARY.actions)]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, SummaryQuery())
        self._half_width = HALF_WIDTHS[0]
        self._together = False
        self._lengths = False

    def compute(self, query: SummaryQuery, decisions: Decisions) -> SummaryWithExclusions:
        """Return the summary."""
        # imports numpy, which the first frame must not wait for
        samples = samples_of(decisions, self._workspace.scheme, self._workspace.plan.read())
        return summarise_countable(samples, interval=query.interval, weighting=query.weighting)

    def show_header(self) -> None:
        """Show the kind of interval and the unit of the shares."""
        self.query_one("#header", StatusLine).show(
            (StatusItem("corpuscope", "bold $text-accent"), StatusItem("summary")),
            (
                StatusItem(
                    f"{kind_named(self._query.interval).title} · shares of {self._query.weighting}", "", 3
                ),
            ),
        )

    def draw(self, result: SummaryWithExclusions) -> None:
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

    def action_review(self) -> None:
        """Open the review of labels."""
        self.post_message(ScreenWanted(REVIEW.name))

    def action_agreement(self) -> None:
        """Open the agreement."""
        self.post_message(ScreenWanted(AGREEMENT.name))

    def action_compare(self) -> None:
        """Open the comparison."""
        self.post_message(ScreenWanted(COMPARE.name))

    def _drawn(self, result: SummaryWithExclusions, width: int) -> Content:
        parts = [Content.styled(one_line(f"! {warning}"), "$text-warning") for warning in result.left_out]
        if result.left_out:
            parts.append(Content("t counts the next unit.\n"))
        if not result.summary.corpora:
            return Content("\n").join(parts) or Content("No labels yet. Label a document and come back.")
        if self._lengths:
            parts += [render_table(lengths_table(corpus), width) for corpus in result.summary.corpora]
        elif self._together:
            parts.append(render_table(side_by_side(result.summary), width))
        else:
            parts.append(render_corpora(result.summary.corpora, width, self._half_width))
        return Content("\n").join(parts)
