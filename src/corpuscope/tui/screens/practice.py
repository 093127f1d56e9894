"""The labelling screen in a practice: after every key it explains what the reference answered."""

from corpuscope.session.practice import Practice
from corpuscope.tui.screens.labelling import LabellingScreen

OVER = "That was the last one.\n\nq leaves and tells how far you agree; ← goes back over them."
"""Said when every document is labelled."""


class PracticeScreen(LabellingScreen):
    """Labelling, with an answer after every key; there is no summary and no list of corpora to go to."""

    DEFAULT_CSS = """
    PracticeScreen MessageBar { min-height: 2; }
    """

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
        super()._show_last()
        if self._error or self._notice:
            return
        session = self._live.session if self._live else None
        last = session.last if session else None
        seen = session is not None and session.shown is not None and session.shown.decided
        said = self._practice.feedback(last) if last and not seen else ""
        self._messages.show_message(said, "$text-success" if said.startswith("yes") else "$text-warning")

    def _show_waiting(self) -> None:
        super()._show_waiting()
        if self._live and self._live.session.last and not self._error:
            self._view.show(OVER)
