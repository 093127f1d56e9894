"""The labelling screen in a practice: the last line explains what the reference answered."""

from collections.abc import Callable

from rich.cells import cell_len

from corpuscope.domain.visible import one_line
from corpuscope.session.practice import Practice
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.lines import Piece
from corpuscope.tui.screens.labelling import LabellingScreen
from corpuscope.tui.widgets.line import MARGIN

OVER = "that was the last one: q leaves and tells how far you agree"
"""Said when every document is labelled."""


class PracticeScreen(LabellingScreen):
    """Labelling, with an answer after every key; there is no summary and no list of corpora to go to."""

    def __init__(self, practice: Practice) -> None:
        super().__init__(practice, practice.corpora)
        self._practice = practice

    def action_summary(self) -> None:
        """Leaves: the agreement is printed then."""
        self.app.exit()

    def action_home(self) -> None:
        """Leaves too."""
        self.app.exit()

    def _show_last(self) -> None:
        session = self._live.session if self._live else None
        last = session.last if session else None
        if session is None or last is None or self._trouble or (session.shown and session.shown.decided):
            super()._show_last()
            return
        said = self._practice.feedback(last)
        missed = said and not said.startswith("yes")
        words = [said or "skipped", *([] if session.shown else [OVER])]
        style = "$warning" if missed else "$success"
        answer = one_line(" · ".join(words))
        long = cell_len(answer) > self.size.width - 2 * MARGIN  # why is what one is here for
        self._said.say(answer if long else "", style)
        self._last.show(() if long else (Piece(answer, style, 0),))


class PracticeApp(CorpuscopeApp):
    """Opens on a practice."""

    def __init__(self, practice: Practice, crash_note: Callable[[BaseException], str] = repr) -> None:
        super().__init__(practice, crash_note=crash_note)
        self._practice = practice

    def first_screen(self) -> PracticeScreen:
        """The practice."""
        return PracticeScreen(self._practice)
