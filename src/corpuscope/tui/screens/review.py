"""The review screen: a list of all labels with filters and a search of their texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.cells import set_cell_size
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.worker import get_current_worker

from corpuscope.config.actions import REVIEW
from corpuscope.domain.label import reading_name
from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.extras import require_extra
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.ledger.read.records import LabelQuery
from corpuscope.session.label_list import LabelList
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.messages import WorkerFailed
from corpuscope.tui.screens.live import READING, LiveScreen
from corpuscope.tui.screens.relabel import RelabelScreen
from corpuscope.tui.widgets.category_bar import colour_style
from corpuscope.tui.widgets.find_bar import FindBar
from corpuscope.tui.widgets.painting import StyledRun
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine
from corpuscope.tui.widgets.virtual_list import VirtualList

NAME, SHORT = 16, 11
"""Cells for names of categories, corpora and annotators on a wide and on a narrow screen."""
NARROW = 100
"""Width of the list in cells below which names get less room."""
ODD = "odd to the classifier"
"""What the labels have in common that a classifier finds odd."""
REPORT_INTERVAL = 0.1
"""Least time in seconds between two reports of a search."""


@dataclass(frozen=True, slots=True)
class SearchState:
    """The progress of a search of all texts."""

    needle: str
    """The text to find."""
    share: float = 0.0
    """Share of the ledger that was read, from 0 to 1."""
    matches: int = 0
    """Number of documents found so far."""
    unread: int = 0
    """Number of texts lost to damage."""
    done: bool = False
    """Whether the whole ledger was read."""


class ReviewScreen(LiveScreen[LabelQuery, LabelList]):
    """List the labels that match a `LabelQuery`."""

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
        said: Mapping[str, str]
        """The model's category for each document on which it disagrees, by document id."""

    def __init__(
        self, workspace: Workspace, documents: frozenset[str] | None = None, title: str = ""
    ) -> None:
        """List all labels, or those of `documents`; `title` says what these have in common."""
        super().__init__(workspace, LabelQuery(documents=documents))
        self._preselected = documents
        self._title = title
        self._model = ""
        self._said: Mapping[str, str] = {}
        self._search_state: SearchState | None = None

    def body(self) -> ComposeResult:
        """Yield the list and the find bar."""
        yield VirtualList()
        yield FindBar()

    def on_mount(self) -> None:
        """Focus the list."""
        self._list = self.query_one(VirtualList)
        self._find_bar = self.query_one(FindBar)
        self._list.focus()

    def compute(self, query: LabelQuery, decisions: Decisions) -> LabelList:
        """Return the labels that match the query."""
        return LabelList.of(decisions, self._workspace.scheme, query, before=self._result)

    def show_header(self) -> None:
        """Show the number of labels listed and in all, the filters, the order and the search."""
        left = [StatusItem("corpuscope", "bold $text-accent", 6), StatusItem("review", "", 5)]
        if (result := self._result) is not None:
            left.append(StatusItem(f"{len(result):,} of {len(result.label_index):,} labels", "bold", 0))
        left += [StatusItem(one_line(name, 40), "$text-accent", 2) for name in self._filters()]
        right = [StatusItem("latest first", "$foreground-muted", 4)] if self._query.latest else []
        if search := self._search_state:
            state = (
                f"{search.matches:,} found"
                if search.done
                else f"{search.share:.0%}, {search.matches:,} found"
            )
            lost = f", {search.unread:,} texts lost" if search.unread else ""
            style = "$text-warning" if lost else "$success" if search.done else "$accent"
            right.append(StatusItem(f"{one_line(search.needle, 20)!r}: {state}{lost}", style, 1))
        self.query_one("#header", StatusLine).show(left, right)

    def draw(self, result: LabelList) -> None:
        """Draw the list; the cursor stays on its label when that is still listed."""
        self._list.show(len(result), self._cells, self._heading, result.cursor)

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
        self.query_one("#last", StatusLine).show([StatusItem(READING, "$accent")])
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
            said = (
                disagreements(human_labels(ledger.decisions(), scheme), read_answers(labels, model), scheme)
                if model
                else {}
            )
            self.post_message(self.DisagreementsFound(model, said))
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))

    def on_review_screen_disagreements_found(self, message: DisagreementsFound) -> None:
        """Keep the labels on which the model disagrees, and show what it said."""
        if message.model:
            self._show_documents(frozenset(message.said), f"{message.model} disagrees")
            self._model, self._said = message.model, message.said
        else:
            self._show_documents(None, "")

    def _show_documents(self, documents: frozenset[str] | None, title: str) -> None:
        """Keep these documents, None for all; `title` says what they have in common."""
        self._model, self._said = "", {}
        self._preselected, self._title = documents, title
        self._stop_searching()
        self.ask(replace(self._query, documents=documents))

    def action_order(self) -> None:
        """Reverse the order."""
        self.ask(replace(self._query, latest=not self._query.latest))

    def action_all(self) -> None:
        """Remove every filter."""
        self._preselected, self._title = None, ""
        self._model, self._said = "", {}
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
        self._search_state = None

    def _close_find_bar(self) -> None:
        self._find_bar.close()
        self._list.focus()

    def _filters(self) -> Sequence[str]:
        query = self._query
        names = [self._title, query.category, query.corpus, query.annotator]
        names += [name for name in ("disputed", "bookmarked", "noted") if getattr(query, name)]
        return [name for name in names if name]

    def _heading(self, width: int) -> str:
        name = _name_width(width)
        columns = (
            "   ",
            set_cell_size("category", name),
            set_cell_size("corpus", name),
            f"{'draw':>7}",
            set_cell_size("who", name),
            f"{'characters':>10}",
            "note",
        )
        return " ".join(columns)

    def _cells(self, row: int, width: int) -> Sequence[StyledRun]:
        assert self._result is not None, "rows are requested once there are some"
        line = self._result.row(row)
        name = _name_width(width)
        category = self._workspace.scheme.named(line.category)
        marks = ("★" if line.bookmarked else " ") + ("≠" if line.disputed else " ") + " "
        annotator = line.annotator + (f", {reading_name(line.look)}" if line.look > 1 else "")
        final = f"final: {line.final} " if line.final else ""
        said = self._said.get(line.document_id)
        return (
            (marks + " ", "$text-warning"),
            (_cell(line.category, name) + " ", colour_style(category) if category else "$foreground-muted"),
            (_cell(line.corpus, name) + f" {line.draw:>7,} " + _cell(annotator, name), ""),
            (f" {line.characters:>10,} ", "$foreground-muted"),
            (one_line(final), "$text-success"),
            (f"says {one_line(said)} " if said else "", "$text-accent"),
            (one_line(line.note, width), "$foreground-muted"),
        )


def _after(value: str | None, values: Sequence[str]) -> str | None:
    """Return the value after this one; None comes before the first and after the last."""
    index = values.index(value) + 1 if value in values else 0
    return values[index] if index < len(values) else None


def _name_width(width: int) -> int:
    return NAME if width >= NARROW else SHORT


def _cell(text: str, width: int) -> str:
    return set_cell_size(one_line(text, width), width)
