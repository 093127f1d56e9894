"""The labelling screen in a practice: the last line explains what the reference answered."""

from collections.abc import Callable

from corpuscope.domain.visible import one_line
from corpuscope.session.practice import Practice
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.lines import Piece
from corpuscope.tui.screens.labelling import LabellingScreen

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
        style = "$text-warning" if missed else "$text-success"
        self._last.show((Piece(one_line(" · ".join(words), max(self.size.width - 2, 1)), style, 0),))


class PracticeApp(CorpuscopeApp):
    """Opens on a practice."""

    def __init__(self, practice: Practice, crash_note: Callable[[BaseException], str] = repr) -> None:
        super().__init__(practice, crash_note=crash_note)
        self._practice = practice

    def first_screen(self) -> PracticeScreen:
        """The practice."""
        return PracticeScreen(self._practice)
