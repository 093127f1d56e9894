"""The mixture screen: what a mix of the corpora holds, with weights that move with keys or are typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Static

from corpuscope.analysis.mixture_plans import MixtureComparison, Reach
from corpuscope.analysis.mixture_source import MixtureSource, mixture_source
from corpuscope.config.actions import MIXTURE
from corpuscope.domain.mix import Mix, TypedWeight, parsed_amount, parsed_share
from corpuscope.errors import CorpuscopeError
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.report.mixture_result import reach_words
from corpuscope.report.mixture_words import amount_words
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.charts.frames import joined
from corpuscope.tui.charts.mixture_page import MixtureView, Palette, mixture_page
from corpuscope.tui.messages import WorkerFailed
from corpuscope.tui.screens.assisted import AssistedQuery, AssistedScreen
from corpuscope.tui.screens.note import NoteScreen
from corpuscope.tui.themes import grey_tones, tones_of
from corpuscope.tui.widgets.category_bar import category_styles
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine

ALL = -1
"""Stands for every category, before the index of the first one."""


class MixtureScreen(AssistedScreen[AssistedQuery, MixtureSource]):
    """Show one mix; the chosen corpus is the one whose weight moves."""

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

        second: Mix
        comparison: MixtureComparison

    @dataclass
    class Reached(Message):
        """The weights that reach a share were looked for."""

        reach: Reach

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, AssistedQuery())
        self._mix_name = ""
        self._mix: Mix | None = None
        self._chosen = 0
        self._typed: TypedWeight | None = None
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
        helped = {
            by: with_assistance(summaries, source.own, decisions, reading)
            for by, summaries in source.summaries.items()
        }
        return replace(source, assisted=helped)

    def accept(self, result: MixtureSource) -> None:
        """Store the result, and begin with the first mix of the plan or with equal weights."""
        super().accept(result)
        if self._mix is None:
            self._show_mix(next(iter(result.mixes), ""))
        self._compare()

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

    @property
    def _is_changed(self) -> bool:
        return bool(self._mix_name and self._result) and self._mix != self._kept(self._mix_name)

    def _kept(self, name: str) -> Mix | None:
        return self._result.mixes.get(name) if self._result else None

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

    def on_key(self, event: events.Key) -> None:
        """Type a weight: digits and a point begin one, enter keeps it."""
        if self._mix is None or self.app.screen is not self:
            return
        typed = self._typed or TypedWeight(self._mix, self._chosen_key)
        if event.character and typed.takes(event.character):
            event.stop()
            self._type(typed._replace(text=typed.text + event.character))
        elif self._typed is not None and event.key in ("backspace", "enter"):
            event.stop()
            if event.key == "backspace":
                self._type(typed._replace(text=typed.text[:-1]))
            else:
                self._stop_typing()
                self.redraw()

    def _type(self, typed: TypedWeight) -> None:
        """Show what was typed so far; the weights follow where it is a number up to 100."""
        self._typed = typed
        too_large = typed.mix is None
        self.show_error(f"a weight is a number from 0 to 100, and {typed.text} is more" if too_large else "")
        self._mix = typed.mix or self._mix
        self._compare()
        self.redraw()

    def _stop_typing(self) -> None:
        """Keep the weights as they are."""
        self._typed = None
        self.show_error("")

    @property
    def _chosen_key(self) -> str:
        return tuple(self._mix.weights)[self._chosen] if self._mix else ""

    def action_back(self) -> None:
        """Go back to the weight before it was typed, or leave the screen."""
        if self._typed is None:
            self.leave()
            return
        self._mix = self._typed.before
        self._stop_typing()
        self._compare()
        self.redraw()

    def action_move(self, step: int) -> None:
        """Choose the corpus above or below."""
        if self._mix is not None:
            self._stop_typing()
            self._chosen = (self._chosen + step) % len(self._mix.weights)
            self.redraw()

    def action_weight(self, step: int) -> None:
        """Change the weight of the chosen corpus by so many percent."""
        if self._mix is not None:
            percent = round(100 * self._mix.fractions[self._chosen_key], 6) + step
            self._change(self._mix.with_weight(self._chosen_key, percent))

    def action_alone(self) -> None:
        """Give the chosen corpus the whole mixture."""
        if self._mix is not None:
            self._change(self._mix.with_weight(self._chosen_key, 100))

    def action_next(self) -> None:
        """Show the next mix of the plan; the last one is followed by equal weights."""
        if self._result is not None:
            names = [*self._result.mixes, ""]
            at = names.index(self._mix_name) if self._mix_name in names else -1
            self._stop_typing()
            self._show_mix(names[(at + 1) % len(names)])
            self._compare()
            self.redraw()

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
        self._compare()
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

    def action_budget(self) -> None:
        """Ask for the budget."""
        if self._mix is not None:
            budget = "" if self._mix.budget is None else amount_words(self._mix.budget).replace(" ", "")
            hint = "a number such as 750M, 20B or 1.3T · enter saves · esc cancels · empty removes the budget"
            self.app.push_screen(NoteScreen(budget, "how much is there to train on?", hint), self._set_budget)

    def action_keep(self) -> None:
        """Ask for the name under which the mix is kept."""
        if self._mix is not None:
            hint = "enter saves the mix under this name in plan.json, in place of any other · esc cancels"
            self.app.push_screen(NoteScreen(self._mix_name, "name of the mix", hint), self._keep)

    def action_reach(self) -> None:
        """Ask for a share to reach."""
        if self._result is not None:
            hint = "the nearest weights at which the interval lies above it · enter looks for them · esc does not"
            aim = f"{self._result.categories[0]}=60"
            self.app.push_screen(
                NoteScreen("", f"at least how much of what? as in {aim}", hint), self._look_for
            )

    def action_page(self, step: int) -> None:
        """Scroll by a page."""
        page = self.query_one(VerticalScroll)
        page.scroll_relative(y=step * page.size.height, animate=False)

    def _set_budget(self, text: str | None) -> None:
        if text is None or self._mix is None:
            return
        amount = parsed_amount(text) if text else None
        if text and amount is None:
            self.show_error(f"{one_line(text, 30)} is no positive number, as in 750M, 20B or 1.3T")
            return
        self.show_error("")
        self._change(replace(self._mix, budget=amount))

    def _keep(self, name: str | None) -> None:
        if not name or self._mix is None or self._result is None:
            return
        try:
            self._workspace.plan.keep_mix(name, self._mix)
        except CorpuscopeError as fault:
            self.failed(fault)
            return
        self.show_error("")
        self._result.mixes[name] = self._mix
        self._mix_name = name
        self.redraw()

    def _look_for(self, text: str | None) -> None:
        if not text:
            return
        aim = parsed_share(text)
        if aim is None:
            self.show_error(f"{one_line(text, 30)} is no category with a percentage, as in Educational=60")
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
        self.post_message(self.Reached(reach))

    def on_mixture_screen_reached(self, message: Reached) -> None:
        """Take the weights that reach the share, or say that none do."""
        reach = message.reach
        if reach.mixture is not None and self._mix is not None:
            self._change(replace(self._mix, weights=reach.mixture.mix.weights))
            self.show_line([StatusItem(reach_words(reach), "$text-success")])
        else:
            self.show_error(reach_words(reach))

    def _compare(self) -> None:
        """Compare the mix with the one before, where that is asked for."""
        if self._baseline is not None and self._result is not None and self._mix is not None:
            if self._baseline[1].by != self._mix.by:
                self._comparison = None  # that of other weights; the worker says why there is none
            self._compare_mixes(self._result, *self._baseline, self._mix)

    @work(thread=True, exclusive=True, group="what if", exit_on_error=False)
    def _compare_mixes(self, result: MixtureSource, name: str, first: Mix, second: Mix) -> None:
        now = "now" if name == self._mix_name or not self._mix_name else self._mix_name
        try:
            comparison = result.compared(first, second, (name or "before", now))
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))
            return
        self.post_message(self.Compared(second, comparison))

    def on_mixture_screen_compared(self, message: Compared) -> None:
        """Draw the comparison unless the mix has changed since."""
        if self._baseline is not None and message.second == self._mix:
            self._comparison = message.comparison
            self.redraw()

    def _change(self, mix: Mix) -> None:
        self._stop_typing()
        self._mix = mix
        self.show_status()
        self._compare()
        self.redraw()

    def _show_mix(self, name: str) -> None:
        """Show a mix of the plan; "" stands for equal weights of all corpora."""
        if self._result is None:
            return
        self._mix_name = name
        self._mix = self._result.mixes.get(name) or self._result.equal_mix
        self._chosen = min(self._chosen, len(self._mix.weights) - 1)
