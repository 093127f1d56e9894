"""The mixture screen: what a mix of the corpora holds, with weights that move with keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from corpuscope.analysis.mixtures import Mixture, mixture_from, summaries_for
from corpuscope.analysis.references import PUBLISHED, samples_by_name
from corpuscope.analysis.samples import samples_of
from corpuscope.config.actions import MIXTURE
from corpuscope.domain.mix import MIX_UNITS, Mix, parsed_amount
from corpuscope.errors import CorpuscopeError
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.report.mixture_result import amount_words, caption, headline
from corpuscope.session.workspace import Workspace
from corpuscope.stats.summary import CorpusSummary
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.charts.frames import joined
from corpuscope.tui.charts.mixture import legend, mixture_lines, weight_lines
from corpuscope.tui.screens.live import LiveScreen
from corpuscope.tui.screens.note import NoteScreen
from corpuscope.tui.widgets.category_bar import category_styles
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine


@dataclass(frozen=True, slots=True)
class MixturePage:
    """What the mixtures are computed from."""

    summaries: dict[str, dict[str, CorpusSummary]]
    """Summaries by key of the corpus, for each unit of a mix."""
    categories: tuple[str, ...]
    """Names of the categories."""
    mixes: dict[str, Mix]
    """The mixes of the plan."""
    corpora: tuple[str, ...]
    """Keys of the corpora that are mixed when no mix is chosen."""


class MixtureScreen(LiveScreen[None, MixturePage]):
    """Show one mix; the chosen corpus is the one whose weight moves."""

    KEYS = MIXTURE
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(MIXTURE.actions),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, None)
        self._mix_name = ""
        self._mix: Mix | None = None
        self._chosen = 0

    def body(self) -> ComposeResult:
        """Yield the page; it takes no focus, since the arrows move weights."""
        yield VerticalScroll(Static(self.WAITING, id="page", markup=False), can_focus=False)

    def compute(self, _query: None, decisions: Decisions) -> MixturePage:
        """Summarise every corpus once; a weight that moves needs no more."""
        scheme, plan = self._workspace.scheme, self._workspace.plan.read()
        samples = {
            sample.corpus: sample
            for sample in samples_of(decisions, scheme, plan)
            if sample.n or sample.pending
        }
        if not samples:  # published labels show what the screen does
            samples = samples_by_name([PUBLISHED])
        categories = next(iter(samples.values())).categories
        return MixturePage(
            {by: summaries_for(by, samples, categories) for by in MIX_UNITS},
            categories,
            dict(plan.mixes) if plan else {},
            tuple(samples),
        )

    def accept(self, result: MixturePage) -> None:
        """Store the result, and begin with the first mix of the plan or with equal weights."""
        super().accept(result)
        if self._mix is None:
            self._show_mix(next(iter(result.mixes), ""))

    def show_header(self) -> None:
        """Show the name of the mix, its budget, and the level of the intervals."""
        left = [StatusItem("corpuscope", "bold $text-accent"), StatusItem("mixture")]
        if self._mix_name:
            left.append(StatusItem(one_line(self._mix_name, 30), "bold", 1))
            if self._result and self._mix != self._result.mixes.get(self._mix_name):
                left.append(StatusItem("changed, k keeps it", "$text-warning", 2))
        budget = self._mix.budget if self._mix else None
        size = f"budget {amount_words(budget)} {self._mix.by} · " if self._mix and budget else ""
        self.query_one("#header", StatusLine).show(left, (StatusItem(f"{size}95 % intervals", "", 3),))

    def draw(self, result: MixturePage) -> None:
        """Draw headline, weights, chart, warnings and method."""
        mixture = self._mixture(result)
        if mixture is None:
            return
        width = self.page_width
        parts = [Content.styled(one_line(headline(mixture)), "bold")]
        if mixture.warnings:
            count = len(mixture.warnings)
            words = f"! {count} warning{'s' * (count != 1)} below the chart: {one_line(mixture.warnings[0])}"
            parts.append(Content.styled(one_line(words, width), "$text-warning"))
        parts.append(joined(weight_lines(mixture, self._chosen, width)))
        parts.append(joined(mixture_lines(mixture, category_styles(self._workspace.scheme), width)))
        parts.append(Content.styled(legend(mixture), "$foreground-muted"))
        parts += [Content.styled(one_line(f"! {warning}"), "$text-warning") for warning in mixture.warnings]
        parts.append(Content.styled(one_line(" · ".join(caption(mixture))), "$foreground-muted"))
        self.query_one("#page", Static).update(Content("\n").join(parts))

    def action_move(self, step: int) -> None:
        """Choose the corpus above or below."""
        if self._mix is not None:
            self._chosen = (self._chosen + step) % len(self._mix.weights)
            self.redraw()

    def action_weight(self, step: int) -> None:
        """Change the weight of the chosen corpus by so many percent."""
        if self._mix is not None:
            key = tuple(self._mix.weights)[self._chosen]
            percent = round(100 * self._mix.fractions[key], 6) + step
            self._change(self._mix.with_weight(key, percent))

    def action_alone(self) -> None:
        """Give the chosen corpus the whole mixture."""
        if self._mix is not None:
            self._change(self._mix.with_weight(tuple(self._mix.weights)[self._chosen], 100))

    def action_next(self) -> None:
        """Show the next mix of the plan; the last one is followed by equal weights."""
        if self._result is not None:
            names = [*self._result.mixes, ""]
            at = names.index(self._mix_name) if self._mix_name in names else -1
            self._show_mix(names[(at + 1) % len(names)])
            self.redraw()

    def action_budget(self) -> None:
        """Ask for the budget."""
        if self._mix is not None:
            budget = "" if self._mix.budget is None else amount_words(self._mix.budget).replace(" ", "")
            hint = "a number such as 750M, 20B or 1.3T · enter keeps it · esc leaves it as it was · empty removes it"
            self.app.push_screen(NoteScreen(budget, "how much is there to train on?", hint), self._set_budget)

    def action_keep(self) -> None:
        """Ask for the name under which the mix is kept."""
        if self._mix is not None:
            hint = "enter keeps the mix under this name in plan.json, in place of any other · esc does not"
            self.app.push_screen(NoteScreen(self._mix_name, "name of the mix", hint), self._keep)

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

    def _change(self, mix: Mix) -> None:
        self._mix = mix
        self.redraw()

    def _show_mix(self, name: str) -> None:
        """Show a mix of the plan; "" stands for equal weights of all corpora."""
        if self._result is None:
            return
        self._mix_name = name
        equal = Mix(MappingProxyType(dict.fromkeys(self._result.corpora, 100 / len(self._result.corpora))))
        self._mix = self._result.mixes.get(name, equal)
        self._chosen = min(self._chosen, len(self._mix.weights) - 1)

    def _mixture(self, page: MixturePage) -> Mixture | None:
        if self._mix is None:
            return None
        return mixture_from(self._mix, page.summaries[self._mix.by], page.categories, name=self._mix_name)
