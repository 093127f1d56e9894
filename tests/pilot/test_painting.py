"""Test that lines are rendered once: caching, preloading and invalidation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip

from corpuscope.tui.text_layout.row_strip import MARGIN
from corpuscope.tui.widgets.document_info import DocumentInfo
from corpuscope.tui.widgets.document_view import DocumentView
from corpuscope.tui.widgets.painting import CachedLines, StyledRows, StyledRun
from makers import a_document
from waiting import until

LONG = "the quick brown fox jumps over the lazy dog, said the duck.\n" * 200
OTHER = "another document, as long as the first one.\n" * 200
SHORT = "another document, of one page.\n" * 5
"""Wrapped whole however slow the machine is: what is wrapped later changes the lower border, and renders it again."""


class Lines(CachedLines):
    """Records each line that is rendered."""

    DEFAULT_CSS = "Lines { height: 1fr; border-top: solid red; border-bottom: solid red; }"

    def __init__(self) -> None:
        super().__init__()
        self.drawn_lines: list[int] = []

    def paint_line(self, y: int) -> Strip:
        self.drawn_lines.append(y)
        return Strip([Segment(f"line {y}".ljust(self.size.width))])


class Pane(DocumentView):
    """Records each line that is rendered when it is painted, not ahead."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn_lines: list[int] = []

    def paint_line(self, y: int) -> Strip:
        self.drawn_lines.append(y)
        return super().paint_line(y)


class CountedText(str):
    """A text that counts its slices."""

    __slots__ = ("slices",)
    slices: int

    def __getitem__(self, key: object) -> str:
        self.slices = getattr(self, "slices", 0) + 1
        return str(self)[key]  # type: ignore[index]  # any key that `str` takes


class OneApp(App[None]):
    """An app with only one widget."""

    def __init__(self, widget: CachedLines) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget


@asynccontextmanager
async def showing(widget: CachedLines) -> AsyncIterator[Pilot[None]]:
    async with OneApp(widget).run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        yield pilot


def painted(widget: CachedLines) -> list[str]:
    """Return the rows of the whole widget as painted."""
    width, height = widget.outer_size
    return [strip.text for strip in widget.render_lines(Region(0, 0, width, height))]


async def test_a_line_is_rendered_once_and_painted_many_times() -> None:
    lines = Lines()
    async with showing(lines) as pilot:
        lines.drawn_lines.clear()
        pilot.app.screen.refresh()
        await pilot.pause()
        assert painted(lines)[1:3] == [f"line {y}".ljust(40) for y in range(2)]
        assert not lines.drawn_lines


async def test_only_the_lines_that_changed_are_rendered_again() -> None:
    lines = Lines()
    async with showing(lines) as pilot:
        lines.drawn_lines.clear()
        lines.refresh(Region(0, 2, 40, 1), Region(0, 5, 40, 2))
        await pilot.pause()
        assert lines.drawn_lines == [2, 5, 6]


async def test_a_widget_refreshed_twice_renders_each_line_once() -> None:
    lines = Lines()
    async with showing(lines) as pilot:
        lines.drawn_lines.clear()
        lines.refresh()
        lines.refresh()
        await pilot.pause()
        assert lines.drawn_lines == list(range(8))


async def test_a_preloaded_line_is_painted_until_the_next_refresh() -> None:
    lines = Lines()
    async with showing(lines) as pilot:
        lines.refresh()
        lines.drawn_lines.clear()
        lines.preload({3: lines.rendered(Strip([Segment("ahead".ljust(40))]))})
        await pilot.pause()
        assert painted(lines)[4].rstrip() == "ahead"
        assert 3 not in lines.drawn_lines
        lines.refresh()
        await pilot.pause()
        assert painted(lines)[4].rstrip() == "line 3"


async def test_another_theme_or_size_clears_the_cache() -> None:
    lines = Lines()
    async with showing(lines) as pilot:
        lines.drawn_lines.clear()
        pilot.app.theme = "textual-light"
        await pilot.pause()
        assert set(lines.drawn_lines) == set(range(8))
        lines.drawn_lines.clear()
        await pilot.resize_terminal(50, 12)
        await pilot.pause()
        assert set(lines.drawn_lines) == set(range(10))
        assert {len(row) for row in painted(lines)} == {50}


async def test_the_text_in_the_border_is_cut_to_its_width() -> None:
    lines = Lines()
    async with showing(lines):
        lines.head, lines.foot = "head", "f" * 60
        lines.refresh()
        rows = painted(lines)
        assert rows[0] == "╭─ head " + "─" * 30 + "─╮"
        assert rows[-1] == "╰─ " + "f" * 33 + "… ─╯"
        lines.head, lines.foot = "漢" * 17, "foot"
        lines.refresh()
        rows = painted(lines)
        assert rows[0] == "╭─ " + "漢" * 17 + " ─╮"
        assert rows[-1] == "╰─" + "─" * 30 + " foot ─╯"
        lines.head = lines.foot = ""
        lines.refresh()
        assert painted(lines)[0] == "╭" + "─" * 38 + "╮"
        assert painted(lines)[-1] == "╰" + "─" * 38 + "╯"


class Styled(StyledRows):
    """Rows of three widths in a frame, with a blank row below its top."""

    DEFAULT_CSS = "Styled { height: 8; border: round red; padding-top: 1; }"

    def runs(self, y: int) -> Sequence[StyledRun]:
        return (("a", "bold"), ("b" * 50 * (y == 1), "red")) if y < 2 else ()


async def test_a_row_fills_its_frame_whatever_its_own_width() -> None:
    styled = Styled()
    async with showing(styled):
        blank = "│" + " " * 38 + "│"
        assert painted(styled)[1:4] == [blank, "│a" + " " * 37 + "│", "│a" + "b" * 37 + "│"]
        assert painted(styled)[4:-1] == [blank] * 3
        first, second, *_ = styled.render_lines(Region(0, 2, 40, 1))[0]
        assert (first.text, second.text) == ("│", "a")
        assert second.style is not None
        assert second.style.bold
        cut = styled.render_lines(Region(1, 2, 3, 2))
        assert [strip.text for strip in cut] == ["a  ", "abb"]


async def test_a_prepared_document_is_painted_without_rendering_a_line() -> None:
    view = Pane()
    async with showing(view) as pilot:
        view.show(LONG)
        await pilot.pause()
        view.prepare(SHORT)
        view.drawn_lines.clear()
        view.show(SHORT)
        await pilot.pause()
        assert not view.drawn_lines
        ahead = painted(view)
        view.refresh()
        assert painted(view) == ahead
        assert ahead[1][1 + MARGIN :].startswith("another document")


async def test_preparing_changes_nothing_on_the_screen() -> None:
    view = Pane()
    async with showing(view) as pilot:
        view.show(LONG)
        while not view.work(1):  # wrap every row: better estimates would change the lower border
            pass
        await pilot.pause()
        view.drawn_lines.clear()
        before = painted(view)
        view.prepare(OTHER)
        await pilot.pause()
        assert painted(view) == before
        assert not view.drawn_lines


async def test_a_document_that_was_not_prepared_is_shown_too() -> None:
    view = Pane()
    async with showing(view) as pilot:
        view.show(LONG)
        await pilot.pause()
        view.prepare(LONG + "that never came")
        view.show(OTHER)
        await pilot.pause()
        assert painted(view)[1][1 + MARGIN :].startswith("another document")


@pytest.mark.parametrize("change", ["theme", "size", "exact"])
async def test_a_page_prepared_for_another_appearance_is_not_used(change: str) -> None:
    view, fresh = Pane(), Pane()
    async with showing(view) as view_pilot, showing(fresh) as fresh_pilot:
        view.prepare(OTHER)
        for pane, pilot in ((view, view_pilot), (fresh, fresh_pilot)):
            if change == "theme":
                pilot.app.theme = "textual-light"
            elif change == "size":
                await pilot.resize_terminal(30, 12)
            else:
                pane.exact = True
            await pilot.pause()
        view.drawn_lines.clear()
        view.show(OTHER)
        fresh.show(OTHER)
        await view_pilot.pause()
        await fresh_pilot.pause()
        assert view.drawn_lines
        assert painted(view) == painted(fresh)


async def test_blank_lines_are_rendered_once_for_each_width() -> None:
    view = Pane()
    async with showing(view) as pilot:
        view.show("short")
        await pilot.pause()
        rows = painted(view)
        view.drawn_lines.clear()
        view.refresh()
        assert painted(view) == rows
        assert view.drawn_lines == [0]
        view.styles.width = 30
        await until(pilot, lambda: view._window.width == 28)
        assert {len(row) for row in rows} == {40}
        assert {len(row) for row in painted(view)} == {30}
        assert all(row.endswith("│") for row in painted(view)[1:-1])


async def test_a_document_prepared_twice_is_rendered_once() -> None:
    view = Pane()
    async with showing(view):
        view.prepare(OTHER)
        page = view._page
        view.prepare(OTHER)
        assert view._page is page is not None


async def test_a_page_prepared_without_highlights_is_not_shown_during_a_search() -> None:
    view = Pane()
    async with showing(view) as pilot:
        view.show(LONG)
        view.find("another")
        view.prepare(OTHER)
        view.show(OTHER)
        await pilot.pause()
        row = view.render_lines(Region(0, 1, 40, 1))[0]
        assert [s.text for s in row if s.style and s.style.underline] == ["another"]


async def test_prepared_statistics_are_computed_and_rendered_once() -> None:
    panel = DocumentInfo()
    text = CountedText("seven words and no more than these")
    first, second = a_document(0), a_document(1, text, url="https://a.example/", tokens=9)
    async with showing(panel) as pilot:
        panel.show(first, blind=False)
        await pilot.pause()
        panel.prepare(second, blind=False)
        slices, rows = text.slices, set(panel._rows)
        before = painted(panel)
        panel.show(second, blind=False)
        await pilot.pause()
        assert painted(panel) != before
        assert "9 tokens" in panel.text
        assert text.slices == slices
        assert set(panel._rows) == rows


async def test_the_info_of_a_blind_document_is_prepared_without_its_origin() -> None:
    panel = DocumentInfo()
    async with showing(panel) as pilot:
        panel.prepare(a_document(1, url="https://a.example/"), blind=True)
        panel.show(a_document(1, url="https://a.example/"), blind=True)
        await pilot.pause()
        assert not any("a.example" in text for row in panel._rows for text, _ in row)
