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
from corpuscope.session.study_plan import StudyOptions
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.widgets.document_info import DocumentInfo
from makers import SetClock
from waiting import until

READING_TIME = 9
"""Seconds for each document."""

Compare = Callable[..., bool]


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

    def compare(*corpora: str, size: tuple[int, int], theme: str, keys: str, last: str = "") -> bool:
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
            for key in last.split():
                before = pilot.app.screen
                await pilot.press(key)
                await until(
                    pilot,
                    lambda before=before: pilot.app.screen is not before and corpora[0] in page_of(pilot),  # type: ignore[misc]
                )

        with workspace.ledger.opened():
            app: Any = CorpuscopeApp(workspace, workspace.plan.request(corpora, options=StudyOptions(seed=3)))
            return snap_compare(app, terminal_size=size, run_before=press)

    return compare


def test_the_labelling_screen_at_80_by_24_in_the_dark(pictured: Compare) -> None:
    assert pictured("demo-edu", size=(80, 24), theme="dark", keys="1 2 b")


def test_the_labelling_screen_at_120_by_40_in_the_light(pictured: Compare) -> None:
    assert pictured("demo-crawl", "demo-synth", size=(120, 40), theme="light", keys="1 slash t h e enter g")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("keys", ["tab", "tab d"], ids=["summary", "compare"])
def test_the_summary_and_the_comparison(pictured: Compare, size: tuple[int, int], keys: str) -> None:
    assert pictured("demo-crawl", "demo-edu", size=size, theme="dark", keys="1 2 2 7 3 1", last=keys)
