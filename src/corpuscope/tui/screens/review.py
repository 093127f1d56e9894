"""The review screen: a list of all labels, and the document under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from textual import events, on, work
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.message import Message

from corpuscope.config.actions import REVIEW
from corpuscope.domain.document import DocumentKey, StoredDocument
from corpuscope.errors import CorpuscopeError
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.ledger.read.records import LabelQuery
from corpuscope.session.label_list import LabelList, LabelRow
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.messages import WorkerFailed
from corpuscope.tui.review_rows import (
    Columns,
    ListExcerpt,
    columns,
    filter_items,
    heading,
    list_excerpt,
    preview,
    row_cells,
)
from corpuscope.tui.screens.addresses import Addressed, addressed, copy_address, open_url
from corpuscope.tui.screens.label_filters import LabelFilterScreen
from corpuscope.tui.screens.note import NoteScreen
from corpuscope.tui.screens.relabel import RelabelScreen
from corpuscope.tui.widgets.find_bar import FindBar
from corpuscope.tui.widgets.painting import StyledRun
from corpuscope.tui.widgets.rows_panel import RowsPanel
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine
from corpuscope.tui.widgets.virtual_list import VirtualList

LEGEND = "★ bookmarked  ≠ disputed  ¶ note  ~ unsure"
"""What the marks at the end of a row mean."""
ROWS_WITH_PREVIEW = 32
"""Rows of the screen from which the document under the cursor is shown below the list."""
MOST_READ = 2_000
"""Documents whose beginnings are kept."""
MOST_DIGITS = 15
"""Digits of a draw, more than any has."""


class ReadDocument(NamedTuple):
    """What the screen keeps of a document."""

    excerpt: ListExcerpt
    """What the list shows of its text."""
    addressed: Addressed
    """Its addresses."""


class ReviewScreen(LabelFilterScreen):
    """List the labels that match a `LabelQuery`."""

    DEFAULT_CSS = """
    ReviewScreen #preview { height: 13; }
    """
    KEYS = REVIEW
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(REVIEW.actions)]

    @dataclass
    class DocumentsRead(Message):
        """Documents of visible rows were read."""

        documents: Mapping[str, ReadDocument]
        """The documents by event id."""
        needle: str
        """The text that was searched for."""

    def __init__(
        self, workspace: Workspace, documents: frozenset[DocumentKey] | None = None, title: str = ""
    ) -> None:
        """List all labels, or those of `documents`; `title` says what these have in common."""
        super().__init__(workspace, documents, title)
        self._read: dict[str, ReadDocument] = {}  # by event id
        self._requested: dict[str, None] = {}  # ids of the events whose documents are to be read
        self._commands: dict[str, str] = {}

    def body(self) -> ComposeResult:
        """Yield the filters, the list, the document under the cursor and the find bar."""
        yield StatusLine(id="filter")
        yield VirtualList(classes="-framed")
        yield RowsPanel(id="preview")
        yield FindBar()

    def on_mount(self) -> None:
        """Focus the list."""
        self._list = self.query_one(VirtualList)
        self._preview = self.query_one("#preview", RowsPanel)
        self._find_bar = self.query_one(FindBar)
        self._list.head = "labelled documents"
        self._list.focus()
        actions = self._workspace.settings.keys.of(REVIEW)
        self._commands = {key: action.command for action in actions for key in action.keys}

    async def on_key(self, event: events.Key) -> None:
        """Handle keys in the order in which they were pressed; Textual runs bindings later than key events."""
        if self._find_bar.take(event):
            return
        if event.key in self._commands:
            event.stop()
            await self.run_action(f"screen.{self._commands[event.key]}")
        elif event.character and event.character.isdecimal():
            event.stop()
            self._ask_draw(event.character)

    def compute(self, query: LabelQuery, decisions: Decisions) -> LabelList:
        """Return the labels that match the query."""
        return LabelList.of(decisions, self._workspace.scheme, query, before=self._result)

    def show_header(self) -> None:
        """Show the number of labels listed and in all, the marks, and in the line below the filters."""
        left = [StatusItem("corpuscope", "bold $accent", 6), StatusItem("review", "bold", 5)]
        right = []
        if (result := self._result) is not None:
            left.append(StatusItem(f"{len(result):,} of {len(result.label_index):,} labels", "bold", 0))
            counts = result.label_index.flag_counts.items()
            words = [f"{count:,} {word}" for word, count in counts if count]
            right = [StatusItem(" · ".join(words), "$foreground-muted", 7)] if words else []
        left += [StatusItem(one_line(self._title, 40), "$accent", 2)] if self._title else []
        self.query_one("#header", StatusLine).show(left, right)
        order = [StatusItem("latest first", "$foreground-muted", 4)] if self._query.latest else []
        self.query_one("#filter", StatusLine).show(filter_items(self._query, self._search_state), order)

    def draw(self, result: LabelList) -> None:
        """Draw the list; the cursor stays on its label when that is still listed."""
        index = result.label_index
        names = self._workspace.scheme.names, index.corpora, index.annotators

        def widths(width: int) -> Columns:
            return columns(width, *names, with_answers=bool(self._answers))

        self._list.when_empty = self._reason_for_none(len(index))
        self._list.show(
            len(result),
            lambda row, width: self._cells(row, widths(width)),
            lambda width: heading(widths(width)),
            result.cursor,
        )
        self._preview.display = self.size.height >= ROWS_WITH_PREVIEW
        self._show_preview()

    def _reason_for_none(self, labels: int) -> str:
        """Say why nothing is listed, out of so many labels."""
        if not labels:
            return "No labels yet. Label a document and come back."
        if self._search_state and not self._search_state.done:
            return "searching ..."
        return f"No label passes the filters; {self._workspace.settings.keys.first_key('review.all')} clears them."

    def _cells(self, row: int, widths: Columns) -> Sequence[StyledRun]:
        assert self._result is not None, "rows are requested once there are some"
        label = self._result.row(row)
        read = self._read.get(label.event_id)
        if read is None:
            self._request(label.event_id)
        scheme, answer = self._workspace.scheme, self._answers.get((label.corpus, label.document_id))
        return row_cells(label, read.excerpt if read else None, widths, scheme, answer)

    def _request(self, event_id: str) -> None:
        """Have a document read once the rows that are missing have been painted without it."""
        if not self._requested:
            self.call_after_refresh(self._read_requested)
        self._requested[event_id] = None

    def _read_requested(self) -> None:
        requested, self._requested = tuple(self._requested), {}
        if requested:
            self._read_documents(requested, self._needle)

    @work(thread=True, group="texts", exit_on_error=False)
    def _read_documents(self, event_ids: tuple[str, ...], needle: str) -> None:
        def made_of(document: StoredDocument) -> ReadDocument:
            return ReadDocument(list_excerpt(document.text, needle), addressed(document))

        try:
            documents = self._workspace.ledger.each_document(event_ids, made_of)
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))
        else:
            read = zip(event_ids, documents, strict=True)
            self.post_message(self.DocumentsRead(dict(read), needle))

    def forget_excerpts(self) -> None:
        """Drop the texts that were read; the rows in sight ask for theirs again."""
        self._read.clear()

    def on_review_screen_documents_read(self, message: DocumentsRead) -> None:
        """Show the texts that were read, unless another text is searched for by now."""
        if message.needle != self._needle:
            return
        if len(self._read) > MOST_READ:
            self._read.clear()
        self._read |= message.documents
        self._list.remake()
        self._show_preview()

    @on(VirtualList.Moved)
    def _show_preview(self) -> None:
        """Show the start of the document under the cursor."""
        label = self._under_cursor()
        if label is None:
            self._preview.show(lambda _width, _height: ())
            self._list.foot = ""
            return
        read, scheme = self._read.get(label.event_id), self._workspace.scheme
        excerpt, url = (read.excerpt, read.addressed.url) if read else (None, "")
        self._list.foot = f"{LEGEND}   {self._list.cursor + 1:,} of {self._list.count:,}"
        self._preview.show(
            lambda width, _height: preview(label, excerpt, url, scheme, width),
            head=f"{one_line(label.corpus, 30)}, draw {label.draw:,}",
            foot="enter opens it; a category key there changes its label",
        )

    def _under_cursor(self) -> LabelRow | None:
        result, row = self._result, self._list.cursor
        return result.row(row) if result and 0 <= row < len(result) else None

    def action_url(self) -> None:
        """Open the address of the document under the cursor."""
        self._with_address(open_url)

    def action_copy(self) -> None:
        """Copy the address of the document under the cursor."""
        self._with_address(copy_address)

    def _with_address(self, do: Callable[[App[Any], Addressed], str]) -> None:
        label = self._under_cursor()
        if label and (read := self._read.get(label.event_id)):
            self._say(do(self.app, read.addressed))

    def _say(self, text: str) -> None:
        self.show_line([StatusItem(text, "$accent")])

    def action_jump(self) -> None:
        """Ask for the draw to jump to."""
        self._ask_draw("")

    def _ask_draw(self, digits: str) -> None:
        self.app.push_screen(
            NoteScreen(digits, "jump to a draw", "its number", "enter jumps there · esc cancels"), self._jump
        )

    def _jump(self, text: str | None) -> None:
        """Move the cursor to a draw, of the corpus under the cursor if it is listed there."""
        label = self._under_cursor()
        if not text or label is None or self._result is None:
            return
        if not text.isdecimal() or len(text) > MOST_DIGITS:
            self._say(f"{one_line(text, 20)} is not a draw: type a number")
        elif (row := self._result.row_of_draw(int(text), label.corpus)) is None:
            self._say(f"no listed document has draw {int(text):,}")
        else:
            self._list.move(row)

    def accept(self, result: LabelList) -> None:
        """Store the result and keep the cursor on its label."""
        super().accept(result.keeping_cursor(self._result, self._list.cursor))

    def on_screen_resume(self) -> None:
        """Refresh: the document above may have been relabelled."""
        self.refresh_data()

    def action_open(self) -> None:
        """Open the document under the cursor."""
        if self._result:  # and not empty
            screen = RelabelScreen(self._workspace, self._result, self._list.cursor, self._list.move)
            self.app.push_screen(screen)

    @on(VirtualList.Chosen)
    def _chosen(self) -> None:
        self.action_open()
