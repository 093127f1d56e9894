"""Test the document pane in a running app."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown
from textual.geometry import Offset
from textual.pilot import Pilot

import hostile
from corpuscope.config.settings import THEMES
from corpuscope.domain.document import Section, join_sections
from corpuscope.tui.text_layout.row_strip import BAR, GAP, MARGIN
from corpuscope.tui.text_layout.text_search import MAX_OCCURRENCES, SLICE_SIZE, Finder
from corpuscope.tui.themes import DARK, HIGH_CONTRAST, LIGHT
from corpuscope.tui.widgets.document_view import DocumentView
from waiting import until

LINES = "".join(f"line {number} of the document\n" for number in range(1_000))
BOOK = "the quick brown fox jumps over the lazy dog, said the duck. " * 12_000


@dataclass
class PostedMessages:
    """Messages that the pane posted to its screen."""

    painted: int = 0
    moved: list[tuple[float, int]] = field(default_factory=list)
    searches: list[tuple[int, int]] = field(default_factory=list)


class PaneApp(App[None]):
    """An app with only a document pane."""

    def __init__(self) -> None:
        super().__init__()
        self.posted = PostedMessages()

    def compose(self) -> ComposeResult:
        yield DocumentView()

    def on_document_view_painted(self) -> None:
        self.posted.painted += 1

    def on_document_view_moved(self, message: DocumentView.Moved) -> None:
        self.posted.moved.append((message.fraction, message.rows_left))

    def on_document_view_search_finished(self, message: DocumentView.SearchFinished) -> None:
        self.posted.searches.append((message.number, message.count))


@dataclass
class Pane:
    """A running pane, and views of it for tests."""

    app: PaneApp
    view: DocumentView
    pilot: Pilot[None]

    def rows(self) -> list[str]:
        """Return the text in the window, without margins and scroll bar."""
        return [row[MARGIN : -GAP - BAR] for row in self.whole_rows()]

    def whole_rows(self) -> list[str]:
        """Return the rows of the window from edge to edge."""
        return [self.view.render_line(y).text for y in range(self.view.size.height)]

    def stripped_rows(self) -> list[str]:
        """Return the text in the window, without padding."""
        return [row.rstrip() for row in self.rows()]

    def screen(self) -> str:
        """Return the whole screen, borders included."""
        return "\n".join(
            "".join(segment.text for segment in strip)
            for strip in self.app.screen._compositor.render_strips()
        )

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def show(self, text: str, sections: Sequence[Section] = (), title: str = "") -> None:
        self.view.set_title(title)
        self.view.show(text, sections)
        await self.pilot.pause()


@asynccontextmanager
async def pane(width: int = 64, height: int = 22) -> AsyncIterator[Pane]:
    app = PaneApp()
    async with app.run_test(size=(width + 4, height)) as pilot:
        view = app.query_one(DocumentView)
        view.focus()
        await pilot.pause()
        yield Pane(app, view, pilot)


async def test_a_document_is_shown_from_its_start_and_announced_once_when_painted() -> None:
    async with pane() as p:
        await p.show(LINES, title="a [red]title\n\x1b")
        assert p.stripped_rows()[:2] == ["line 0 of the document", "line 1 of the document"]
        assert "a [red]title␤␛" in p.screen()
        assert p.app.posted.painted == 1
        assert p.app.posted.moved == []


async def test_another_document_starts_at_its_top_after_any_scrolling() -> None:
    async with pane() as p:
        await p.show(LINES)
        await p.press("end")
        await p.show("short")
        assert p.stripped_rows() == ["short", *[""] * 19]
        assert p.view.scroll_y == 0
        assert p.view.foot == "all of it"
        assert p.app.posted.painted == 2


async def test_showing_a_document_asks_for_no_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    async with pane() as p:
        await p.show("short")
        layouts: list[object] = []
        monkeypatch.setattr(p.app.screen, "_refresh_layout", lambda *args, **_: layouts.append(args))
        for text in (LINES, BOOK, "", "x" * 1_000_000):
            await p.show(text)
            await p.press("space", "down", "end")
        assert layouts == []


async def test_arrows_and_letters_move_by_a_row_and_pages_leave_two_rows_visible() -> None:
    async with pane() as p:
        await p.show(LINES)
        for key, top in (
            ("down", 1),
            ("j", 2),
            ("up", 1),
            ("k", 0),
            ("k", 0),
            ("space", 18),
            ("pagedown", 36),
        ):
            await p.press(key)
            assert p.stripped_rows()[0] == f"line {top} of the document"
        for key, top in (("pageup", 18), ("shift+space", 0)):
            await p.press(key)
            assert p.stripped_rows()[0] == f"line {top} of the document"


async def test_end_shows_the_last_rows_and_end_again_goes_back() -> None:
    async with pane() as p:
        await p.show(LINES)
        await p.press("space", "space", "end")
        assert p.stripped_rows()[-1] == "line 999 of the document"
        await p.press("end")
        assert p.stripped_rows()[0] == "line 36 of the document"
        await p.press("end", "home")
        assert p.stripped_rows()[0] == "line 0 of the document"


async def test_the_border_says_where_the_reader_is_and_how_much_is_left() -> None:
    async with pane() as p:
        await p.show(LINES)
        await until(p.pilot, lambda: p.view.foot == "2 % · 49 screens left")  # once all is wrapped
        await p.press("end")
        assert p.view.foot == "100 %"
        await p.press("up")
        assert p.view.foot == "100 % · 1 row left"
        assert p.app.posted.moved[-1][1] == 1
        assert "100 % · 1 row left" in p.screen()


async def test_the_rest_of_the_document_is_shown_in_full_or_not_at_all() -> None:
    async with pane(width=14) as p:
        await p.show("word " * 100)
        assert p.view.foot.endswith(" %")
        assert p.view.foot in p.screen()


@pytest.mark.parametrize(
    "text", [BOOK, "x" * 500_000, "日本語😀" * 40_000], ids=["words", "one word", "wide"]
)
async def test_a_large_document_can_be_read_from_its_end_to_the_row_before(text: str) -> None:
    async with pane() as p:
        await p.show(text)
        await p.press("end")
        last = p.rows()
        assert text.strip().endswith(last[-1].strip())
        await p.press("up")
        assert p.rows()[1:] == last[:-1]
        await p.press("pageup")
        assert p.rows()[-1] == last[0]


async def test_rows_out_of_view_are_wrapped_in_idle_time_without_moving_visible_rows() -> None:
    async with pane() as p:
        p.view.show(BOOK)
        assert "about" in p.view.foot
        p.view.scroll_to(y=p.view.max_scroll_y // 2, animate=False)
        await p.pilot.pause()
        before = p.rows()
        while "about" in p.view.foot:
            await asyncio.sleep(0.02)
            assert p.rows() == before


async def test_resizing_keeps_the_text_at_the_top() -> None:
    async with pane() as p:
        await p.show(BOOK)
        p.view.scroll_to(y=4_000, animate=False)
        await p.pilot.pause()
        first, offset = p.stripped_rows()[0], p.view.top_character
        await p.pilot.resize_terminal(100, 30)
        await p.pilot.pause()
        assert first in " ".join(p.stripped_rows()[:2])
        assert offset - 100 < p.view.top_character <= offset
        assert {cell_len(row) for row in p.whole_rows()} == {98}


async def test_the_exact_view_shows_the_same_place_and_goes_back() -> None:
    async with pane() as p:
        await p.show("a b\tc\r\n" * 100)
        await p.press("space")
        assert p.stripped_rows()[0] == "a b c"
        p.view.exact = True
        await p.pilot.pause()
        assert p.stripped_rows()[0] == "a·b→c␍␊"
        p.view.exact = False
        await p.pilot.pause()
        assert p.stripped_rows()[0] == "a b c"


async def test_the_exact_view_is_announced_even_if_the_text_looks_the_same() -> None:
    async with pane() as p:
        await p.show("plain")
        before = p.screen()
        p.view.exact = True
        await p.pilot.pause()
        assert "─ exact view ─" in p.screen()
        await p.show("plain")
        assert "─ exact view ─" in p.screen()
        p.view.exact = False
        await p.pilot.pause()
        assert p.screen() == before


async def test_sections_have_quiet_titles_that_are_not_part_of_the_text() -> None:
    async with pane() as p:
        text, sections = join_sections((("query", "why?"), ("[b]answer\x1b", "because\nof it")))
        await p.show(text, sections)
        rows = p.stripped_rows()
        assert rows[0].startswith("─ query ──")
        assert rows[1:3] == ["why?", ""]
        assert rows[3].startswith("─ [b]answer␛ ──")
        assert rows[4:7] == ["because", "of it", ""]


async def test_find_counts_and_highlights_matches_and_steps_wrap_around() -> None:
    async with pane() as p:
        await p.show(LINES)
        assert p.view.find("LINE 99") == 11
        assert p.view.find_next() == (1, 11)
        assert "line 99 of the document" in p.stripped_rows()
        assert p.view.find_next() == (2, 11)
        assert "line 990 of the document" in p.stripped_rows()
        assert p.view.find_previous() == (1, 11)
        assert p.view.find_previous() == (11, 11)
        await p.pilot.pause()
        matches = [
            segment.text
            for y in range(20)
            for segment in p.view.render_line(y)
            if segment.style and (segment.style.underline or segment.style.reverse)
        ]
        assert matches == ["line 99"] * 10
        assert p.view.find("nowhere") == 0
        assert p.view.find_next() == (0, 0)
        assert p.view.find("") == 0


async def test_find_in_a_large_document_continues_in_the_background_and_announces_its_end() -> None:
    async with pane() as p:
        text = "word " * 1_500_000 + "needle"
        await p.show(text)
        assert p.view.find("needle") == 0
        await until(p.pilot, lambda: bool(p.app.posted.searches))
        assert p.app.posted.searches == [(0, 1)]
        assert p.view.find_next() == (1, 1)
        await p.pilot.pause()
        assert any("needle" in row for row in p.stripped_rows())


async def test_a_search_continues_in_the_next_document_and_highlights_its_matches() -> None:
    async with pane() as p:
        await p.show(LINES)
        p.view.find("needle")
        text = "hay\nneedle in hay\nneedle\n"
        p.view.prepare(text)
        p.view.show(text)
        await until(p.pilot, lambda: bool(p.app.posted.searches))
        assert p.app.posted.searches == [(0, 2)]
        highlighted = [
            s.text for y in range(3) for s in p.view.render_line(y) if s.style and s.style.underline
        ]
        assert highlighted == ["needle", "needle"]
        assert p.view.find_next() == (1, 2)


def test_a_search_that_stopped_counting_reports_that_there_may_be_more() -> None:
    finder = Finder("ab" * (MAX_OCCURRENCES + SLICE_SIZE), "a")
    assert finder.more
    assert finder.advance(60)
    assert finder.more
    assert len(finder.starts) >= MAX_OCCURRENCES
    whole = Finder("abab", "a")
    assert whole.advance(60)
    assert not whole.more


async def test_the_wheel_scrolls() -> None:
    async with pane() as p:
        await p.show(LINES)
        p.view.post_message(MouseScrollDown(p.view, 5, 5, 0, 1, 0, shift=False, meta=False, ctrl=False))
        await p.pilot.pause()
        assert p.view.scroll_y > 0
        assert p.stripped_rows()[0] == f"line {int(p.view.scroll_y)} of the document"


async def test_the_scroll_bar_shows_the_window_and_can_be_dragged_to_the_end_and_back() -> None:
    async with pane() as p:
        await p.show(LINES)
        bar, top = p.view.content_region.right - BAR, p.view.content_region.y
        assert [row[-2] for row in p.whole_rows()] == ["┃", *"│" * 19]
        await p.pilot.mouse_down(offset=(bar, top))
        await p.pilot.hover(offset=(bar, top + 19))
        assert p.stripped_rows()[-1] == "line 999 of the document"
        assert [row[-2] for row in p.whole_rows()] == [*"│" * 19, "┃"]
        await p.pilot.hover(offset=(bar, top))
        await p.pilot.mouse_up(offset=(bar, top))
        await p.pilot.hover(offset=(bar, top + 10))
        assert p.stripped_rows()[0] == "line 0 of the document"
        assert p.app.screen.get_selected_text() is None
        await p.pilot.click(offset=(bar, top + 10))
        assert 0.4 < p.view.fraction < 0.6
        await p.show("short")
        assert {row[-2] for row in p.whole_rows()} == {" "}


async def test_dragging_the_mouse_selects_the_stored_text_and_not_the_drawn_text() -> None:
    async with pane() as p:
        text = "first\x1b[31m row\r\nsecond\ttab\nthird"
        await p.show(text)
        left, top = p.view.content_region.x + MARGIN, p.view.content_region.y
        await p.pilot.mouse_down(offset=(left + 3, top))
        await p.pilot.hover(offset=(left + 8, top + 1))
        await p.pilot.mouse_up(offset=(left + 8, top + 1))
        await p.pilot.pause()
        selected = p.app.screen.get_selected_text()
        assert selected is not None
        assert selected in text
        assert selected.startswith("st\x1b[31m row\r\nsecond\t")
        await p.show("another")
        assert p.app.screen.get_selected_text() is None


@pytest.mark.parametrize("theme", THEMES.values())
async def test_selected_text_can_be_read_in_every_theme(theme: str) -> None:
    async with pane() as p:
        for registered in (DARK, LIGHT, HIGH_CONTRAST):
            p.app.register_theme(registered)
        p.app.theme = theme
        await p.show("some words to select")
        left, top = p.view.content_region.x + MARGIN, p.view.content_region.y
        await p.pilot.mouse_down(offset=(left + 5, top))
        await p.pilot.hover(offset=(left + 9, top))
        await p.pilot.mouse_up(offset=(left + 9, top))
        await p.pilot.pause()
        before, selected, *_ = p.view.render_line(0)
        assert selected.text.startswith("word")
        assert selected.style
        assert before.style
        assert selected.style.bgcolor != before.style.bgcolor
        assert selected.style.color != selected.style.bgcolor


async def test_in_a_row_that_fills_the_pane_only_matches_and_the_selection_are_highlighted() -> None:
    async with pane() as p:
        full = "needle " + "x" * (p.view.size.width - MARGIN - GAP - BAR - 7)
        await p.show(f"{full} and more")
        assert p.stripped_rows()[:2] == [full, "and more"]
        p.view.find("needle")
        assert [s.text for s in p.view.render_line(0) if s.style and s.style.underline] == ["needle"]
        left, top = p.view.content_region.x + MARGIN, p.view.content_region.y
        await p.pilot.mouse_down(offset=(left + 2, top))
        await p.pilot.hover(offset=(left + 5, top))
        await p.pilot.mouse_up(offset=(left + 5, top))
        await p.pilot.pause()
        selected = p.app.screen.get_selected_text()
        assert selected in ("edl", "edle")


async def test_everything_can_be_selected_and_only_lone_surrogates_are_replaced() -> None:
    async with pane() as p:
        await p.show("a\ud800b\x1b\u202e")
        p.view.text_select_all()
        assert p.app.screen.get_selected_text() == "a?b\x1b\u202e"


@pytest.mark.parametrize("exact", [False, True])
async def test_no_hostile_text_reaches_the_screen_or_leaves_its_pane(exact: bool) -> None:
    async with pane(80, 24) as p:
        p.view.exact = exact
        for payload in hostile.PAYLOADS:
            text, sections = join_sections(((payload.text[:50], payload.text), ("end", "mark")))
            p.view.set_title(payload.text)
            p.view.show(text, sections)
            for move in (p.view.action_scroll_home, p.view.action_page_down, p.view.action_scroll_end):
                move()
                screen = p.screen()
                assert hostile.leaks(screen.replace("\n", "")) == [], payload.name
                assert {cell_len(row) for row in p.whole_rows()} == {82}, payload.name
                assert p.app.is_running


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark", "ansi-light"])
async def test_symbols_look_different_from_text_in_every_theme(theme: str) -> None:
    async with pane() as p:
        p.app.theme = theme
        await p.show("a\x1bb")
        text, symbol, *_ = p.view.render_line(0)
        assert (text.text, symbol.text) == ("  a", "␛")
        assert symbol.style
        assert symbol.style.dim
        assert symbol.style != text.style


@pytest.mark.parametrize("size", [(20, 5), (8, 4), (4, 3), (1, 1)])
async def test_a_pane_too_small_to_read_still_draws(size: tuple[int, int]) -> None:
    async with pane(*size) as p:
        for text in ("", LINES, "日本語" * 50, "\x9b" * 50):
            p.view.show(text)
            for move in (
                p.view.action_scroll_down,
                p.view.action_scroll_end,
                p.view.action_scroll_end,
                p.view.action_scroll_home,
            ):
                move()
                p.screen()
        await p.pilot.pause()
        assert p.app.is_running


async def test_a_point_below_the_text_still_belongs_to_the_pane() -> None:
    async with pane() as p:
        await p.show("text")
        widget, offset = p.app.screen.get_widget_and_offset_at(5, 10)
        assert widget is p.view
        assert offset is None or isinstance(offset, Offset)


async def test_the_rows_of_a_document_are_freed_after_the_next_is_painted_and_not_before() -> None:
    async with pane() as p:
        await p.show(BOOK)
        replaced = weakref.ref(p.view._rows)
        await p.show(LINES)
        assert replaced() is not None
        p.view.prepare("what comes next")
        assert replaced() is None
