"""Base class of the screens that compute a result from the ledger and follow it as labels arrive."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Static

from corpuscope.config.actions import CORPORA
from corpuscope.errors import CorpuscopeError
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.line_items import action_items
from corpuscope.tui.messages import ScreenWanted, WorkerFailed
from corpuscope.tui.screens.responsive import ResponsiveScreen, TooSmall
from corpuscope.tui.widgets.status_line import MessageBar, StatusItem, StatusLine

READING = "the classifier is reading ..."
"""Said in the line above the keys while a classifier reads documents."""
REFRESH_SECONDS = 2.0
"""Seconds between checks of the ledger, which another session may write to."""
LOWEST = 1
"""Screens on the stack when the lowest one is shown: each mode has a stack of its own."""

Query = TypeVar("Query")
"""A frozen value that says what to compute."""
Result = TypeVar("Result")
"""The frozen value that was computed."""


class LiveScreen(ResponsiveScreen, Generic[Query, Result]):
    """Compute a result in a worker whenever labels arrive or the query changes, and draw the latest one.

    A subclass defines the result (`compute`) and how it is drawn (`show_header`, `draw`, and `body` where that is
    more than one page of text).
    """

    DEFAULT_CSS = """
    LiveScreen VerticalScroll { padding: 0 0 0 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    LiveScreen #last.-empty { display: none; }
    """

    WAITING: ClassVar[str] = "reading the ledger ..."
    """Text shown until the first result is there."""

    @dataclass
    class Computed(Message):
        """A worker has computed a result."""

        query: object
        decisions: Decisions
        result: object

    @dataclass
    class LedgerUnreadable(Message):
        """A worker could not read the ledger."""

        fault: CorpuscopeError

    def __init__(self, workspace: Workspace, query: Query) -> None:
        super().__init__()
        self._workspace = workspace
        self._query = query
        self._decisions: Decisions | None = None
        self._result: Result | None = None

    def compute(self, query: Query, decisions: Decisions) -> Result:
        """Return the result to show. Called in a worker; may raise `CorpuscopeError`."""
        raise NotImplementedError

    def show_header(self) -> None:
        """Draw the header."""
        raise NotImplementedError

    def draw(self, result: Result) -> None:
        """Draw the result."""
        raise NotImplementedError

    def footer(self) -> Sequence[StatusItem]:
        """Return the keys for the last line: those that do something now."""
        idle = self.idle_commands()
        actions = self._workspace.settings.keys.of(self.KEYS)
        return action_items([action for action in actions if action.command not in idle])

    def idle_commands(self) -> Collection[str]:
        """Return the commands that have nothing to act on."""
        return ()

    def show_footer(self) -> None:
        """Draw the keys."""
        self.query_one("#keys", StatusLine).show(self.footer())

    def status(self) -> Sequence[StatusItem]:
        """Return the line above the keys: the parts of the ledger that could not be read."""
        return [StatusItem(one_line(problem), "$text-warning") for problem in self._workspace.ledger.problems]

    def body(self) -> ComposeResult:
        """Yield the widgets between header and footer."""
        yield VerticalScroll(Static(self.WAITING, id="page", markup=False))

    def compose(self) -> ComposeResult:
        """Yield header, body, messages, status and keys."""
        yield StatusLine(id="header", classes="-header")
        yield from self.body()
        yield MessageBar()
        yield StatusLine(id="last")
        yield StatusLine(id="keys")
        yield TooSmall()

    def on_mount(self) -> None:
        """Paint the frame first, then compute in a worker."""
        self.show_header()
        self.show_footer()
        self.show_line(())
        self.call_after_refresh(self.refresh_data)
        self.set_interval(REFRESH_SECONDS, self.refresh_data)

    def refresh_data(self) -> None:
        """Compute the result again if labels arrived.

        Does nothing while another screen is on top, nor while a result is being computed, which may take seconds.
        """
        workers = [worker for worker in self.workers if worker.node is self and worker.group == "ledger"]
        if self.is_current and not any(worker.is_running for worker in workers):
            self._compute(self._query, self._decisions)

    def ask(self, query: Query) -> None:
        """Compute the result of another query; until it is there, the screen stays as it is."""
        self._query, self._decisions = query, None
        self.show_header()
        if self.is_current:
            self._compute(query, None)

    @work(thread=True, exclusive=True, group="ledger", exit_on_error=False)
    def _compute(self, query: Query, shown: Decisions | None) -> None:
        try:
            decisions = self._workspace.ledger.decisions()
        except CorpuscopeError as fault:
            self.post_message(self.LedgerUnreadable(fault))
            return
        try:
            if decisions is not shown:
                self.post_message(self.Computed(query, decisions, self.compute(query, decisions)))
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))

    def on_live_screen_computed(self, message: Computed) -> None:
        """Draw the result unless the query has changed since."""
        if message.query == self._query:
            self._decisions = message.decisions
            self.accept(message.result)  # type: ignore[arg-type]  # messages of generic screens are not generic
            self.show_error("")
            self.show_status()
            self.redraw()

    def on_live_screen_ledger_unreadable(self, message: LedgerUnreadable) -> None:
        """Show the error until the ledger can be read again, also if nothing has changed in it by then."""
        self._decisions = None
        self.failed(message.fault)

    def accept(self, result: Result) -> None:
        """Store the result; a subclass adjusts its position in it."""
        self._result = result

    def show_status(self) -> None:
        """Draw the line above the keys."""
        self.show_line(self.status())

    def show_line(self, items: Sequence[StatusItem]) -> None:
        """Show items in the line above the keys, which takes no row without any."""
        line = self.query_one("#last", StatusLine)
        line.set_class(not items, "-empty")
        line.show(items)

    def show_error(self, text: str) -> None:
        """Show the full error message; "" clears it."""
        self.query_one(MessageBar).show_message(text, "$text-error")

    def on_worker_failed(self, message: WorkerFailed) -> None:
        """Handle the error of a worker."""
        self.failed(message.fault)

    def failed(self, fault: CorpuscopeError) -> None:
        """Show the error; the result on screen stays."""
        self.show_status()
        self.show_error(str(fault))

    def on_resize(self) -> None:
        """Redraw in the new width."""
        self.redraw()

    def action_back(self) -> None:
        """Leave the screen."""
        self.leave()

    def leave(self) -> None:
        """Return to the screen below, or to the list of corpora when there is none."""
        if len(self.app.screen_stack) > LOWEST:
            self.dismiss()
        else:
            self.post_message(ScreenWanted(CORPORA.name))

    @property
    def page_width(self) -> int:
        """Width of the page in cells, without a blank at the left and the scroll bar at the right."""
        return max(self.size.width - 2, 40)

    @property
    def page_height(self) -> int:
        """Rows of the page: those of the screen without header, status and keys."""
        return self.size.height - 2 - self.query_one("#last").display

    def show_below(self, *, shown: bool) -> None:
        """Redraw, then scroll to what was added below the page, or back to its start."""
        self.redraw()
        page = self.query_one(VerticalScroll)
        scroll = page.scroll_end if shown else page.scroll_home
        self.call_after_refresh(scroll, animate=False)

    def redraw(self) -> None:
        """Draw the latest result, if there is one."""
        if self._result is not None:
            self.show_header()
            self.draw(self._result)
