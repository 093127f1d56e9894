"""Snapshots of a few whole screens; `pytest tests/snapshots --snapshot-update` renews them for inspection."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import Paths, Settings
from corpuscope.corpora.known import KNOWN
from corpuscope.session.browsing import FOLDER, PLACES, Place, Places
from corpuscope.session.study_plan import StudyOptions
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp, screen_opener
from corpuscope.tui.screens.review import ReviewScreen
from corpuscope.tui.widgets.document_info import DocumentInfo
from corpuscope.tui.widgets.virtual_list import VirtualList
from ledger_fakes import Scribe
from makers import SetClock, a_document
from published import write_published
from waiting import until

READING_TIME = 9
"""Seconds for each document."""

Compare = Callable[..., bool]

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


def page_of(pilot: Pilot[None]) -> str:
    """Return the text of the page of results; "" while the screen has none."""
    pages = pilot.app.screen.query("#page")
    return str(pages.first(Static).render()) if pages else ""


@pytest.fixture
def pictured(tmp_path: Path, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> Compare:
    """Return a function that compares a snapshot of the app after some keys.

    The app shows demo corpora with a fixed seed and clock.
    """
    monkeypatch.delenv("NO_COLOR", raising=False)

    def compare(*corpora: str, size: tuple[int, int], theme: str, keys: str) -> bool:
        paths = Paths(
            tmp_path / "labels", None, tmp_path / "config.toml", tmp_path / "cache", tmp_path / "log"
        )
        clock = SetClock()
        workspace = Workspace(
            paths, Settings(theme=theme), load_scheme(None), annotator="reader", clock=clock
        )

        async def press(pilot: Pilot[None]) -> None:
            screen = pilot.app.screen
            for key in keys.split():
                await until(pilot, lambda: bool(screen.query_one(DocumentInfo).text))
                clock.wait(READING_TIME)
                await pilot.press(key)
                await pilot.pause()

        with workspace.ledger.opened():
            app: Any = CorpuscopeApp(workspace, workspace.plan.request(corpora, options=StudyOptions(seed=3)))
            return snap_compare(app, terminal_size=size, run_before=press)

    return compare


def test_the_labelling_screen_at_80_by_24_in_the_dark(pictured: Compare) -> None:
    assert pictured("demo-edu", size=(80, 24), theme="dark", keys="1 2 b")


def test_the_labelling_screen_at_120_by_40_in_the_light(pictured: Compare) -> None:
    assert pictured("demo-crawl", "demo-synth", size=(120, 40), theme="light", keys="1 slash t h e enter g")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a workspace with the published labels, some of them also given by a second reader."""
    folder = tmp_path_factory.mktemp("published")
    write_published(folder)
    names = load_scheme(None).names
    with Scribe(folder, "s3", "ben") as scribe:
        for draw in range(0, 203, 3):
            document = a_document(draw, "word " * (draw + 1), corpus="c4")
            scribe.label(document, names[draw * len(names) // 203], blind=True, scheme=load_scheme(None).hash)
    paths = Paths(folder, None, folder / "config.toml", folder / "cache", folder / "log")
    return Workspace(paths, Settings(), load_scheme(None), annotator="ann")


@SIZES
@pytest.mark.parametrize(
    ("keys", "words"),
    [("tab", "Educational"), ("tab d", "differ"), ("tab a", "ben")],
    ids=["summary", "compare", "agreement"],
)
def test_the_screens_of_results(
    study: Workspace,
    snap_compare: Compare,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    keys: str,
    words: str,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)

    async def press(pilot: Pilot[None]) -> None:
        for key in keys.split():
            before = pilot.app.screen
            await pilot.press(key)
            await until(pilot, lambda before=before: pilot.app.screen is not before)  # type: ignore[misc]
        await until(pilot, lambda: words in page_of(pilot))

    assert snap_compare(CorpuscopeApp(study), terminal_size=size, run_before=press)


@SIZES
def test_the_review(
    study: Workspace, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)

    async def press(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "word" in "".join(text for text, _ in rows(pilot).runs(2)))
        await pilot.press("down")
        await pilot.pause()

    def rows(pilot: Pilot[None]) -> VirtualList:
        return pilot.app.screen.query_one(VirtualList)

    assert snap_compare(CorpuscopeApp(study, first=ReviewScreen), terminal_size=size, run_before=press)


def an_empty_workspace(folder: Path) -> Workspace:
    paths = Paths(folder / "labels", None, folder / "config.toml", folder / "cache", folder / "log")
    return Workspace(paths, Settings(), load_scheme(None), annotator="ann", clock=SetClock())


@SIZES
def test_the_first_start(
    tmp_path: Path, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert snap_compare(CorpuscopeApp(an_empty_workspace(tmp_path)), terminal_size=size)


@SIZES
def test_browsing(
    tmp_path: Path, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    workspace = an_empty_workspace(tmp_path)
    Places(workspace.paths.labels / FOLDER / PLACES).save("demo-crawl", Place(5, 0))
    opener = screen_opener("Browse", corpus=KNOWN["demo-crawl"].corpus)

    async def press(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "draw" in pilot.app.screen.query_one(DocumentInfo).text)
        await pilot.press("enter", "b")
        await until(pilot, lambda: "bookmarked" in pilot.app.screen.query_one(DocumentInfo).text)

    assert snap_compare(CorpuscopeApp(workspace, first=opener), terminal_size=size, run_before=press)
