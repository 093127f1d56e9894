"""Test that a frame shows what Textual's own compositor would show, and how much work a key causes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from cProfile import Profile
from pathlib import Path
from types import CodeType

import pytest
from rich.segment import Segment
from textual._compositor import Compositor
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import Static

from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import Paths, Settings
from corpuscope.session.study_plan import StudyOptions
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.screens.labelling import LabellingScreen
from corpuscope.tui.screens.responsive import ResponsiveScreen, TooSmall
from corpuscope.tui.widgets.compositor import FrameCompositor
from corpuscope.tui.widgets.document_view import DocumentView
from corpuscope.tui.widgets.painting import CachedLines
from waiting import until

SIZE = (80, 24)


class Counted(Horizontal):
    """A container that counts how often its lines are rendered."""

    rendered = 0

    def render_lines(self, crop: Region) -> list[Strip]:
        self.rendered += 1
        return super().render_lines(crop)


class Narrow(Static):
    """A widget whose lines are narrower than its area."""

    def render_lines(self, crop: Region) -> list[Strip]:
        return [Strip([Segment("narrow")]) for _ in range(crop.height)]


class Panes(ResponsiveScreen):
    """Widgets beside, inside and above each other."""

    DEFAULT_CSS = """
    Panes {
        layers: below above;
        & > Counted { layer: below; height: 10; }
        & Vertical { width: 30; border: round red; }
        & #wide { width: 1fr; background: blue; height: 1fr; }
        & #beside { height: 1fr; width: 1fr; }
        & #last { layer: below; height: 3; background: green; color: yellow; padding: 1; }
        & #lid { layer: above; offset: 22 4; width: 20; height: 9; background: red; }
        & #edge { layer: above; offset: 75 4; width: 20; height: 9; background: yellow; }
    }
    """

    def compose(self) -> ComposeResult:
        with Counted():
            yield Static("a wide pane\n" * 30, id="wide")
            with Vertical():
                yield Static("wörter, 日本語, words", id="beside")
        yield Static("the last row", id="last")
        yield Static("above all others", id="lid")
        yield Static("over the edge", id="edge")
        yield TooSmall()


class PanesApp(App[None]):
    """An app with only that screen."""

    def get_default_screen(self) -> Panes:
        return Panes()


def cells(rows: Iterable[Iterable[Strip]]) -> list[list[tuple[str, str]]]:
    """Return character and style of each cell, by row."""
    return [[(c, str(style)) for strip in row for text, style, _ in strip for c in text] for row in rows]


def frame_and_reference(screen: ResponsiveScreen) -> tuple[object, object]:
    """Return the frame of a screen, and that of Textual's compositor."""
    compositor = screen._compositor
    assert isinstance(compositor, FrameCompositor)
    return cells(compositor.frame()), cells([strip] for strip in compositor.render_strips())


@pytest.mark.parametrize("size", [SIZE, (61, 21), (200, 60), (20, 5)])
async def test_a_frame_shows_each_cell_as_textual_does(size: tuple[int, int]) -> None:
    async with PanesApp().run_test(size=size) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, Panes)
        frame, reference = frame_and_reference(screen)
        assert frame == reference


async def test_a_frame_follows_each_layout() -> None:
    async with PanesApp().run_test(size=SIZE) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, Panes)
        before, _ = frame_and_reference(screen)
        for change in ("#lid", "#last", "Vertical"):
            screen.query_one(change).display = False
            await pilot.pause()
            frame, reference = frame_and_reference(screen)
            assert frame == reference != before
            before = frame


async def test_a_line_narrower_than_its_widget_moves_no_other() -> None:
    async with PanesApp().run_test(size=SIZE) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, Panes)
        await screen.query_one("#wide").remove()
        await screen.query_one(Counted).mount(Narrow(id="wide"), before=0)
        await pilot.pause()
        compositor = screen._compositor
        assert isinstance(compositor, FrameCompositor)
        assert {sum(strip.cell_length for strip in row) for row in compositor.frame()} == {SIZE[0]}


async def test_a_container_that_others_cover_is_not_rendered() -> None:
    async with PanesApp().run_test(size=SIZE) as pilot:
        await pilot.pause()
        screen = pilot.app.screen
        container = screen.query_one(Counted)
        container.rendered = 0
        assert isinstance(screen._compositor, FrameCompositor)
        screen._compositor.frame()
        assert container.rendered == 0


async def test_widgets_that_change_together_request_one_frame() -> None:
    async with PanesApp().run_test(size=SIZE) as pilot:
        screen = pilot.app.screen
        screen.refresh()
        requested = screen._dirty_regions.copy()
        screen.refresh()
        screen.refresh(Region(0, 0, 1, 1))
        assert screen._dirty_regions == requested


@contextmanager
def counting_calls() -> Iterator[Counter[CodeType]]:
    """Yield a counter that holds, once the context is left, the calls of each function in this thread."""
    calls: Counter[CodeType] = Counter()
    profile = Profile()
    profile.enable()
    try:
        yield calls
    finally:
        profile.disable()
        for entry in profile.getstats():
            if isinstance(entry.code, CodeType):
                calls[entry.code] += entry.callcount


async def test_a_label_paints_one_frame_and_renders_no_row_of_the_document(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "labels", None, tmp_path / "config.toml", tmp_path / "cache", tmp_path / "log")
    workspace = Workspace(paths, Settings(), load_scheme(None), annotator="reader")
    study = workspace.plan.request(["demo-edu"], options=StudyOptions(seed=3))
    with workspace.ledger.opened():
        async with CorpuscopeApp(workspace, study).run_test(size=(120, 40)) as pilot:
            screen = pilot.app.screen
            assert isinstance(screen, LabellingScreen)
            view = screen.query_one(DocumentView)
            await until(pilot, lambda: view._page is not None)  # the next document is prepared
            with counting_calls() as calls:
                await pilot.press("1")

            def count(function: Callable[..., object]) -> int:
                return calls[function.__code__]

            assert count(FrameCompositor.render_full_update) == 1
            assert count(Compositor.render_partial_update) == count(Compositor.reflow) == 0
            assert count(DocumentView.paint_line) == 0
            assert 0 < count(CachedLines._rendered_line) < 25  # borders, statistics, header and last label
