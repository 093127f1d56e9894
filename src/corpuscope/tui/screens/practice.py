"""The practice screen: labelling that shows and explains the reference answer after every key."""

from __future__ import annotations

from corpuscope.session.practice import Practice
from corpuscope.session.workspace import Workspace
from corpuscope.tui.screens.labelling import LabellingScreen

OVER = "Done. Press q to see your score; ← reviews your answers."
"""Text shown when every document is labelled."""


class PracticeScreen(LabellingScreen):
    """Label with feedback after every key; no summary and no list of corpora can be opened."""

    DEFAULT_CSS = """
    PracticeScreen MessageBar { min-height: 2; }
    """

    def __init__(self, workspace: Workspace, practice: Practice) -> None:
        super().__init__(workspace, practice)
        self._practice = practice

    def action_summary(self) -> None:
        """Leave the app; the command then prints the agreement."""
        self.app.exit()

    def action_home(self) -> None:
        """Leave the app."""
        self.app.exit()

    def _show_last(self) -> None:
        super()._show_last()
        if self._error or self._notice:
            return
        session = self._live.session if self._live else None
        last = session.last if session else None
        revisiting = session is not None and session.shown is not None and session.shown.decided
        feedback = self._practice.feedback(last) if last and not revisiting else ""
        self._messages.show_message(
            feedback, "$text-success" if feedback.startswith("yes") else "$text-warning"
        )

    def _show_waiting(self) -> None:
        super()._show_waiting()
        if self._live and self._live.session.last and not self._error:
            self._view.show(OVER)
