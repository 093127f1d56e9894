"""The comparison screen: the differences between two corpora at a time, with their uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from corpuscope.analysis.comparisons import CorpusComparison, CorpusComparisons, compare_corpora
from corpuscope.analysis.protocol import LabellingProtocol
from corpuscope.analysis.references import PUBLISHED, references_named
from corpuscope.analysis.samples import samples_of
from corpuscope.config.actions import COMPARE
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.session.workspace import Workspace
from corpuscope.stats.distribution import WEIGHTINGS, Weighting
from corpuscope.stats.sample import Sample
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.charts.tables import render_comparison
from corpuscope.tui.screens.live import LiveScreen
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine


@dataclass(frozen=True, slots=True)
class ComparisonQuery:
    """Which samples are compared, and in what unit."""

    references: bool = False
    """Whether published labels are compared too; with fewer than two corpora of one's own they always are."""
    weighting: Weighting = "documents"
    """Unit that the shares are shares of."""


class CompareScreen(LiveScreen[ComparisonQuery, CorpusComparisons]):
    """Show one `CorpusComparison`; left and right change it."""

    KEYS = COMPARE
    WAITING = "comparing ..."
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMPARE.actions)]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, ComparisonQuery())
        self._position = 0

    def compute(self, query: ComparisonQuery, decisions: Decisions) -> CorpusComparisons:
        """Compare every pair of corpora."""
        # imports numpy, which the first frame must not wait for
        scheme = self._workspace.scheme
        plan = self._workspace.plan.read()
        own = [sample for sample in samples_of(decisions, scheme, plan) if sample.n or sample.pending]
        return compare_corpora(
            own,
            _references(own, query),
            LabellingProtocol.of(decisions, scheme, plan=plan),
            weighting=query.weighting,
        )

    def accept(self, result: CorpusComparisons) -> None:
        """Store the result and keep the pair on screen."""
        shown = self._shown
        names = [_names(pair) for pair in result.pairs]
        self._position = names.index(_names(shown)) if shown and _names(shown) in names else 0
        super().accept(result)

    def show_header(self) -> None:
        """Show the names and position of the pair, and the unit of the shares."""
        left = [StatusItem("corpuscope", "bold $text-accent"), StatusItem("differences")]
        if (shown := self._shown) and self._result:
            first, second = (one_line(name, 30) for name in _names(shown))
            left.append(StatusItem(f"{first} → {second}", "bold", 1))
            left.append(StatusItem(f"{self._position + 1:,} of {len(self._result.pairs):,}", "", 2))
        self.query_one("#header", StatusLine).show(
            left, (StatusItem(f"shares of {self._query.weighting}", "", 4),)
        )

    def draw(self, result: CorpusComparisons) -> None:
        """Draw the pair as wide as the screen."""
        parts = [Content.styled(one_line(f"! {warning}"), "$text-warning") for warning in result.left_out]
        if shown := self._shown:
            parts.append(render_comparison(shown, self.page_width))
        else:
            parts.append(
                Content(
                    "Nothing is left to compare. t counts another unit, r sets published labels beside yours."
                )
            )
        self.query_one("#page", Static).update(Content("\n").join(parts))

    def action_next(self) -> None:
        """Show the next pair; the last one is followed by the first."""
        self._turn(+1)

    def action_previous(self) -> None:
        """Show the previous pair; the first one is followed by the last."""
        self._turn(-1)

    def action_references(self) -> None:
        """Include or exclude published labels."""
        self.ask(replace(self._query, references=not self._query.references))

    def action_tokens(self) -> None:
        """Show shares of the next unit: documents, tokens, characters."""
        following = WEIGHTINGS[(WEIGHTINGS.index(self._query.weighting) + 1) % len(WEIGHTINGS)]
        self.ask(replace(self._query, weighting=following))

    @property
    def _shown(self) -> CorpusComparison | None:
        return self._result.pairs[self._position] if self._result and self._result.pairs else None

    def _turn(self, step: int) -> None:
        if self._result and self._result.pairs:
            self._position = (self._position + step) % len(self._result.pairs)
            self.query_one(VerticalScroll).scroll_home(animate=False)
            self.redraw()


def _references(own: Sequence[Sample], query: ComparisonQuery) -> tuple[Sample, ...]:
    return references_named([PUBLISHED]) if query.references or len(own) < 2 else ()


def _names(pair: CorpusComparison) -> tuple[str, str]:
    return pair.first.corpus, pair.second.corpus
