"""The labelling screen in a practice: after every key it explains what the reference answered."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from corpuscope.domain.visible import one_line
from corpuscope.session.practice import Practice
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.screens.labelling import LabellingScreen

OVER = "That was the last one.\n\nq leaves and tells how far you agree; ← goes back over them."
"""Said when every document is labelled."""


class PracticeScreen(LabellingScreen):
    """Labelling, with an answer after every key; there is no summary and no list of corpora to go to."""

    DEFAULT_CSS = """
    PracticeScreen {
        & #answer { height: 2; padding: 0 1; }
        &.-narrow #answer { height: 3; }
    }
    """

    def __init__(self, practice: Practice) -> None:
        super().__init__(practice, practice.corpora)
        self._practice = practice

    def compose(self) -> ComposeResult:
        """Labelling, and below the document room for the longest answer."""
        for widget in super().compose():
            if widget.id == "last":
                yield Static(id="answer", markup=False)
            yield widget

    def action_summary(self) -> None:
        """Leaves: the agreement is printed then."""
        self.app.exit()

    def action_home(self) -> None:
        """Leaves too."""
        self.app.exit()

    def _show_last(self) -> None:
        super()._show_last()
        session = self._live.session if self._live else None
        last = session.last if session else None
        seen = session is not None and session.shown is not None and session.shown.decided
        said = self._practice.feedback(last) if last and not seen else ""
        style = "$success" if said.startswith("yes") else "$warning"
        self.query_one("#answer", Static).update(Content.styled(one_line(said), style))

    def _show_waiting(self) -> None:
        super()._show_waiting()
        if self._live and self._live.session.last and not self._trouble:
            self._view.show(OVER)


class PracticeApp(CorpuscopeApp):
    """Opens on a practice."""

    def __init__(self, practice: Practice, crash_note: Callable[[BaseException], str] = repr) -> None:
        super().__init__(practice, crash_note=crash_note)
        self._practice = practice

    def first_screen(self) -> PracticeScreen:
        """The practice."""
        return PracticeScreen(self._practice)
