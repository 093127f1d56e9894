"""The labelling screen: a document, one key, the next document."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from corpuscope.config.actions import LABELLING
from corpuscope.domain.category import Category
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpuscopeError, LedgerError
from corpuscope.session.workspace import RunningSession, Workspace
from corpuscope.tui.bindings import bindings
from corpuscope.tui.header_text import header_items, key_items, last_decision_items, waiting_text
from corpuscope.tui.messages import (
    FeedChanged,
    HomeWanted,
    ImportsFinished,
    NoticesFound,
    SessionReady,
    SummaryWanted,
    WorkerFailed,
)
from corpuscope.tui.screens.document import DocumentScreen
from corpuscope.tui.screens.responsive import TooSmall
from corpuscope.tui.widgets.document_view import DocumentView
from corpuscope.tui.widgets.find_bar import FindBar
from corpuscope.tui.widgets.painting import PlainHorizontal
from corpuscope.tui.widgets.sidebar import Sidebar
from corpuscope.tui.widgets.status_line import MARGIN, MessageBar, StatusLine

NOTHING_MOVED = {"undo": "there is no decision to take back", "back": "there is no earlier document"}
"""What is said when a use case of a session had nothing to do; the others need no words."""
VERIFY_AFTER = 0.2
"""Seconds after the labels are read: the first document is there by then, and nobody has read it yet."""
PREPARE_AFTER = 0.01
"""Seconds after a document is painted, in which the terminal gets its frame."""


class LabellingScreen(DocumentScreen):
    """Wires one sitting to the widgets; knows no rule of labelling itself."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(LABELLING)]

    def __init__(
        self,
        workspace: Workspace,
        corpora: Sequence[Corpus],
        begin: Callable[[Callable[[], None]], RunningSession] | None = None,
    ) -> None:
        """`begin` makes the sitting, given what to call when its supply changed; None labels the corpora."""
        super().__init__()
        self._workspace = workspace
        self._corpora = tuple(corpora)
        self._make = begin or partial(workspace.start_labelling, self._corpora)
        self._live: RunningSession | None = None
        self._error = ""
        self._notice = ""
        self._warned: list[str] = []
        self.scheme = workspace.scheme
        actions = workspace.settings.keys.of("Labelling")
        self.commands = {key: action.command for action in actions for key in action.keys}

    def compose(self) -> ComposeResult:
        """Header, document and margin, last decision, keys."""
        yield StatusLine(id="header", classes="-header")
        with PlainHorizontal():
            yield DocumentView()
            yield Sidebar(self.scheme, self._workspace.settings.keys.first_key("view.guide"))
        yield FindBar()
        yield MessageBar()
        yield StatusLine(id="last", gap=1)
        yield StatusLine(id="keys")
        yield TooSmall()

    def on_mount(self) -> None:
        """The frame first, then the ledger and the documents."""
        super().on_mount()
        self.query_one("#keys", StatusLine).show(
            key_items(self.scheme, self._workspace.settings.keys.of("Labelling"))
        )
        self._header = self.query_one("#header", StatusLine)
        self._last = self.query_one("#last", StatusLine)
        self._sidebar = self.query_one(Sidebar)
        self._messages = self.query_one(MessageBar)
        self._show_header()
        self.set_interval(1.0, self._show_header)
        self.call_after_refresh(self._start_session)

    @work(thread=True, exclusive=True, group="session", exit_on_error=False)
    def _start_session(self) -> None:
        try:
            live = self._make(self._say_changed)
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))
        else:
            self.post_message(SessionReady(live))

    def _say_changed(self) -> None:
        """Called from the threads of the feeds."""
        self.post_message(FeedChanged())

    def on_session_ready(self, message: SessionReady) -> None:
        """The ledger is read: documents may come."""
        self._live = message.live
        self._notice = "\n".join(message.live.notices)
        self._live.queue.start()
        self._refill()
        self.set_timer(VERIFY_AFTER, self._verify)

    @work(thread=True, exclusive=True, group="verify", exit_on_error=False)
    def _verify(self) -> None:
        self._workspace.warm_up()
        try:
            notices = self._workspace.verify()
        except CorpuscopeError as fault:
            notices = (str(fault),)
        if notices:
            self.post_message(NoticesFound(notices))
        self.post_message(ImportsFinished())

    def on_notices_found(self, message: NoticesFound) -> None:
        """Damage was found and set aside: said until the next key."""
        self._notice = "\n".join(filter(None, (self._notice, *message.notices)))
        self._show_last()

    def on_worker_failed(self, message: WorkerFailed) -> None:
        """A worker could not go on: say so where the document would be."""
        self._error = str(message.fault)
        self._show_waiting()
        self._show_header()

    def on_feed_changed(self) -> None:
        """A document arrived, or a feed changed its state; a file set aside is said until the next key."""
        if self._live:
            warnings = [warning for status in self._live.queue.statuses for warning in status.warnings]
            if new := [warning for warning in warnings if warning not in self._warned]:
                self._warned = warnings
                self._notice = "\n".join(filter(None, (self._notice, *new)))
                self._show_last()
        self._refill()

    def on_unmount(self) -> None:
        """Lets the feeds go."""
        if self._live:
            self._live.queue.close()

    def on_category(self, category: Category) -> None:
        """Gives the document this category."""
        self._decide(category.name)

    def on_activity(self) -> None:
        """Whatever is no decision is reading."""
        if self._live:
            self._live.session.timer.activity()

    def _decide(self, category: str | None) -> None:
        """Labels or skips, then shows the next document; on a fault everything stays as it was."""
        live = self._live
        if live is None or live.session.shown is None or self.too_small:
            return
        try:
            live.session.assign(category) if category is not None else live.session.skip()
        except LedgerError as fault:
            self._on_save_failed(fault)
            return
        self._error = self._notice = ""
        self._show_document()

    def _on_save_failed(self, fault: LedgerError) -> None:
        """The event is not on disk: the document stays and the reason is said."""
        self._error = str(fault)
        self._show_last()

    def action_skip(self) -> None:
        """Passes over the document."""
        self._decide(None)

    def action_undo(self) -> None:
        """Takes back the last decision."""
        self._move("undo")

    def action_back(self) -> None:
        """One document back."""
        self._move("back")

    def action_forward(self) -> None:
        """One document forward."""
        self._move("forward")

    def action_current(self) -> None:
        """Closes what is open, or returns to the document to label."""
        if not self.close_find_bar() and not self._sidebar.close_guide():
            self._move("current")

    def _move(self, use_case: str) -> None:
        if self._live is None:
            return
        try:
            moved: bool = getattr(self._live.session, use_case)()
        except CorpuscopeError as fault:
            self._error = str(fault)
            self._show_last()
            return
        if moved:
            self._error = self._notice = ""
            self._show_document()
        elif use_case in NOTHING_MOVED:
            self._notice = NOTHING_MOVED[use_case]
            self._show_last()

    def action_bookmark(self) -> None:
        """Bookmarks the document, or not any more."""
        if self._live:
            try:
                self._live.session.bookmark()
            except LedgerError as fault:
                self._on_save_failed(fault)
                return
            self._show_last()

    def action_note(self) -> None:
        """Asks for a note and keeps it."""
        if self._live and (shown := self._live.session.shown):
            from corpuscope.tui.screens.note import NoteScreen

            self.keys_suspended = True
            self.app.push_screen(NoteScreen(shown.note), self._keep_note)

    def _keep_note(self, text: str | None) -> None:
        if self._live is None or text is None:
            return
        try:
            self._live.session.note(text)
        except LedgerError as fault:
            self._on_save_failed(fault)
            return
        self._show_last()

    def action_guide(self) -> None:
        """Shows the definitions, then the next page of them, and hides them after the last."""
        self._sidebar.turn_guide()

    def action_summary(self) -> None:
        """Opens the summary over this screen."""
        self.keys_suspended = True
        self.post_message(SummaryWanted())

    def action_home(self) -> None:
        """Goes to the corpora."""
        self.keys_suspended = True
        self.post_message(HomeWanted())

    def on_document_view_painted(self, message: DocumentView.Painted) -> None:
        """The reading time starts."""
        message.stop()
        if self._live:
            self._live.session.painted()
            self.set_timer(PREPARE_AFTER, self._prepare)

    def on_document_view_moved(self, message: DocumentView.Moved) -> None:
        """Scrolling is reading; the margin says how much is left."""
        message.stop()
        if self._live:
            self._live.session.timer.activity()

    def _prepare(self) -> None:
        """While the reader reads, all that can be done for the next document before its key."""
        if self._live and (document := self._live.session.upcoming):
            self._view.prepare(document.text, document.sections)
            self._sidebar.document_info.prepare(document, blind=self._live.session.context.blind)

    def _refill(self) -> None:
        """Shows a document if none is shown and one is ready."""
        if self._live is None:
            return
        if self._live.session.advance():
            self._show_document()
        elif self._live.session.shown is None:
            self._show_waiting()
            self._show_header()
        else:
            self._prepare()

    def _show_document(self) -> None:
        """One frame: text, margin, lines."""
        assert self._live is not None
        session = self._live.session
        shown = session.shown
        if shown is None:
            self._show_waiting()
        else:
            self._view.show(shown.document.text, shown.document.sections)
            self._sidebar.document_info.show(
                shown.document, blind=session.context.blind and not shown.decided
            )
            counts = dict(session.category_counts) if self._workspace.settings.show_shares else None
            self._sidebar.category_bar.show(shown.category, counts)
        self.show_match_count()
        self._show_last()
        self._show_header()

    def _show_waiting(self) -> None:
        """No document is ready: say what is going on in its place."""
        self._view.show(waiting_text(self._live, self._error))
        self.show_match_count()
        self._sidebar.document_info.show(None, blind=False)
        self._sidebar.category_bar.show(None)
        self._show_last()

    def _show_header(self) -> None:
        self._header.show(*header_items(self._corpora, self._live, failed=bool(self._error)))

    def _show_last(self) -> None:
        trouble, notice = self._error, self._notice
        said = trouble or notice
        long = "\n" in said or cell_len(said) > self.size.width - 2 * MARGIN
        if self._live is None:
            long, trouble = False, ""  # it stands where the document would be
        self._messages.show_message(said if long else "", "$text-error" if trouble else "$text-warning")
        self._last.show(last_decision_items(self._live, "" if long else trouble, "" if long else notice))
