"""Base class of the screens that show the end of the plan in place of the document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.containers import Horizontal

from corpuscope.config.actions import COMPARE, REACHED, KeyGroup
from corpuscope.domain.corpus import Corpus
from corpuscope.session.workspace import Workspace
from corpuscope.tui.line_items import action_items
from corpuscope.tui.messages import ScreenWanted
from corpuscope.tui.screens.document import DocumentScreen
from corpuscope.tui.widgets.rows_panel import RowsPanel
from corpuscope.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:  # comes with the session, after the first frame
    from corpuscope.session.progress import Progress

COMMANDS = {"back", *(action.command for action in REACHED.actions)}
"""What keys may do while the end of the plan is shown in place of the document."""


class PlanEndScreen(DocumentScreen):
    """A document screen whose document waits behind a panel once the plan is reached."""

    DEFAULT_CSS = """
    PlanEndScreen {
        &.-reached DocumentView { display: none; }
        &.-roomy #reached { width: 99; }
    }
    """

    _reached: RowsPanel | None = None  # in place of the document once the plan is reached
    _document_commands: dict[str, str]  # what the keys do once the panel is gone

    def _show_keys(self, *, back: bool = False) -> None:
        """Show the keys of the document to label, or with `back` those of an earlier one."""
        raise NotImplementedError

    def _show_document(self) -> None:
        """Show the document, unless the end of the plan has its place."""
        raise NotImplementedError

    def show_reached(self, workspace: Workspace, corpora: Sequence[Corpus], progress: Progress) -> None:
        """Show the end of the plan in place of the document, which waits until the annotator goes on."""
        from corpuscope.tui.screens.plan_reached import PlanReached

        self._reached = PlanReached(workspace, corpora, self.scheme, progress)
        self.query_one(Horizontal).mount(self._reached, before=0)
        self.add_class("-reached")
        actions = workspace.settings.keys.of(REACHED)
        self._document_commands, self.commands = self.commands, self.commands_of(actions)
        self.query_one("#keys", StatusLine).show(action_items(actions))

    def leave_reached(self) -> bool:
        """Remove the end of the plan. Return False when it is not shown."""
        if self._reached is None:
            return False
        self._reached.remove()
        self._reached = None
        self.remove_class("-reached")
        self.commands = self._document_commands
        self._show_keys()
        self._view.focus()
        return True

    @property
    def key_group(self) -> KeyGroup:
        """Those of the end of the plan while it is shown."""
        return self.KEYS if self._reached is None else REACHED

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow only the keys of the end of the plan, and going back, while no document is in sight."""
        if self._reached is not None and action not in COMMANDS:
            return False
        return super().check_action(action, parameters)

    def action_go_on(self) -> None:
        """Go on labelling beyond the plan."""
        if self.leave_reached():
            self._show_document()

    def action_compare(self) -> None:
        """Open the comparison over this screen."""
        self.keys_suspended = True
        self.post_message(ScreenWanted(COMPARE.name))
