"""The review screen: a list of all labels with filters and a search of their texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple

from textual import events, on, work
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.worker import get_current_worker

from corpuscope.config.actions import REVIEW
from corpuscope.domain.document import Document
from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.extras import require_extra
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.ledger.read.records import LabelQuery
from corpuscope.session.label_list import LabelList, LabelRow
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.messages import WorkerFailed
from corpuscope.tui.review_rows import (
    FLAGS,
    LOST,
    Columns,
    ListExcerpt,
    SearchState,
    columns,
    filter_items,
    heading,
    list_excerpt,
    preview,
    row_cells,
)
from corpuscope.tui.screens.addresses import Addressed, addressed, copy_address, open_url
from corpuscope.tui.screens.live import READING, LiveScreen
from corpuscope.tui.screens.note import NoteScreen
from corpuscope.tui.screens.relabel import RelabelScreen
from corpuscope.tui.widgets.find_bar import FindBar
from corpuscope.tui.widgets.painting import StyledRun
from corpuscope.tui.widgets.rows_panel import RowsPanel
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine
from corpuscope.tui.widgets.virtual_list import VirtualList

ODD = "odd to the classifier"
"""What the labels have in common that a classifier finds odd."""
REPORT_INTERVAL = 0.1
"""Least time in seconds between two reports of a search."""


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


LOST_DOCUMENT = ReadDocument(LOST, Addressed("", "damage took it"))
"""Stands for a document that cannot be read."""


class ReviewScreen(LiveScreen[LabelQuery, LabelList]):
    """List the labels that match a `LabelQuery`."""

    DEFAULT_CSS = """
    ReviewScreen #preview { height: 13; }
    """
    KEYS = REVIEW
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(REVIEW.actions)]

    @dataclass
    class SearchProgress(Message):
        """A search has made progress."""

        search: SearchState
        documents: frozenset[str]

    @dataclass
    class OddLabelsFound(Message):
        """A classifier has read all labelled documents."""

        documents: frozenset[str]

    @dataclass
    class DisagreementsFound(Message):
        """A model's answers were compared with the labels."""

        model: str
        """Name of the model; "" after the last one."""
        answers: Mapping[str, str]
        """The model's category for each document on which it disagrees, by document id."""

    @dataclass
    class DocumentsRead(Message):
        """Documents of visible rows were read."""

        documents: Mapping[str, ReadDocument]
        """The documents by event id."""
        needle: str
        """The text that was searched for."""

    def __init__(
        self, workspace: Workspace, documents: frozenset[str] | None = None, title: str = ""
    ) -> None:
        """List all labels, or those of `documents`; `title` says what these have in common."""
        super().__init__(workspace, LabelQuery(documents=documents))
        self._preselected = documents
        self._title = title
        self._model = ""
        self._answers: Mapping[str, str] = {}
        self._search_state: SearchState | None = None
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

        self._list.show(
            len(result),
            lambda row, width: self._cells(row, widths(width)),
            lambda width: heading(widths(width)),
            result.cursor,
        )
        self._preview.display = self.size.height >= ROWS_WITH_PREVIEW
        self._show_preview()

    def _cells(self, row: int, widths: Columns) -> Sequence[StyledRun]:
        assert self._result is not None, "rows are requested once there are some"
        label = self._result.row(row)
        read = self._read.get(label.event_id)
        if read is None:
            self._request(label.event_id)
        scheme, answer = self._workspace.scheme, self._answers.get(label.document_id)
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
        def made_of(document: Document) -> ReadDocument:
            return ReadDocument(list_excerpt(document.text, needle), addressed(document))

        try:
            documents = self._workspace.ledger.each_document(event_ids, made_of)
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))
        else:
            read = zip(event_ids, (document or LOST_DOCUMENT for document in documents), strict=True)
            self.post_message(self.DocumentsRead(dict(read), needle))

    def on_review_screen_documents_read(self, message: DocumentsRead) -> None:
        """Show the texts that were read, unless another text is searched for by now."""
        if message.needle != self._needle:
            return
        if len(self._read) > MOST_READ:
            self._read.clear()
        self._read |= message.documents
        self._list.remake()
        self._show_preview()

    @property
    def _needle(self) -> str:
        return self._search_state.needle if self._search_state else ""

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
        self.app.push_screen(NoteScreen(digits, "draw", "enter jumps there · esc cancels"), self._jump)

    def _jump(self, text: str | None) -> None:
        """Move the cursor to a draw, of the corpus under the cursor if it is listed there."""
        label = self._under_cursor()
        if not text or label is None or self._result is None:
            return
        if not text.isdecimal() or len(text) > MOST_DIGITS:
            self._say(f"{one_line(text, 20)} is no draw: type a number")
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

    def action_category(self) -> None:
        """Filter by the next category."""
        if self._result is not None:
            category = _after(self._query.category, self._result.label_index.categories)
            self.ask(replace(self._query, category=category))

    def action_corpus(self) -> None:
        """Filter by the next corpus."""
        if self._result is not None:
            corpus = _after(self._query.corpus, self._result.label_index.corpora)
            self.ask(replace(self._query, corpus=corpus))

    def action_annotator(self) -> None:
        """Filter by the next annotator."""
        if self._result is not None:
            annotator = _after(self._query.annotator, self._result.label_index.annotators)
            self.ask(replace(self._query, annotator=annotator))

    def action_flags(self) -> None:
        """Filter by the next mark; by none after the last."""
        current = next((flag for flag in FLAGS if getattr(self._query, flag)), None)
        following = _after(current, FLAGS)
        chosen = dict.fromkeys(FLAGS, False) | ({following: True} if following else {})
        self.ask(replace(self._query, **chosen))  # type: ignore[arg-type]  # every flag is a bool of the query

    def action_disputed(self) -> None:
        """Filter by documents with different categories, or not."""
        self.ask(replace(self._query, disputed=not self._query.disputed))

    def action_bookmarked(self) -> None:
        """Filter by bookmarked documents, or not."""
        self.ask(replace(self._query, bookmarked=not self._query.bookmarked))

    def action_noted(self) -> None:
        """Filter by documents with a note, or not."""
        self.ask(replace(self._query, noted=not self._query.noted))

    def action_odd(self) -> None:
        """Filter by labels that a classifier finds odd, or not."""
        if self._title == ODD:
            self._show_documents(None, "")
            return
        try:
            require_extra("assist", "a look for odd labels")
        except UsageError as missing:
            self.failed(missing)
            return
        self.show_line([StatusItem(READING, "$accent")])
        self._find_odd()

    @work(thread=True, exclusive=True, group="odd", exit_on_error=False)
    def _find_odd(self) -> None:
        from corpuscope.analysis.classifier import odd_documents

        ledger, plan = self._workspace.ledger, self._workspace.plan
        try:
            odd = odd_documents(ledger.decisions(), self._workspace.scheme, plan.read(), ledger.texts)
            self.post_message(self.OddLabelsFound(odd))
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))

    def on_review_screen_odd_labels_found(self, message: OddLabelsFound) -> None:
        """Keep the odd labels."""
        self._show_documents(message.documents, ODD)

    def action_model(self) -> None:
        """Filter by labels on which the next model disagrees; no filter after the last one."""
        self._find_disagreements(self._model)

    @work(thread=True, exclusive=True, group="odd", exit_on_error=False)
    def _find_disagreements(self, before: str) -> None:
        from corpuscope.analysis.second_reader import disagreements, human_labels
        from corpuscope.annotate.answers import models_of, read_answers

        ledger, scheme, labels = self._workspace.ledger, self._workspace.scheme, self._workspace.paths.labels
        try:
            models = models_of(labels)
            if not models:
                raise UsageError("no model has answered yet", "ask one: corpuscope annotate --model NAME")
            model = _after(before or None, models) or ""
            answers = (
                disagreements(human_labels(ledger.decisions(), scheme), read_answers(labels, model), scheme)
                if model
                else {}
            )
            self.post_message(self.DisagreementsFound(model, answers))
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))

    def on_review_screen_disagreements_found(self, message: DisagreementsFound) -> None:
        """Keep the labels on which the model disagrees, and show its answers."""
        if message.model:
            self._show_documents(frozenset(message.answers), f"{message.model} disagrees")
            self._model, self._answers = message.model, message.answers
        else:
            self._show_documents(None, "")

    def _show_documents(self, documents: frozenset[str] | None, title: str) -> None:
        """Keep these documents, None for all; `title` says what they have in common."""
        self._model, self._answers = "", {}
        self._preselected, self._title = documents, title
        self._stop_searching()
        self.ask(replace(self._query, documents=documents))

    def action_order(self) -> None:
        """Reverse the order."""
        self.ask(replace(self._query, latest=not self._query.latest))

    def action_all(self) -> None:
        """Remove every filter."""
        self._preselected, self._title = None, ""
        self._model, self._answers = "", {}
        self._stop_searching()
        self.ask(LabelQuery(latest=self._query.latest))

    def action_back(self) -> None:
        """Close the find bar, else end the search, else leave."""
        if self._find_bar.is_open:
            self._close_find_bar()
        elif self._search_state:
            self._stop_searching()
            self.ask(replace(self._query, documents=self._preselected))
        else:
            self.leave()

    def action_find(self) -> None:
        """Open the find bar."""
        self._find_bar.open()

    @on(FindBar.SearchRequested)
    def _find(self, message: FindBar.SearchRequested) -> None:
        """Search all texts when enter is pressed."""
        message.stop()
        if not message.done:
            return
        self._close_find_bar()
        self._stop_searching()
        if message.needle:
            self._search_state = SearchState(message.needle)
            self._read.clear()
            self.ask(replace(self._query, documents=frozenset()))
            self._search(message.needle)
        else:
            self.ask(replace(self._query, documents=self._preselected))

    @work(thread=True, exclusive=True, group="search", exit_on_error=False)
    def _search(self, needle: str) -> None:
        worker = get_current_worker()
        last_report = 0.0
        try:
            for progress in self._workspace.ledger.search(needle):
                if worker.is_cancelled:
                    return
                now = self._workspace.clock.monotonic()
                if progress.done or now - last_report >= REPORT_INTERVAL:
                    last_report = now
                    share = progress.events / max(progress.total, 1)
                    matches = len(progress.documents)
                    state = SearchState(needle, share, matches, progress.unread, progress.done)
                    self.post_message(self.SearchProgress(state, progress.documents))
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))

    def on_review_screen_search_progress(self, message: SearchProgress) -> None:
        """Show the matches so far, unless another text is searched for by now."""
        if self._search_state is None or self._search_state.done:
            return
        if message.search.needle == self._search_state.needle:
            has_news = message.search.matches > self._search_state.matches or message.search.done
            self._search_state = message.search
            self.show_header()
            if has_news:
                documents = (
                    message.documents if self._preselected is None else message.documents & self._preselected
                )
                self.ask(replace(self._query, documents=documents))

    def on_unmount(self) -> None:
        """Cancel the search."""
        self.workers.cancel_group(self, "search")

    def _stop_searching(self) -> None:
        self.workers.cancel_group(self, "search")
        if self._search_state:
            self._read.clear()
        self._search_state = None

    def _close_find_bar(self) -> None:
        self._find_bar.close()
        self._list.focus()


def _after(value: str | None, values: Sequence[str]) -> str | None:
    """Return the value after this one; None comes before the first and after the last."""
    index = values.index(value) + 1 if value in values else 0
    return values[index] if index < len(values) else None
