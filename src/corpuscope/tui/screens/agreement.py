"""The agreement screen: how far annotators of the same documents agree, and which categories they confuse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from corpuscope.analysis.agreement import AgreementGroup, AgreementReport, agreement_report
from corpuscope.config.actions import AGREEMENT, REVIEW
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.report.agreement_tables import (
    categories_table,
    confused_table,
    nothing_to_compare,
    report_measures,
)
from corpuscope.report.tables import Table
from corpuscope.report.text_layout import column_widths, row_line
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.charts.tables import render_table
from corpuscope.tui.messages import ScreenWanted
from corpuscope.tui.screens.live import LiveScreen
from corpuscope.tui.widgets.painting import StyledRun
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine
from corpuscope.tui.widgets.virtual_list import VirtualList

MOST_PAIRS = 8
"""Most confused pairs shown at once; the style sheet limits them to two fifths of the screen as well."""


class AgreementScreen(LiveScreen[None, AgreementReport]):
    """Show one group of annotators; left and right change the group, up and down move through its confused pairs."""

    KEYS = AGREEMENT
    WAITING = "comparing readings ..."
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(AGREEMENT.actions)]

    DEFAULT_CSS = """
    AgreementScreen {
        & VerticalScroll { height: 1fr; }
        & VirtualList { max-height: 40%; }
    }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, None)
        self._position = 0

    def body(self) -> ComposeResult:
        """Yield the tables, and below them the confused pairs."""
        yield from super().body()
        yield StatusLine(id="pairs", classes="-header")
        yield VirtualList(pages=False)

    def on_mount(self) -> None:
        """Focus the confused pairs."""
        self._pairs = self.query_one(VirtualList)
        self.query_one("#pairs", StatusLine).show(
            (
                StatusItem("most confused categories"),
                StatusItem("enter: open these documents", "$foreground-muted", 1),
            )
        )
        self._pairs.focus()

    def compute(self, query: None, decisions: Decisions) -> AgreementReport:  # noqa: ARG002 - the screen has no query
        """Return the agreement of every group of annotators."""
        # imports numpy, which the first frame must not wait for
        return agreement_report(decisions, self._workspace.scheme)

    def accept(self, result: AgreementReport) -> None:
        """Store the result and keep the group of annotators on screen."""
        shown = self._shown
        names = [group.name for group in _groups(result)]
        self._position = names.index(shown.name) if shown and shown.name in names else 0
        super().accept(result)

    def show_header(self) -> None:
        """Show the name and position of the group."""
        left = [StatusItem("corpuscope", "bold $text-accent", 6), StatusItem("agreement", "", 5)]
        if (shown := self._shown) and self._result:
            left.append(StatusItem(one_line(shown.name, 40), "bold", 0))
            left.append(StatusItem(f"{self._position + 1:,} of {len(_groups(self._result)):,}", "", 2))
        self.query_one("#header", StatusLine).show(left)

    def draw(self, result: AgreementReport) -> None:
        """Draw the tables as wide as the screen; the cursor stays on its pair."""
        group = self._shown
        if group is None:
            decisions = self._decisions.recent() if self._decisions else ()
            labelled = sum(1 for decision in decisions if decision.category)
            page = Content(nothing_to_compare(labelled))
        else:
            tables = (report_measures(result), categories_table(group))
            page = Content("\n").join([render_table(table, self.page_width) for table in tables])
        self.query_one("#page", Static).update(page)
        pairs = confused_table(group) if group and group.confused_pairs else None
        self._pairs.display = self.query_one("#pairs").display = pairs is not None
        if pairs:
            self._pairs.styles.height = min(len(pairs.rows), MOST_PAIRS) + 1
            self._list(pairs)

    def action_previous(self) -> None:
        """Show the previous group; the first one is followed by the last."""
        self._turn(-1)

    def action_next(self) -> None:
        """Show the next group; the last one is followed by the first."""
        self._turn(+1)

    def action_open(self) -> None:
        """Review the documents of the pair under the cursor."""
        group = self._shown
        if group and group.confused_pairs:
            pair = group.confused_pairs[min(self._pairs.cursor, len(group.confused_pairs) - 1)]
            documents = frozenset(document.document_id for document in pair.documents)
            self.post_message(
                ScreenWanted(REVIEW.name, documents=documents, title=f"{pair.one} or {pair.other}")
            )

    @on(VirtualList.Chosen)
    def _chosen(self) -> None:
        self.action_open()

    @on(VirtualList.Paged)
    def _page(self, message: VirtualList.Paged) -> None:
        """Scroll the tables by a page: the list of pairs is shorter than one."""
        page = self.query_one(VerticalScroll)
        page.scroll_relative(y=message.direction * (page.size.height - 1), animate=False)

    def action_adjudicate(self) -> None:
        """Adjudicate disagreements."""
        self.post_message(ScreenWanted("Adjudicate"))

    def on_screen_resume(self) -> None:
        """Refresh: documents may have been relabelled on the screen above."""
        self.refresh_data()

    @property
    def _shown(self) -> AgreementGroup | None:
        groups = _groups(self._result) if self._result else ()
        return groups[self._position] if groups else None

    def _turn(self, step: int) -> None:
        if self._result and (groups := _groups(self._result)):
            self._position = (self._position + step) % len(groups)
            self.query_one(VerticalScroll).scroll_home(animate=False)
            self._pairs.move(0)
            self.redraw()

    def _list(self, table: Table) -> None:
        # the last column is a document id for the command line; here enter opens every document of the pair
        table = Table(table.title, table.columns[:-1], tuple(row[:-1] for row in table.rows), table.caption)
        widths = column_widths(table)

        def cells(row: int, _width: int) -> Sequence[StyledRun]:
            return ((row_line(table.rows[row], widths), ""),)

        self._pairs.show(
            len(table.rows), cells, lambda _width: row_line(table.columns, widths), self._pairs.cursor
        )


def _groups(result: AgreementReport) -> tuple[AgreementGroup, ...]:
    return (*result.whole, *result.pairs)
