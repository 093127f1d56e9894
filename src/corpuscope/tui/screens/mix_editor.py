"""Base class of the mixture screen: the mix that is shown, and the keys that change and keep it."""

from __future__ import annotations

from dataclasses import replace

from textual import events

from corpuscope.analysis.mixture_source import MixtureSource
from corpuscope.domain.mix import Mix, TypedWeight, parsed_amount
from corpuscope.errors import CorpuscopeError
from corpuscope.report.mixture_words import amount_words
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.screens.assisted import AssistedQuery, AssistedScreen
from corpuscope.tui.screens.note import NoteScreen


class MixEditorScreen(AssistedScreen[AssistedQuery, MixtureSource]):
    """Holds one mix whose weights move with keys or are typed; the chosen corpus is the one whose weight moves."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, AssistedQuery())
        self._mix_name = ""
        self._mix: Mix | None = None
        self._chosen = 0
        self._typed: TypedWeight | None = None

    def mix_changed(self) -> None:
        """Handle another mix, or other weights of it; called before the screen is drawn again."""

    @property
    def _is_changed(self) -> bool:
        return bool(self._mix_name and self._result) and self._mix != self._kept(self._mix_name)

    def _kept(self, name: str) -> Mix | None:
        return self._result.mixes.get(name) if self._result else None

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
        self.mix_changed()
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
        self.mix_changed()
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
            self.mix_changed()
            self.redraw()

    def action_budget(self) -> None:
        """Ask for the budget."""
        if self._mix is not None:
            budget = "" if self._mix.budget is None else amount_words(self._mix.budget).replace(" ", "")
            hint = "a number such as 750M, 20B or 1.3T · enter saves · esc cancels · empty removes the budget"
            self.app.push_screen(NoteScreen(budget, "tokens to train on", "20B", hint), self._set_budget)

    def action_keep(self) -> None:
        """Ask for the name under which the mix is kept."""
        if self._mix is not None:
            hint = "enter saves the mix under this name in plan.json, in place of any other · esc cancels"
            self.app.push_screen(NoteScreen(self._mix_name, "keep this mix", "its name", hint), self._keep)

    def _set_budget(self, text: str | None) -> None:
        if text is None or self._mix is None:
            return
        amount = parsed_amount(text) if text else None
        if text and amount is None:
            self.show_error(f"{one_line(text, 30)} is not a positive number, as in 750M, 20B or 1.3T")
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
        self._stop_typing()
        self._mix = mix
        self.show_status()
        self.mix_changed()
        self.redraw()

    def _show_mix(self, name: str) -> None:
        """Show a mix of the plan; "" stands for equal weights of all corpora."""
        if self._result is None:
            return
        self._mix_name = name
        self._mix = self._result.mixes.get(name) or self._result.equal_mix
        self._chosen = min(self._chosen, len(self._mix.weights) - 1)
