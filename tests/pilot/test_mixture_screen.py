"""The mixture in a running app: its weights move with keys, and it is kept under a name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Static

from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import Paths, Settings
from corpuscope.sampling.plan_file import load_plan
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp, screen_opener
from corpuscope.tui.screens.mixture import MixtureScreen
from corpuscope.tui.screens.note import NoteScreen
from published import write_published
from waiting import until


@asynccontextmanager
async def mixture(labels: Path, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Pilot[None]]:
    """Run the app on the mixture screen."""
    folder = labels.parent
    paths = Paths(labels, None, folder / "config.toml", folder / "cache", folder / "log")
    workspace = Workspace(paths, Settings(), load_scheme(None), annotator="ann")
    app = CorpuscopeApp(workspace, first=screen_opener("Mixture"))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "would be" in shown(pilot))
        yield pilot


def shown(pilot: Pilot[None]) -> str:
    pages = pilot.app.screen.query("#page")
    content = pages.first(Static).content if pages else ""
    return content.plain if isinstance(content, Content) else str(content)


def weights(pilot: Pilot[None]) -> list[str]:
    """Return the weights on screen, from top to bottom."""
    lines = [line for line in shown(pilot).splitlines() if line.endswith(" labels")]
    return [line.split(" % ")[0].split()[-1] for line in lines]


async def test_a_weight_moves_with_keys_and_the_others_give_way(tmp_path: Path) -> None:
    write_published(tmp_path / "labels")
    async with mixture(tmp_path / "labels") as pilot:
        assert weights(pilot) == ["33.3", "33.3", "33.3"]
        before = shown(pilot)
        await pilot.press("down", "o")
        assert weights(pilot) == ["0.0", "100.0", "0.0"]
        assert "Of the tokens, " in shown(pilot) != before
        await pilot.press("minus", "minus", "left", "right")
        assert weights(pilot) == ["10.0", "80.0", "10.0"]


async def test_a_budget_and_a_name_are_asked_for_and_kept_in_the_plan(tmp_path: Path) -> None:
    write_published(tmp_path / "labels")
    async with mixture(tmp_path / "labels") as pilot:
        for key, text in (("b", "20B"), ("k", "first")):
            await pilot.press(key)
            await until(pilot, lambda: isinstance(pilot.app.screen, NoteScreen))
            await pilot.press(*text, "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, MixtureScreen))
        assert "Of 20 B tokens" in shown(pilot)
    kept = load_plan(tmp_path / "labels" / "plan.json").mixes["first"]
    assert kept.budget == 20e9
    assert list(kept.weights) == ["c4", "fineweb", "fineweb-edu"]


async def test_a_budget_that_is_no_number_is_named_and_changes_nothing(tmp_path: Path) -> None:
    write_published(tmp_path / "labels")
    async with mixture(tmp_path / "labels") as pilot:
        await pilot.press("b")
        await until(pilot, lambda: isinstance(pilot.app.screen, NoteScreen))
        await pilot.press(*"2x", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, MixtureScreen))
        assert "Of the tokens" in shown(pilot)
        assert any(
            "2x is no positive number" in str(w.render()) for w in pilot.app.screen.query("MessageBar")
        )


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_no_line_is_wider_than_the_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    write_published(tmp_path / "labels")
    async with mixture(tmp_path / "labels", size) as pilot:
        chart = shown(pilot).split("from left:")[0].splitlines()[3:]
        assert max(map(len, chart)) <= size[0] - 2
