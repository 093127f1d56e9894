"""The practice screen: labelling that shows and explains the reference answer after every key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from corpuscope.config.actions import Action
from corpuscope.session.practice import Practice, PracticeAnswer, practice_scheme
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import inflected
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.screens.labelling import LabellingScreen

DOCUMENTS = 20
"""Number of documents of a practice that no command asked for."""


def score(answers: Sequence[PracticeAnswer]) -> str:
    """Return how many answers agree with the reference, and which were missed as what."""
    missed = Counter((answer.expected, answer.given) for answer in answers if answer.given != answer.expected)
    lines = [f"{one_line(right)}, not {one_line(given)}: {n}" for (right, given), n in missed.most_common()]
    agreed = len(answers) - missed.total()
    return "\n".join(
        [
            f"{agreed} of {len(answers)} {inflected(agreed, 'agrees', 'agree')} with the reference.",
            *([""] if lines else []),
            *lines,
        ]
    )


class PracticeScreen(LabellingScreen):
    """Label with feedback after every key; no summary and no list of corpora can be opened."""

    DEFAULT_CSS = """
    PracticeScreen MessageBar { min-height: 2; }
    """

    def __init__(self, workspace: Workspace, practice: Practice | None = None) -> None:
        """Practise on the documents of `practice`; then leaving ends the app, for a command to report.

        None draws DOCUMENTS, and leaving shows the list of corpora.
        """
        self._practice = practice or Practice(practice_scheme(workspace), workspace.annotator, DOCUMENTS)
        self._returns = practice is None
        super().__init__(workspace, self._practice)

    def action_summary(self) -> None:
        """Leave the practice; a command that opened it then prints the agreement."""
        self.action_home()

    def action_home(self) -> None:
        """Leave the practice."""
        if self._returns:
            super().action_home()
        else:
            self.app.exit()

    def footer_actions(self) -> Sequence[Action]:
        """Return those of labelling; there is no summary, its key leaves."""
        return [
            action._replace(description="leave") if action.command == "summary" else action
            for action in super().footer_actions()
            if action.command != "home" or self._returns
        ]

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
            keys = self._settings.keys
            back, home, end = map(keys.first_key, ("history.back", "nav.home", "nav.quit"))
            leave = f"{home}: list of corpora" if self._returns else f"{end}: quit"
            self._view.set_title("practice done")
            self._view.show(
                f"{score(self._practice.answers())}\n\n{back}: your answers · {leave}", is_notice=True
            )
