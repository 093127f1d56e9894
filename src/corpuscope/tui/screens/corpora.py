"""The list of corpora: what can be labelled, the labels so far, and how uniformly each is sampled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from corpuscope.config.actions import AGREEMENT, CORPORA, READING, REVIEW, SUMMARY
from corpuscope.errors import CorpuscopeError
from corpuscope.session.study_plan import CorpusStatus, corpus_statuses
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.header_text import action_items
from corpuscope.tui.messages import (
    LabellingWanted,
    ScreenWanted,
    WorkerFailed,
)
from corpuscope.tui.screens.responsive import ResponsiveScreen, TooSmall
from corpuscope.tui.widgets.painting import StyledRun
from corpuscope.tui.widgets.status_line import MessageBar, StatusItem, StatusLine
from corpuscope.tui.widgets.virtual_list import VirtualList

MARK = "●"

NUMBER = 8
"""Cells of the columns of labels and of planned labels."""


class CorporaList(VirtualList, inherit_bindings=False):
    """A list in which space marks a corpus instead of turning the page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(action for action in READING.actions if action.command != "page_down"),
        Binding("pagedown", "page_down", show=False),
    ]


class CorporaScreen(ResponsiveScreen):
    """Show a table of corpora and the details of the one under the cursor."""

    DEFAULT_CSS = """
    CorporaScreen {
        & VerticalScroll { height: 9; border: round $primary-muted; padding: 0 1; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(CORPORA.actions)]

    @dataclass
    class Counted(Message):
        """The labels of every corpus have been counted."""

        statuses: tuple[CorpusStatus, ...]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._statuses: tuple[CorpusStatus, ...] = ()
        self._marked: set[str] = set()

    def compose(self) -> ComposeResult:
        """Yield header, table, details, messages and keys."""
        yield StatusLine(id="header", classes="-header")
        yield CorporaList()
        with VerticalScroll() as details:
            details.can_focus = False
            yield Static(id="details", markup=False)
        yield MessageBar()
        yield StatusLine(id="keys")
        yield TooSmall()

    def on_mount(self) -> None:
        """Paint the table first; the counts follow when the ledger has been read."""
        self._list = self.query_one(CorporaList)
        self._fill(corpus_statuses(None, None, self._workspace.scheme))
        self._list.focus()
        self.query_one("#header", StatusLine).show(
            (
                StatusItem("corpuscope", "bold $text-accent"),
                StatusItem("what is in those tokens?", "$foreground-muted", 5),
            )
        )
        self.query_one("#keys", StatusLine).show(action_items(self._workspace.settings.keys.of(CORPORA)))
        self.call_after_refresh(self._count)

    def on_screen_resume(self) -> None:
        """Count again: labels may have been added on the screen above."""
        self._count()

    @work(thread=True, exclusive=True, group="statuses", exit_on_error=False)
    def _count(self) -> None:
        try:
            statuses = self._workspace.corpus_statuses(counted=True)
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))
        else:
            self.post_message(self.Counted(statuses))

    def on_corpora_screen_counted(self, message: Counted) -> None:
        """Show the counts, and why nothing can be labelled."""
        self.query_one(MessageBar).show_message(self._workspace.ledger.only_to_look, "$text-warning")
        self._fill(message.statuses)

    def on_worker_failed(self, message: WorkerFailed) -> None:
        """Show what could not be read."""
        self.query_one(MessageBar).show_message(str(message.fault), "$text-error")

    def _fill(self, statuses: Sequence[CorpusStatus]) -> None:
        self._statuses = tuple(statuses)
        self._list.show(len(statuses), self._cells, self._heading, self._list.cursor)
        self._describe()

    @property
    def _key_width(self) -> int:
        return max(cell_len(one_line(status.corpus.key)) for status in self._statuses)

    def _heading(self, _width: int) -> str:
        corpus = "corpus".ljust(self._key_width)
        return f"  {corpus}{'labels':>{NUMBER}}{'planned':>{NUMBER}}  what it is"

    def _cells(self, row: int, width: int) -> Sequence[StyledRun]:
        room = max(width - self._key_width - 2 * NUMBER - 4, 0)
        status = self._statuses[row]
        corpus = status.corpus
        count = "·" if status.labelled is None else f"{status.labelled:,}"
        target = f"{status.target:,}" if status.target else ""
        return (
            (f"{MARK if corpus.key in self._marked else ' '} ", "$text-accent"),
            (set_cell_size(one_line(corpus.key), self._key_width), ""),
            (f"{count:>{NUMBER}}{target:>{NUMBER}}  ", ""),
            (one_line(corpus.description or corpus.path, room), ""),
        )

    @on(VirtualList.Moved)
    def _moved(self) -> None:
        """Show the details of the corpus under the cursor."""
        self._describe()

    @on(VirtualList.Chosen)
    def _chosen(self) -> None:
        """Label on a click on the row under the cursor."""
        self.action_label()

    def _under_cursor(self) -> CorpusStatus | None:
        row = self._list.cursor
        return self._statuses[row] if 0 <= row < len(self._statuses) else None

    def _describe(self) -> None:
        status = self._under_cursor()
        if status is None:
            return
        corpus = status.corpus
        source = " ".join(
            part
            for part in (corpus.path, corpus.name, corpus.split if corpus.kind == "hub" else None)
            if part
        )
        lines = [(one_line(corpus.title), "bold")]
        if corpus.description:
            lines.append((f" · {one_line(corpus.description)}", ""))
        lines.append((f"\n{one_line(source)}", "$foreground-muted"))
        revision = (
            f"pinned at {status.revision[:12]}" if status.revision else "revision is pinned on first use"
        )
        lines.append(
            (
                f"\n{revision}" + (f" · licence {corpus.licence}" if corpus.licence else ""),
                "$foreground-muted",
            )
        )
        lines.append((f"\n{one_line(status.uniform)}", ""))
        self.query_one("#details", Static).update(Content.assemble(*lines))

    def action_mark(self) -> None:
        """Mark or unmark the corpus under the cursor."""
        if status := self._under_cursor():
            self._marked ^= {status.corpus.key}
            self._fill(self._statuses)

    def action_label(self) -> None:
        """Label the marked corpora, or the one under the cursor."""
        chosen = tuple(s.corpus for s in self._statuses if s.corpus.key in self._marked)
        if not chosen and (status := self._under_cursor()):
            chosen = (status.corpus,)
        if chosen:
            self.post_message(LabellingWanted(chosen))

    def action_review(self) -> None:
        """Open the review of labels."""
        self.post_message(ScreenWanted(REVIEW.name))

    def action_agreement(self) -> None:
        """Open the agreement."""
        self.post_message(ScreenWanted(AGREEMENT.name))

    def action_summary(self) -> None:
        """Open the summary."""
        self.post_message(ScreenWanted(SUMMARY.name))
