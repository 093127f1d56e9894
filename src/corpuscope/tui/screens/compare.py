"""The comparison: two corpora at a time, what their labels show and what they do not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from corpuscope.analysis.comparisons import CorpusComparison, CorpusComparisons, compare_corpora
from corpuscope.analysis.references import PUBLISHED, references_named
from corpuscope.config.actions import COMPARE
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.session.workspace import Workspace
from corpuscope.stats.distribution import Weighting
from corpuscope.stats.sample import Sample
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.charts.tables import render_comparison
from corpuscope.tui.screens.live import LiveScreen
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine


@dataclass(frozen=True, slots=True)
class ComparisonQuery:
    """What is compared."""

    references: bool = False
    """True sets one's own corpora against published labels too; without two of one's own they always come."""
    weighting: Weighting = "documents"
    """What the shares are shares of."""


class CompareScreen(LiveScreen[ComparisonQuery, CorpusComparisons]):
    """Shows one `CorpusComparison`; left and right go through all of them."""

    PLACE = "Compare"
    WAITING = "comparing ..."
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMPARE)]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, ComparisonQuery())
        self._place = 0

    def compute(self, query: ComparisonQuery, decisions: Decisions) -> CorpusComparisons:
        """Every pair."""
        # numpy comes with this; the first frame does not wait for it
        from corpuscope.analysis.protocol import LabellingProtocol
        from corpuscope.analysis.samples import samples_of

        scheme = self._workspace.scheme
        samples = samples_of(decisions, scheme, self._workspace.plan())
        own = [sample for sample in samples if sample.n]
        return compare_corpora(
            own, _references(own, query), LabellingProtocol.of(decisions, scheme), weighting=query.weighting
        )

    def accept(self, result: CorpusComparisons) -> None:
        """The pair on screen stays."""
        shown = self._shown
        names = [_names(pair) for pair in result.pairs]
        self._place = names.index(_names(shown)) if shown and _names(shown) in names else 0
        super().accept(result)

    def show_header(self) -> None:
        """Which pair, of what."""
        left = [StatusItem("corpuscope", "bold $text-accent"), StatusItem("differences")]
        if (shown := self._shown) and self._result:
            first, second = (one_line(name, 30) for name in _names(shown))
            left.append(StatusItem(f"{first} → {second}", "bold", 1))
            left.append(StatusItem(f"{self._place + 1:,} of {len(self._result.pairs):,}", "", 2))
        self.query_one("#header", StatusLine).show(
            left, (StatusItem(f"shares of {self._query.weighting}", "", 4),)
        )

    def draw(self, result: CorpusComparisons) -> None:
        """The pair, as wide as the screen."""
        parts = [Content.styled(one_line(f"! {each}"), "$text-warning") for each in result.left_out]
        if shown := self._shown:
            parts.append(render_comparison(shown, self.page_width))
        else:
            parts.append(
                Content(
                    "Nothing is left to compare. t counts documents or tokens, r sets published labels beside yours."
                )
            )
        self.query_one("#page", Static).update(Content("\n").join(parts))

    def action_next(self) -> None:
        """The next pair, after the last the first."""
        self._turn(+1)

    def action_previous(self) -> None:
        """The pair before, before the first the last."""
        self._turn(-1)

    def action_references(self) -> None:
        """With published labels, or without."""
        self.ask(replace(self._query, references=not self._query.references))

    def action_tokens(self) -> None:
        """Shares of tokens, or of documents."""
        by_documents = self._query.weighting == "documents"
        self.ask(replace(self._query, weighting="tokens" if by_documents else "documents"))

    @property
    def _shown(self) -> CorpusComparison | None:
        return self._result.pairs[self._place] if self._result and self._result.pairs else None

    def _turn(self, step: int) -> None:
        if self._result and self._result.pairs:
            self._place = (self._place + step) % len(self._result.pairs)
            self.query_one(VerticalScroll).scroll_home(animate=False)
            self.redraw()


def _references(own: Sequence[Sample], query: ComparisonQuery) -> tuple[Sample, ...]:
    return references_named([PUBLISHED]) if query.references or len(own) < 2 else ()


def _names(pair: CorpusComparison) -> tuple[str, str]:
    return pair.first.corpus, pair.second.corpus
