"""The summary: counts, shares, bars and intervals of everything labelled so far."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from corpuscope.config.actions import SUMMARY
from corpuscope.domain.visible import one_line
from corpuscope.errors import CorpuscopeError
from corpuscope.results.tables import Table, corpus_table, side_by_side
from corpuscope.session.workspace import Workspace
from corpuscope.stats.summary import CorpusSummary, Summary
from corpuscope.tui.headline import action_pieces
from corpuscope.tui.interval_bar import common_scale, interval_bar
from corpuscope.tui.keys import bindings
from corpuscope.tui.lines import Piece
from corpuscope.tui.messages import Failed
from corpuscope.tui.screens.roomy import RoomyScreen, TooSmall
from corpuscope.tui.widgets.line import Line

EVERY = 2.0
"""Seconds between looks at the ledger, which another session may write to."""

Part = Content | str | tuple[str, str]


class SummaryScreen(RoomyScreen):
    """Draws one `Summary`; recomputed when labels arrive."""

    DEFAULT_CSS = """
    SummaryScreen VerticalScroll { padding: 0 1; scrollbar-size-vertical: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SUMMARY)]

    @dataclass
    class Computed(Message):
        """A new summary."""

        summary: Summary

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._summary: Summary | None = None
        self._together = False

    def compose(self) -> ComposeResult:
        """Header, tables, keys."""
        yield Line(id="header", classes="-header")
        yield VerticalScroll(Static("reading the ledger ...", id="tables", markup=False))
        yield Line(id="last")
        yield Line(id="keys")
        yield TooSmall()

    def on_mount(self) -> None:
        """The frame first, the numbers from a worker."""
        self.query_one("#header", Line).show((Piece("corpuscope", "bold $accent"), Piece("summary")))
        self.query_one("#keys", Line).show(action_pieces(self._workspace.settings.keys.of("Summary")))
        self.query_one(VerticalScroll).focus()
        self.call_after_refresh(self._compute)
        self.set_interval(EVERY, self._look)

    @work(thread=True, exclusive=True, group="summary", exit_on_error=False)
    def _look(self) -> None:
        if self._workspace.changed():
            self._send()

    @work(thread=True, exclusive=True, group="summary", exit_on_error=False)
    def _compute(self) -> None:
        self._send()

    def _send(self) -> None:
        try:
            self.post_message(self.Computed(self._workspace.summary()))
        except CorpuscopeError as fault:
            self.post_message(Failed(fault))

    def on_summary_screen_computed(self, message: Computed) -> None:
        """Draws it."""
        self._summary = message.summary
        self._draw()

    def on_failed(self, message: Failed) -> None:
        """Says what could not be read."""
        self.query_one("#last", Line).show((Piece(one_line(str(message.fault)), "$error"),))

    def on_resize(self) -> None:
        """Bars take the room there is."""
        self._draw()

    def action_layout(self) -> None:
        """One table per corpus, or all side by side."""
        self._together = not self._together
        self._draw()

    def action_back(self) -> None:
        """Back to where it was opened from."""
        self.dismiss()

    def _draw(self) -> None:
        if self._summary is None:
            return
        width = max(self.size.width - 4, 40)
        if not self._summary.corpora:
            drawn = Content("No labels yet. Label a document and come back.")
        elif self._together:
            drawn = drawn_table(side_by_side(self._summary), width)
        else:
            drawn = drawn_summary(self._summary, width)
        self.query_one("#tables", Static).update(drawn)
        if problems := self._workspace.problems:
            self.query_one("#last", Line).show((Piece(one_line(" ".join(problems)), "$warning"),))


def drawn_summary(summary: Summary, width: int) -> Content:
    """One table per corpus, each with bars on one common scale."""
    scale = common_scale(
        [s.interval.high for c in summary.corpora if c.distribution.n for s in c.distribution.shares]
    )
    parts: list[Part] = []
    for corpus in summary.corpora:
        parts += [_drawn_corpus(corpus, width, scale), "\n"]
    return Content.assemble(*parts)


def _drawn_corpus(corpus: CorpusSummary, width: int, scale: float) -> Content:
    table = corpus_table(corpus)
    widths = _widths(table)
    bar = width - sum(widths) - 2 * len(widths)
    parts: list[Part] = [(one_line(table.title), "bold $accent"), f"  n = {corpus.distribution.n:,}\n"]
    axis = f"  0{f'{100 * scale:.0f} %'.rjust(bar - 1)}" if bar >= 10 else ""
    parts.append((_line(table.columns, widths) + axis + "\n", "$foreground-muted"))
    for share, row in zip(corpus.distribution.shares, table.rows, strict=True):
        parts.append(_line(row, widths))
        if bar >= 10:
            interval = share.interval
            parts += ["  ", (interval_bar(interval.low, share.share, interval.high, bar, scale), "$primary")]
        parts.append("\n")
    parts.append((" · ".join(one_line(part) for part in table.caption) + "\n", "$foreground-muted"))
    return Content.assemble(*parts)


def drawn_table(table: Table, width: int) -> Content:
    """Any table as lines; columns that do not fit go below, each time beside the first one."""
    widths = _widths(table)
    parts: list[Part] = [(one_line(table.title) + "\n", "bold $accent")]
    for columns in _blocks(widths, width):
        chosen = [widths[i] for i in columns]
        parts.append((_line([table.columns[i] for i in columns], chosen) + "\n", "$foreground-muted"))
        parts += [_line([row[i] for i in columns], chosen) + "\n" for row in table.rows]
        parts.append("\n")
    parts.append((" · ".join(one_line(part) for part in table.caption), "$foreground-muted"))
    return Content.assemble(*parts)


def _blocks(widths: list[int], width: int) -> list[list[int]]:
    """Column numbers in groups that fit, the first column in each."""
    blocks = [[0]]
    for i in range(1, len(widths)):
        used = sum(widths[j] + 2 for j in blocks[-1])
        if used + widths[i] > width and len(blocks[-1]) > 1:
            blocks.append([0])
        blocks[-1].append(i)
    return blocks


def _widths(table: Table) -> list[int]:
    return [
        max(len(one_line(cell)) for cell in column) for column in zip(table.columns, *table.rows, strict=True)
    ]


def _line(cells: Iterable[str], widths: list[int]) -> str:
    """Cells in columns: text to the left, numbers to the right."""
    cleaned = [one_line(cell) for cell in cells]
    first, *rest = (
        cell.ljust(w) if i == 0 else cell.rjust(w)
        for i, (cell, w) in enumerate(zip(cleaned, widths, strict=True))
    )
    return "  ".join([first, *rest])
