"""The comparison screen: the differences between two corpora at a time, with their uncertainty."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

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
from corpuscope.report.assisted_tables import assisted_difference
from corpuscope.report.comparison_tables import comparison_table
from corpuscope.report.tables import Table
from corpuscope.session.workspace import Workspace
from corpuscope.stats.sample import Sample
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.charts.differences import comparison_page
from corpuscope.tui.charts.frames import joined
from corpuscope.tui.charts.tables import render_table
from corpuscope.tui.screens.shares import SharesQuery, SharesScreen
from corpuscope.tui.widgets.category_bar import category_styles
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine

if TYPE_CHECKING:  # loads scikit-learn, which comes with the first assisted comparison
    from corpuscope.analysis.assisted import AssistedStudy


@dataclass(frozen=True, slots=True)
class ComparisonQuery(SharesQuery):
    """Which samples are compared, and in what unit."""

    references: bool = False
    """Whether published labels are compared too; with fewer than two corpora of one's own they always are."""


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """What the screen shows."""

    labels: CorpusComparisons
    """Comparisons of the labels."""
    assisted: AssistedStudy | None
    """Assisted shares; None where they are not asked for."""


class CompareScreen(SharesScreen[ComparisonQuery, ComparisonPage]):
    """Show one `CorpusComparison`; left and right change it."""

    KEYS = COMPARE
    ASSISTED = "an assisted comparison"
    WAITING = "comparing ..."
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMPARE.actions)]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, ComparisonQuery())
        self._position = 0
        self._method = False

    def compute(self, query: ComparisonQuery, decisions: Decisions) -> ComparisonPage:
        """Compare every pair of corpora."""
        # imports numpy, which the first frame must not wait for
        scheme = self._workspace.scheme
        plan = self._workspace.plan.read()
        own = [sample for sample in samples_of(decisions, scheme, plan) if sample.n or sample.pending]
        labels = compare_corpora(
            own,
            _references(own, query),
            LabellingProtocol.of(decisions, scheme, plan=plan),
            weighting=query.weighting,
        )
        return ComparisonPage(labels, self._estimate(query, decisions, own) if query.assisted else None)

    def _estimate(
        self, query: ComparisonQuery, decisions: Decisions, samples: Sequence[Sample]
    ) -> AssistedStudy:
        from corpuscope.analysis.assisted import estimate

        reading = self.read_with_classifier(decisions, samples)
        return estimate(decisions, samples, reading, weighting=query.weighting)

    def accept(self, result: ComparisonPage) -> None:
        """Store the result and keep the pair on screen."""
        shown = self._shown
        names = [_names(pair) for pair in result.labels.pairs]
        self._position = names.index(_names(shown)) if shown and _names(shown) in names else 0
        super().accept(result)

    def show_header(self) -> None:
        """Show the names and position of the pair, and the unit of the shares."""
        left = [StatusItem("corpuscope", "bold $text-accent", 3), StatusItem("compare", "bold", 1)]
        right = [StatusItem(f"shares of {self._query.weighting}", "$foreground-muted", 4)]
        if (shown := self._shown) and self._result:
            first, second = (one_line(name, 30) for name in _names(shown))
            pairs = len(self._result.labels.pairs)
            right.insert(0, StatusItem(f"{second} minus {first}", "", 1))
            right.append(StatusItem(f"pair {self._position + 1:,} of {pairs:,}", "$foreground-muted", 2))
        self.query_one("#header", StatusLine).show(left, right)

    def idle_commands(self) -> Collection[str]:
        """Return those that change the only pair, and that of the method where there is none."""
        pairs = len(self._result.labels.pairs) if self._result else 0
        return [*["next"] * (pairs < 2), *["method"] * (not pairs)]

    def draw(self, result: ComparisonPage) -> None:
        """Draw the pair as wide as the screen."""
        self.show_footer()
        refused = result.assisted.refused if result.assisted else ()
        warnings = (*result.labels.left_out, *refused)
        if shown := self._shown:
            page, every_warning = comparison_page(
                shown,
                [pair for pair in result.labels.pairs if pair is not shown],
                category_styles(self._workspace.scheme),
                self.page_width,
                self.page_height,
                left_out=warnings,
                method_key=self._workspace.settings.keys.first_key("compare.method"),
            )
            parts = [joined(page)]
            if result.assisted and (table := _assisted_difference(result.assisted, shown)):
                parts.append(render_table(table, self.page_width))
            if self._method:
                caption = " · ".join(map(one_line, comparison_table(shown).caption))
                parts += [Content.styled(caption, "$foreground-muted"), joined(every_warning)]
        else:
            parts = [Content.styled(one_line(f"! {warning}"), "$text-warning") for warning in warnings]
            keys = self._workspace.settings.keys
            unit, published = keys.first_key("compare.tokens"), keys.first_key("compare.references")
            ways = f"{unit} counts another unit, {published} sets published labels beside yours."
            parts.append(Content(f"Nothing is left to compare. {ways}"))
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

    def action_method(self) -> None:
        """Show or hide how the numbers were computed."""
        self._method = not self._method
        self.show_below(shown=self._method)

    @property
    def _shown(self) -> CorpusComparison | None:
        pairs = self._result.labels.pairs if self._result else ()
        return pairs[self._position] if pairs else None

    def _turn(self, step: int) -> None:
        if self._result and self._result.labels.pairs:
            self._position = (self._position + step) % len(self._result.labels.pairs)
            self.query_one(VerticalScroll).scroll_home(animate=False)
            self.redraw()


def _references(own: Sequence[Sample], query: ComparisonQuery) -> tuple[Sample, ...]:
    return references_named([PUBLISHED]) if query.references or len(own) < 2 else ()


def _assisted_difference(study: AssistedStudy, pair: CorpusComparison) -> Table | None:
    """Return the table of a pair; None where one of them has no assisted shares."""
    corpora = {corpus.corpus: corpus for corpus in study.corpora}
    first, second = (corpora.get(name) for name in _names(pair))
    return assisted_difference(first, second) if first and second else None


def _names(pair: CorpusComparison) -> tuple[str, str]:
    return pair.first.corpus, pair.second.corpus
