"""The frame of every screen that shows what the labels add up to, and goes on showing it as they change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Static

from corpuscope.errors import CorpuscopeError
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.header_text import action_pieces
from corpuscope.tui.messages import HomeWanted, WorkerFailed
from corpuscope.tui.screens.responsive import ResponsiveScreen, TooSmall
from corpuscope.tui.widgets.status_line import MessageBar, StatusItem, StatusLine

EVERY = 2.0
"""Seconds between looks at the ledger, which another session may write to."""
FIRST = 1
"""Screens on the stack when one that nothing lies below is shown: each base has a stack of its own."""

Asked = TypeVar("Asked")
"""A frozen value: what is to be computed."""
Found = TypeVar("Found")
"""A frozen value: what was computed."""


class LiveScreen(ResponsiveScreen, Generic[Asked, Found]):
    """Computes in a worker, anew when labels arrive or something else is asked; draws what came last.

    A subclass says what is computed (`compute`) and what it looks like (`head`, `draw`, and `body` where that is
    not one page of text).
    """

    DEFAULT_CSS = """
    LiveScreen VerticalScroll { padding: 0 1; scrollbar-size-vertical: 1; }
    """

    PLACE: ClassVar[str]
    """Where the list of actions has its keys."""
    WAITING: ClassVar[str] = "reading the ledger ..."
    """Said until the first numbers are there."""

    @dataclass
    class Computed(Message):
        """New numbers."""

        asked: object
        decisions: Decisions
        found: object

    def __init__(self, workspace: Workspace, asked: Asked) -> None:
        super().__init__()
        self._workspace = workspace
        self._asked = asked
        self._decisions: Decisions | None = None
        self._found: Found | None = None

    def compute(self, asked: Asked, decisions: Decisions) -> Found:
        """What is shown. Called in a worker; may raise CorpuscopeError."""
        raise NotImplementedError

    def head(self) -> None:
        """Draws the header."""
        raise NotImplementedError

    def draw(self, found: Found) -> None:
        """Draws what was found."""
        raise NotImplementedError

    def footer(self) -> Sequence[StatusItem]:
        """The keys."""
        return action_pieces(self._workspace.settings.keys.of(self.PLACE))

    def said(self) -> Sequence[StatusItem]:
        """What the line above the keys says: what could not be read of the ledger."""
        return [StatusItem(one_line(problem), "$text-warning") for problem in self._workspace.problems]

    def body(self) -> ComposeResult:
        """What is between header and footer."""
        yield VerticalScroll(Static(self.WAITING, id="page", markup=False))

    def compose(self) -> ComposeResult:
        """Header, body, keys."""
        yield StatusLine(id="header", classes="-header")
        yield from self.body()
        yield MessageBar()
        yield StatusLine(id="last")
        yield StatusLine(id="keys")
        yield TooSmall()

    def on_mount(self) -> None:
        """The frame first, the numbers from a worker."""
        self.head()
        self.query_one("#keys", StatusLine).show(self.footer())
        self.call_after_refresh(self.look)
        self.set_interval(EVERY, self.look)

    def look(self) -> None:
        """Computes anew if labels arrived."""
        if self.is_current:
            self._compute(self._asked, self._decisions)

    def ask(self, asked: Asked) -> None:
        """Computes something else; until it is there, the screen stays as it is."""
        self._asked, self._decisions = asked, None
        self.head()
        self.look()

    @work(thread=True, exclusive=True, group="ledger", exit_on_error=False)
    def _compute(self, asked: Asked, known: Decisions | None) -> None:
        try:
            decisions = self._workspace.decisions()
            if decisions is not known:
                self.post_message(self.Computed(asked, decisions, self.compute(asked, decisions)))
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))

    def on_live_screen_computed(self, message: Computed) -> None:
        """Draws it, unless something else has been asked since."""
        if message.asked == self._asked:
            self._decisions = message.decisions
            self.take(message.found)  # type: ignore[arg-type]  # messages of generic screens are not generic
            self.complain("")
            self.say()
            self.redraw()

    def take(self, found: Found) -> None:
        """Keeps what was found."""
        self._found = found

    def say(self) -> None:
        """Draws the line above the keys."""
        self.query_one("#last", StatusLine).show(self.said())

    def complain(self, text: str) -> None:
        """Says in full what went wrong; "" when it is over."""
        self.query_one(MessageBar).say(text, "$text-error")

    def on_worker_failed(self, message: WorkerFailed) -> None:
        """A worker met a fault."""
        self.failed(message.fault)

    def failed(self, fault: CorpuscopeError) -> None:
        """Says what could not be read; what is on screen stays."""
        self.complain(str(fault))

    def on_resize(self) -> None:
        """Drawings take the room there is."""
        self.redraw()

    def action_back(self) -> None:
        """Leaves."""
        self.leave()

    def leave(self) -> None:
        """Back to where it was opened from; to the corpora when the app began here."""
        if len(self.app.screen_stack) > FIRST:
            self.dismiss()
        else:
            self.post_message(HomeWanted())

    @property
    def page_width(self) -> int:
        """Cells that a line of the page can take."""
        return max(self.size.width - 4, 40)

    def redraw(self) -> None:
        """Draws what was found last, if anything was."""
        if self._found is not None:
            self.head()
            self.draw(self._found)
