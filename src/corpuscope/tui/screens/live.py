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
from corpuscope.tui.header_text import action_items
from corpuscope.tui.messages import HomeWanted, WorkerFailed
from corpuscope.tui.screens.responsive import ResponsiveScreen, TooSmall
from corpuscope.tui.widgets.status_line import MessageBar, StatusItem, StatusLine

EVERY = 2.0
"""Seconds between looks at the ledger, which another session may write to."""
FIRST = 1
"""Screens on the stack when one that nothing lies below is shown: each base has a stack of its own."""

Query = TypeVar("Query")
"""A frozen value: what is to be computed."""
Result = TypeVar("Result")
"""A frozen value: what was computed."""


class LiveScreen(ResponsiveScreen, Generic[Query, Result]):
    """Computes in a worker, anew when labels arrive or the query changes; draws what came last.

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

        query: object
        decisions: Decisions
        result: object

    def __init__(self, workspace: Workspace, query: Query) -> None:
        super().__init__()
        self._workspace = workspace
        self._query = query
        self._decisions: Decisions | None = None
        self._result: Result | None = None

    def compute(self, query: Query, decisions: Decisions) -> Result:
        """What is shown. Called in a worker; may raise CorpuscopeError."""
        raise NotImplementedError

    def show_header(self) -> None:
        """Draws the header."""
        raise NotImplementedError

    def draw(self, result: Result) -> None:
        """Draw the result."""
        raise NotImplementedError

    def footer(self) -> Sequence[StatusItem]:
        """The keys."""
        return action_items(self._workspace.settings.keys.of(self.PLACE))

    def status(self) -> Sequence[StatusItem]:
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
        self.show_header()
        self.query_one("#keys", StatusLine).show(self.footer())
        self.call_after_refresh(self.refresh_data)
        self.set_interval(EVERY, self.refresh_data)

    def refresh_data(self) -> None:
        """Computes anew if labels arrived."""
        if self.is_current:
            self._compute(self._query, self._decisions)

    def ask(self, query: Query) -> None:
        """Computes something else; until it is there, the screen stays as it is."""
        self._query, self._decisions = query, None
        self.show_header()
        self.refresh_data()

    @work(thread=True, exclusive=True, group="ledger", exit_on_error=False)
    def _compute(self, query: Query, known: Decisions | None) -> None:
        try:
            decisions = self._workspace.decisions()
            if decisions is not known:
                self.post_message(self.Computed(query, decisions, self.compute(query, decisions)))
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))

    def on_live_screen_computed(self, message: Computed) -> None:
        """Draw the result, unless the query has changed since."""
        if message.query == self._query:
            self._decisions = message.decisions
            self.accept(message.result)  # type: ignore[arg-type]  # messages of generic screens are not generic
            self.show_error("")
            self.show_status()
            self.redraw()

    def accept(self, result: Result) -> None:
        """Keep the result."""
        self._result = result

    def show_status(self) -> None:
        """Draws the line above the keys."""
        self.query_one("#last", StatusLine).show(self.status())

    def show_error(self, text: str) -> None:
        """Says in full what went wrong; "" when it is over."""
        self.query_one(MessageBar).show_message(text, "$text-error")

    def on_worker_failed(self, message: WorkerFailed) -> None:
        """A worker met a fault."""
        self.failed(message.fault)

    def failed(self, fault: CorpuscopeError) -> None:
        """Says what could not be read; what is on screen stays."""
        self.show_error(str(fault))

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
        """Draw the latest result, if there is one."""
        if self._result is not None:
            self.show_header()
            self.draw(self._result)
