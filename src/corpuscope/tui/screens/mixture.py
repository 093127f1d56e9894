"""The mixture screen: what a mix of the corpora holds, what another would change, and what to label next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Static

from corpuscope.analysis.mixture_plans import MixtureComparison, Reach
from corpuscope.analysis.mixture_source import MixtureSource, mixture_source
from corpuscope.config.actions import MIXTURE
from corpuscope.domain.mix import Mix, parsed_share
from corpuscope.errors import CorpuscopeError
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.report.mixture_tables import reach_words
from corpuscope.report.mixture_words import amount_words
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.charts.frames import joined
from corpuscope.tui.charts.mixture_page import MixtureView, Palette, mixture_page
from corpuscope.tui.messages import WorkerFailed
from corpuscope.tui.screens.assisted import AssistedQuery
from corpuscope.tui.screens.mix_editor import MixEditorScreen
from corpuscope.tui.screens.note import NoteScreen
from corpuscope.tui.themes import grey_tones, tones_of
from corpuscope.tui.widgets.category_bar import category_styles
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine

ALL = -1
"""Stands for every category, before the index of the first one."""


class MixtureScreen(MixEditorScreen):
    """Show what a mix holds, or how it differs from the one before."""

    DEFAULT_CSS = """
    MixtureScreen #fixed { height: auto; padding: 0 0 0 1; }
    """

    KEYS = MIXTURE
    ASSISTED = "an assisted mixture"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(MIXTURE.actions),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]

    @dataclass
    class Compared(Message):
        """The mix was compared with the one before."""

        source: MixtureSource
        mixes: tuple[Mix, Mix]
        comparison: MixtureComparison

    @dataclass
    class Reached(Message):
        """The weights that reach a share were looked for."""

        mix: Mix
        reach: Reach

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._baseline: tuple[str, Mix] | None = None
        self._comparison: MixtureComparison | None = None
        self._narrowed: int | None = None  # index of a category, or ALL; None while no labels are divided
        self._method = False

    def body(self) -> ComposeResult:
        """Yield the page; it takes no focus, since the arrows move weights."""
        yield Static(id="fixed", markup=False)
        yield VerticalScroll(Static(self.WAITING, id="page", markup=False), can_focus=False)

    def compute(self, query: AssistedQuery, decisions: Decisions) -> MixtureSource:
        """Summarise every corpus once; a weight that moves needs no more."""
        source = mixture_source(decisions, self._workspace.scheme, self._workspace.plan.read())
        if not query.assisted:
            return source
        from corpuscope.analysis.assisted_mixtures import with_assistance

        reading = self.read_with_classifier(decisions, source.own)
        return replace(source, assisted=with_assistance(source.summaries, source.own, decisions, reading))

    def accept(self, result: MixtureSource) -> None:
        """Store the result, and begin with the first mix of the plan or with equal weights."""
        super().accept(result)
        if self._mix is None:
            self._show_mix(next(iter(result.mixes), ""))
        self.mix_changed()

    def status(self) -> Sequence[StatusItem]:
        """Return the problems of the ledger, and why a corpus of the mixture has no assisted shares."""
        refused = self._result.refused(self._mix.by) if self._result and self._mix else ()
        return [*super().status(), *(StatusItem(one_line(text), "$text-warning") for text in refused)]

    def show_header(self) -> None:
        """Show the name of the mix, its budget, and the level of the intervals."""
        left = [StatusItem("corpuscope", "bold $text-accent"), StatusItem("mixture", "bold")]
        if self._mix_name:
            left.append(StatusItem(one_line(self._mix_name, 30), "", 1))
        if self._is_changed:
            left.append(StatusItem("changed, k keeps it", "$text-warning", 2))
        budget = self._mix.budget if self._mix else None
        size = f"budget {amount_words(budget)} {self._mix.by}" if self._mix and budget else ""
        is_assisted = self._result is not None and bool(self._result.assisted)
        words = " · ".join(filter(None, (size, "assisted" * is_assisted, "95 % intervals")))
        self.query_one("#header", StatusLine).show(left, (StatusItem(words, "$foreground-muted", 3),))

    def draw(self, result: MixtureSource) -> None:
        """Draw the sentence, the weights, and the chart, the comparison or the method."""
        if self._mix is None:
            return
        view = MixtureView(
            result.mixture(self._mix, self._mix_name),
            self._chosen,
            self._typed,
            next_labels=self._next_labels(result),
            narrowed="" if self._narrowed in (None, ALL) else result.categories[self._narrowed],
            command=f"corpuscope label --for-mix {self._mix_name}"
            if self._mix_name and not self._is_changed
            else "",
            against=self._comparison,
            method=self._method,
            method_key=self._workspace.settings.keys.first_key("mixture.method"),
        )
        page = mixture_page(view, self._palette(), self.page_width, self.page_height)
        self.query_one("#fixed", Static).update(joined(page.fixed))
        self.query_one("#page", Static).update(joined(page.lines))

    def _show_top(self) -> None:
        """Scroll to the top of what takes the place of something else."""
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def _palette(self) -> Palette:
        scheme = self._workspace.scheme
        return Palette(category_styles(scheme), tones_of(scheme, self.app), grey_tones(self.app))

    def _next_labels(self, result: MixtureSource) -> Mapping[str, int] | None:
        """Divide the next labels; None while they are not shown."""
        if self._narrowed is None or self._mix is None:
            return None
        return result.next_labels(
            self._mix, None if self._narrowed == ALL else result.categories[self._narrowed]
        )

    def action_what_if(self) -> None:
        """Compare what follows with the mix as it is kept, or as it is now; the second time show the chart again."""
        if self._mix is None:
            return
        if self._baseline is not None:
            self._baseline = self._comparison = None
        else:
            kept = self._kept(self._mix_name)
            self._baseline = (self._mix_name, kept) if kept is not None else ("", self._mix)
            self._method = False
        self._show_top()
        self.mix_changed()
        self.redraw()

    def action_read_next(self) -> None:
        """Show what to label next to narrow every interval, then that of each category; then hide it."""
        if self._result is not None:
            at = ALL if self._narrowed is None else self._narrowed + 1
            self._narrowed = at if at < len(self._result.categories) else None
            self.redraw()

    def action_method(self) -> None:
        """Show how the numbers were computed, or the chart again."""
        self._method = not self._method
        self._show_top()
        self.redraw()

    def action_reach(self) -> None:
        """Ask for a share to reach."""
        if self._result is not None:
            hint = "the nearest weights at which the interval lies above it · enter looks for them · esc does not"
            aim = f"{self._result.categories[0]}=60"
            self.app.push_screen(NoteScreen("", "at least how much of what", aim, hint), self._look_for)

    def action_page(self, step: int) -> None:
        """Scroll by a page."""
        page = self.query_one(VerticalScroll)
        page.scroll_relative(y=step * page.size.height, animate=False)

    def _look_for(self, text: str | None) -> None:
        if not text:
            return
        aim = parsed_share(text)
        if aim is None:
            self.show_error(f"{one_line(text, 30)} is not a category with a percentage, as in Educational=60")
            return
        self.show_error("")
        if self._result is not None and self._mix is not None:
            self._find_weights(self._result, self._mix, *aim)

    @work(thread=True, exclusive=True, group="reach", exit_on_error=False)
    def _find_weights(self, result: MixtureSource, mix: Mix, category: str, least: float) -> None:
        try:
            reach = result.reaching(mix, category, least)
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))
            return
        self.post_message(self.Reached(mix, reach))

    def on_mixture_screen_reached(self, message: Reached) -> None:
        """Take the weights that reach the share, or say that none do, unless the mix has changed since."""
        reach = message.reach
        if message.mix != self._mix:
            return
        if reach.mixture is not None:
            self._change(replace(message.mix, weights=reach.mixture.mix.weights))
            self.show_line([StatusItem(reach_words(reach), "$text-success")])
        else:
            self.show_error(reach_words(reach))

    def mix_changed(self) -> None:
        """Compare the mix with the one before, where that is asked for."""
        if self._baseline is not None and self._result is not None and self._mix is not None:
            if self._baseline[1].by != self._mix.by:
                self._comparison = None  # that of other weights; the worker says why there is none
            name, first = self._baseline
            now = "now" if name == self._mix_name or not self._mix_name else self._mix_name
            self._compare_mixes(self._result, (first, self._mix), (name or "before", now))

    @work(thread=True, exclusive=True, group="what if", exit_on_error=False)
    def _compare_mixes(self, result: MixtureSource, mixes: tuple[Mix, Mix], names: tuple[str, str]) -> None:
        try:
            comparison = result.compared(*mixes, names)
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))
            return
        self.post_message(self.Compared(result, mixes, comparison))

    def on_mixture_screen_compared(self, message: Compared) -> None:
        """Draw the comparison unless a mix or the shares have changed since."""
        if self._baseline is None or message.source is not self._result:
            return
        if message.mixes == (self._baseline[1], self._mix):
            self._comparison = message.comparison
            self.redraw()
