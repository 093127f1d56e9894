"""The review: every label in a list, filtered and searched, each to be read again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.cells import set_cell_size
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.worker import get_current_worker

from corpuscope.config.actions import REVIEW
from corpuscope.errors import CorpuscopeError
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.ledger.read.records import LabelQuery
from corpuscope.session.label_list import LabelList
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.messages import WorkerFailed
from corpuscope.tui.screens.live import LiveScreen
from corpuscope.tui.widgets.category_bar import colour_style
from corpuscope.tui.widgets.find_bar import FindBar
from corpuscope.tui.widgets.painting import StyledRun
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine
from corpuscope.tui.widgets.virtual_list import VirtualList

NAME, SHORT = 16, 11
"""Cells for names of categories, corpora and annotators, on a wide screen and on a narrow one."""
NARROW = 100
"""Cells of a list below which names get less room."""
REPORT_INTERVAL = 0.1
"""Seconds between two reports of a search at least."""


@dataclass(frozen=True, slots=True)
class SearchState:
    """A search of all texts."""

    needle: str
    """What is sought."""
    share: float = 0.0
    """How much of the ledger was read, from 0 to 1."""
    found: int = 0
    """Documents found so far."""
    unread: int = 0
    """Texts that damage took."""
    done: bool = False
    """Whether everything was read."""


class ReviewScreen(LiveScreen[LabelQuery, LabelList]):
    """Lists what a `LabelQuery` keeps."""

    PLACE = "Review"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(REVIEW)]

    @dataclass
    class SearchProgress(Message):
        """A search has come further."""

        searching: SearchState
        documents: frozenset[str]

    def __init__(
        self, workspace: Workspace, documents: frozenset[str] | None = None, title: str = ""
    ) -> None:
        """All labels, or those of `documents`, of which `title` says what they have in common."""
        super().__init__(workspace, LabelQuery(documents=documents))
        self._preselected = documents
        self._title = title
        self._searching: SearchState | None = None

    def body(self) -> ComposeResult:
        """The list, and where text to find is typed."""
        yield VirtualList()
        yield FindBar()

    def on_mount(self) -> None:
        """The list has the keys."""
        self._list = self.query_one(VirtualList)
        self._find_bar = self.query_one(FindBar)
        self._list.focus()

    def compute(self, query: LabelQuery, decisions: Decisions) -> LabelList:
        """The decisions that are wanted."""
        return LabelList.of(decisions, self._workspace.scheme, query, before=self._result)

    def show_header(self) -> None:
        """How many of how many, and what they are kept by."""
        left = [StatusItem("corpuscope", "bold $text-accent", 6), StatusItem("review", "", 5)]
        if (found := self._result) is not None:
            left.append(StatusItem(f"{len(found):,} of {len(found.label_index):,} labels", "bold", 0))
        left += [StatusItem(one_line(word, 40), "$text-accent", 2) for word in self._filters()]
        right = [StatusItem("latest first", "$foreground-muted", 4)] if self._query.latest else []
        if search := self._searching:
            state = (
                f"{search.found:,} found" if search.done else f"{search.share:.0%}, {search.found:,} found"
            )
            lost = f", {search.unread:,} texts lost" if search.unread else ""
            style = "$text-warning" if lost else "$success" if search.done else "$accent"
            right.append(StatusItem(f"{one_line(search.needle, 20)!r}: {state}{lost}", style, 1))
        self.query_one("#header", StatusLine).show(left, right)

    def draw(self, found: LabelList) -> None:
        """The list; the cursor stays on its label where that is still in it."""
        self._list.show(len(found), self._cells, self._heading, found.cursor)

    def accept(self, found: LabelList) -> None:
        """Remembers the label under the cursor."""
        super().accept(found.keeping_cursor(self._result, self._list.cursor))

    def on_screen_resume(self) -> None:
        """Back from a document that may have got another label."""
        self.refresh_data()

    def action_open(self) -> None:
        """Reads the document under the cursor again."""
        if self._result:  # and not empty
            from corpuscope.tui.screens.relabel import RelabelScreen

            screen = RelabelScreen(self._workspace, self._result, self._list.cursor, self._list.move)
            self.app.push_screen(screen)

    @on(VirtualList.Chosen)
    def _chosen(self) -> None:
        self.action_open()

    def action_category(self) -> None:
        """The next category."""
        if self._result is not None:
            kept = _after(self._query.category, self._result.label_index.categories)
            self.ask(replace(self._query, category=kept))

    def action_corpus(self) -> None:
        """The next corpus."""
        if self._result is not None:
            kept = _after(self._query.corpus, self._result.label_index.corpora)
            self.ask(replace(self._query, corpus=kept))

    def action_annotator(self) -> None:
        """The next annotator."""
        if self._result is not None:
            kept = _after(self._query.annotator, self._result.label_index.annotators)
            self.ask(replace(self._query, annotator=kept))

    def action_disputed(self) -> None:
        """Documents with different categories, or all."""
        self.ask(replace(self._query, disputed=not self._query.disputed))

    def action_bookmarked(self) -> None:
        """Bookmarked documents, or all."""
        self.ask(replace(self._query, bookmarked=not self._query.bookmarked))

    def action_noted(self) -> None:
        """Documents with a note, or all."""
        self.ask(replace(self._query, noted=not self._query.noted))

    def action_order(self) -> None:
        """The other order."""
        self.ask(replace(self._query, latest=not self._query.latest))

    def action_all(self) -> None:
        """No filter."""
        self._preselected, self._title = None, ""
        self._stop_searching()
        self.ask(LabelQuery(latest=self._query.latest))

    def action_back(self) -> None:
        """Closes the find bar, ends a search, or goes back."""
        if self._find_bar.is_open:
            self._close_find_bar()
        elif self._searching:
            self._stop_searching()
            self.ask(replace(self._query, documents=self._preselected))
        else:
            self.leave()

    def action_find(self) -> None:
        """Opens the find bar."""
        self._find_bar.open()

    @on(FindBar.SearchRequested)
    def _find(self, message: FindBar.SearchRequested) -> None:
        """Searches all texts when enter is pressed."""
        message.stop()
        if not message.done:
            return
        self._close_find_bar()
        self._stop_searching()
        if message.needle:
            self._searching = SearchState(message.needle)
            self.ask(replace(self._query, documents=frozenset()))
            self._search(message.needle)
        else:
            self.ask(replace(self._query, documents=self._preselected))

    @work(thread=True, exclusive=True, group="search", exit_on_error=False)
    def _search(self, needle: str) -> None:
        worker = get_current_worker()
        said = 0.0
        try:
            for far in self._workspace.search(needle):
                if worker.is_cancelled:
                    return
                now = self._workspace.clock.monotonic()
                if far.done or now - said >= REPORT_INTERVAL:
                    said = now
                    share = far.events / max(far.total, 1)
                    state = SearchState(needle, share, len(far.documents), far.unread, far.done)
                    self.post_message(self.SearchProgress(state, far.documents))
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))

    def on_review_screen_search_progress(self, message: SearchProgress) -> None:
        """Shows what was found so far, unless something else is sought by now."""
        if self._searching is None or self._searching.done:
            return
        if message.searching.needle == self._searching.needle:
            more = message.searching.found > self._searching.found or message.searching.done
            self._searching = message.searching
            self.show_header()
            if more:
                within = (
                    message.documents if self._preselected is None else message.documents & self._preselected
                )
                self.ask(replace(self._query, documents=within))

    def on_unmount(self) -> None:
        """Nobody waits for a search any more."""
        self.workers.cancel_group(self, "search")

    def _stop_searching(self) -> None:
        self.workers.cancel_group(self, "search")
        self._searching = None

    def _close_find_bar(self) -> None:
        self._find_bar.close()
        self._list.focus()

    def _filters(self) -> Sequence[str]:
        query = self._query
        words = [self._title, query.category, query.corpus, query.annotator]
        words += [name for name in ("disputed", "bookmarked", "noted") if getattr(query, name)]
        return [word for word in words if word]

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
        known = self._workspace.scheme.named(line.category)
        marks = ("★" if line.bookmarked else " ") + ("≠" if line.disputed else " ") + " "
        who = line.annotator + (f" look {line.look}" if line.look > 1 else "")
        final = f"final: {line.final} " if line.final else ""
        return (
            (marks + " ", "$text-warning"),
            (_cell(line.category, name) + " ", colour_style(known) if known else "$foreground-muted"),
            (_cell(line.corpus, name) + f" {line.draw:>7,} " + _cell(who, name), ""),
            (f" {line.characters:>10,} ", "$foreground-muted"),
            (one_line(final), "$text-success"),
            (one_line(line.note, width), "$foreground-muted"),
        )


def _after(value: str | None, values: Sequence[str]) -> str | None:
    """The value after this one; None before the first and after the last."""
    place = values.index(value) + 1 if value in values else 0
    return values[place] if place < len(values) else None


def _name_width(width: int) -> int:
    return NAME if width >= NARROW else SHORT


def _cell(text: str, width: int) -> str:
    return set_cell_size(one_line(text, width), width)
