"""The labelling screen: show a document, label it with one key, show the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.geometry import Size

from corpuscope import latency
from corpuscope.config.actions import CORPORA, LABELLING, SUMMARY, Action
from corpuscope.domain.category import Category
from corpuscope.errors import CorpuscopeError, LedgerError
from corpuscope.session.factories import Labelling, SessionFactory
from corpuscope.session.workspace import Workspace
from corpuscope.tui.bindings import bindings
from corpuscope.tui.header_text import (
    DRAWING,
    decision_rows,
    document_title,
    header_items,
    previous_items,
    waiting_text,
)
from corpuscope.tui.line_items import find_items, key_items, looking_back_items, waiting_items
from corpuscope.tui.messages import ScreenWanted
from corpuscope.tui.screens.document import FRAME
from corpuscope.tui.screens.responsive import TooSmall
from corpuscope.tui.screens.session import SessionScreen
from corpuscope.tui.widgets.document_view import DocumentView
from corpuscope.tui.widgets.find_bar import FindBar
from corpuscope.tui.widgets.rows_panel import RowsPanel
from corpuscope.tui.widgets.sidebar import LEAST_INFO, Sidebar
from corpuscope.tui.widgets.status_line import MARGIN, MessageBar, StatusLine

if TYPE_CHECKING:  # loads hashlib, and the first frame has no document
    from corpuscope.domain.document import Document

LARGE = Size(160, 50)
"""Columns and rows of the screen from which the latest decisions are shown."""
DECISIONS = 6
"""Number of them."""
NOTHING_MOVED = {"undo": "nothing to undo", "back": "no earlier document"}
"""Notices for methods of a session that had nothing to do; the others need none."""


class LabellingScreen(SessionScreen):
    """Wire one session to the widgets; the rules of labelling are the session's."""

    KEYS = LABELLING
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(LABELLING.actions)]

    def __init__(self, workspace: Workspace, factory: SessionFactory) -> None:
        """Prepare the screen; the session of `factory` begins after the first frame."""
        super().__init__(workspace, factory)
        self.set_measure(self._settings.measure)
        self._waiting = ""  # what is shown in place of the document; "" beside a document
        self._decisions: RowsPanel | None = None  # made when first needed
        # whether the footer is that of an earlier document; None for neither
        self._keys_of_back: bool | None = None
        self.commands = self.commands_of(self._settings.keys.of(LABELLING))

    def compose(self) -> ComposeResult:
        """Yield header, document and sidebar, find bar, messages, last decision and keys."""
        yield StatusLine(id="header", classes="-header")
        with Horizontal():
            yield DocumentView(self._settings)
            keys = self._settings.keys
            yield Sidebar(
                self.scheme, keys.first_key("view.guide"), more_key=keys.first_key("view.categories")
            )
        yield MessageBar()
        yield StatusLine(id="last", gap=1)
        yield FindBar(find_items(self._settings.keys))
        yield StatusLine(id="keys")
        yield TooSmall()

    def on_mount(self) -> None:
        """Paint the frame first, then read the ledger and fetch documents."""
        super().on_mount()
        self._show_keys()
        self._header = self.query_one("#header", StatusLine)
        self._last = self.query_one("#last", StatusLine)
        self._messages = self.query_one(MessageBar)
        self._show_header()
        self.set_interval(1.0, self._show_time)
        self.call_after_refresh(self.start_session)

    def on_resize(self) -> None:
        """Fit bar and address to the new width."""
        self._show_header()
        self._show_last()

    def on_category(self, category: Category) -> None:
        """Label the document."""
        self._decide(category.name)

    def on_activity(self) -> None:
        """Count the key as reading time."""
        if self._live:
            self._live.session.timer.activity()

    def _decide(self, category: str | None) -> None:
        """Label or skip the document, then show the next one. When it cannot be saved, everything stays as it was."""
        live = self._live
        if live is None or (shown := live.session.shown) is None or self.too_small:
            return
        if self._reached is not None:
            return  # the next document is not in sight
        before, same_layout = live.session.labelled, not (self._error or self._notice or shown.decided)
        try:
            live.session.assign(category) if category is not None else live.session.skip()
        except LedgerError as fault:
            self._on_save_failed(fault)
            return
        self._error = self._notice = ""
        is_plan = isinstance(self._factory, Labelling)  # practice and second readings have none
        if is_plan and before < live.session.target <= live.session.labelled:
            self._keys_of_back = None
            self.show_reached(self._workspace, self._factory.corpora, live.session.progress)
            same_layout = False
        self._show_document()
        if same_layout:
            self.paint()
        self._look_up_last()

    def _on_save_failed(self, fault: LedgerError) -> None:
        """Show why the event could not be saved; the document stays."""
        self._error = str(fault)
        self._show_last()

    def _show_keys(self, *, back: bool = False) -> None:
        """Show the keys of the document to label, or with `back` those of an earlier one."""
        if back is not self._keys_of_back:
            self._keys_of_back = back
            make = looking_back_items if back else key_items
            self.query_one("#keys", StatusLine).show(make(self.scheme, self.footer_actions()))

    def _show_waiting_keys(self) -> None:
        """Show the keys that do something while there is no document to label."""
        self._keys_of_back = None
        self.query_one("#keys", StatusLine).show(waiting_items(self.footer_actions()))

    def footer_actions(self) -> Sequence[Action]:
        """Return the actions of this screen, described as its footer does."""
        return self._settings.keys.of(LABELLING)

    def action_skip(self) -> None:
        """Skip the document."""
        self._decide(None)

    def action_undo(self) -> None:
        """Undo the last decision."""
        self._move("undo")

    def action_back(self) -> None:
        """Go one document back."""
        self._move("back")

    def action_forward(self) -> None:
        """Go one document forward."""
        self._move("forward")

    def action_current(self) -> None:
        """Close what is open, or return to the document to label."""
        if not self.close_find_bar() and not self._sidebar.close_guide():
            self._move("current")

    def _move(self, method: str) -> None:
        """Call a method of the session that changes the document shown."""
        if self._live is None:
            return
        try:
            moved: bool = getattr(self._live.session, method)()
        except CorpuscopeError as fault:
            self._error = str(fault)
            self._show_last()
            return
        if moved:
            self.leave_reached()
            self._error = self._notice = ""
            self._show_document()
        elif method in NOTHING_MOVED:
            self._notice = NOTHING_MOVED[method]
            self._show_last()

    def action_bookmark(self) -> None:
        """Add or remove the bookmark of the document."""
        if self._live:
            try:
                self._live.session.bookmark()
            except LedgerError as fault:
                self._on_save_failed(fault)
                return
            self._show_title()
            self._show_last()

    def action_note(self) -> None:
        """Edit the note of the document."""
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
        self._show_title()
        self._show_last()

    def action_unsure(self) -> None:
        """Mark the label just given, or that of the document on screen, as unsure, or as sure again."""
        if self._live is None:
            return
        try:
            marked = self._live.session.mark_unsure()
        except CorpuscopeError as fault:
            self._error = str(fault)
        else:
            self._error, self._notice = "", "" if marked else "no label to mark as unsure"
        self._show_title()
        self._show_last()

    def decided_document(self) -> Document | None:
        """Return the document on screen if it is labelled or skipped already."""
        shown = self._live.session.shown if self._live else None
        return shown.document if shown and shown.decided else None

    def say(self, text: str) -> None:
        """Show a notice until the next key."""
        self._notice = text
        self._show_last()

    def action_guide(self) -> None:
        """Show the definitions, then their next page; hide them after the last."""
        self._sidebar.turn_guide()

    def action_summary(self) -> None:
        """Open the summary over this screen."""
        self.keys_suspended = True
        self.post_message(ScreenWanted(SUMMARY.name))

    def action_home(self) -> None:
        """Go to the list of corpora."""
        self.keys_suspended = True
        self.post_message(ScreenWanted(CORPORA.name))

    def on_document_view_painted(self, message: DocumentView.Painted) -> None:
        """Start the reading time."""
        message.stop()
        if self._live:
            self._live.session.painted()
            self.set_timer(latency.PREPARE_AFTER, self._prepare)

    def on_document_view_moved(self, message: DocumentView.Moved) -> None:
        """Count scrolling as reading."""
        message.stop()
        if self._live:
            self._live.session.timer.activity()

    def _show_document(self) -> None:
        """Update text, sidebar and status lines in one frame."""
        assert self._live is not None
        session = self._live.session
        shown = session.shown
        if self._reached is not None:
            self._sidebar.category_bar.show(None)
            self._sidebar.document_info.show(None, blind=False)
        elif shown is None:
            self._show_waiting()
        else:
            self._waiting = ""
            self._show_keys(back=shown.decided)
            self._show_title()
            self._view.show(shown.document.text, shown.document.sections)
            counts = dict(session.category_counts) if self._settings.show_shares else None
            self._sidebar.category_bar.show(shown.category, counts)
            self._show_decisions()
        self.show_match_count()
        self._show_last()
        self._show_header()

    def _show_decisions(self) -> None:
        """Show the latest decisions in the sidebar of a large screen, unless they could anchor a blind answer."""
        rows = self._sidebar.size.height - self._sidebar.category_bar.outer_size.height
        large = (
            self.size.width >= LARGE.width
            and self.size.height >= LARGE.height
            and rows >= LEAST_INFO + DECISIONS + FRAME
        )
        entries = self._live.session.recent(DECISIONS) if self._live and large else []
        if self._decisions is None and entries:
            self._decisions = RowsPanel(id="decisions")
            self._decisions.styles.height = DECISIONS + FRAME
            self._sidebar.mount(self._decisions)
        if self._decisions is not None:
            self._decisions.display = bool(entries)
            self._decisions.show(
                lambda width, _height: decision_rows(entries, self.scheme, width), head="previous decisions"
            )

    def _show_title(self) -> None:
        """Show what is known about the document: place, label, bookmark and note in its frame and beside it."""
        if self._live and (shown := self._live.session.shown):
            session = self._live.session
            blind = session.context.blind and not shown.decided
            self._view.set_title(document_title(shown, session.number, blind=blind), back=shown.decided)
            self._sidebar.document_info.show(
                shown.document, blind=blind, bookmarked=shown.bookmarked, note=shown.note
            )

    def waiting_text(self) -> str:
        """Return the text shown in place of the document while there is none."""
        return waiting_text(self._live, self._error, self._settings.keys)

    def _show_time(self) -> None:
        """Show what the passing of a second changes: pace, time left, and when feeds are tried again."""
        self._show_header()
        if self._waiting and self._waiting != self.waiting_text():
            self._show_waiting()

    def _show_waiting(self) -> None:
        """Show the state of the feeds in place of the document."""
        self._waiting = self.waiting_text()
        self._view.set_title("")
        self._view.show(self._waiting, is_notice=True)
        if self._waiting != DRAWING:  # which takes a moment
            self._show_waiting_keys()
        self.show_match_count()
        self._sidebar.document_info.show(None, blind=False)
        self._sidebar.category_bar.show(None)
        self._show_last()

    def _show_header(self) -> None:
        self._header.show(
            *header_items(self._factory.corpora, self._live, failed=bool(self._error), width=self.size.width)
        )

    def _show_last(self) -> None:
        error, notice = self._error, self._notice
        text = error or notice
        long = "\n" in text or cell_len(text) > self.size.width - 2 * MARGIN or self._find_bar.is_open
        if self._live is None:
            long, error = False, ""  # it is shown in place of the document
        self._messages.show_message(text if long else "", "$text-error" if error else "$text-warning")
        self._last.show(
            *previous_items(
                self.scheme,
                self._live,
                "" if long else error,
                "" if long else notice,
                self._settings.keys,
                self.size.width,
                self._current_remarks,
            )
        )
