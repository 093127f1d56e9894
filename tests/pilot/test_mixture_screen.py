"""The mixture in a running app: its weights move with keys, and it is kept under a name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import Paths, Settings
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.sampling.plan_file import load_plan
from corpuscope.session.study_pools import draw_study_pool
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp, screen_opener
from corpuscope.tui.screens.mixture import MixtureScreen
from corpuscope.tui.screens.note import NoteScreen
from corpuscope.tui.widgets.status_line import MessageBar
from on_screen import line, message, page_text
from published import write_published
from study_fakes import a_labelled_study
from waiting import until


@asynccontextmanager
async def mixture(labels: Path, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Pilot[None]]:
    """Run the app on the mixture screen."""
    folder = labels.parent
    paths = Paths(labels, None, folder / "config.toml", folder / "cache", folder / "log")
    workspace = Workspace(paths, Settings(), load_scheme(None), annotator="ann")
    app = CorpuscopeApp(workspace, first=screen_opener("Mixture"))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: " sum " in page_text(pilot))
        yield pilot


def weights(pilot: Pilot[None]) -> list[str]:
    """Return the weights on screen, from top to bottom."""
    lines = [line for line in page_text(pilot).splitlines() if " labels" in line and " % " in line]
    return [line.split(" % ")[0].split()[-1] for line in lines]


def line_of(pilot: Pilot[None], words: str) -> str:
    return next((line for line in page_text(pilot).splitlines() if words in line), "")


async def test_a_weight_moves_with_keys_or_is_typed_and_the_others_give_way(tmp_path: Path) -> None:
    write_published(tmp_path / "labels")
    async with mixture(tmp_path / "labels") as pilot:
        assert weights(pilot) == ["33.3", "33.3", "33.3"]
        assert line(pilot, "header").split("  ")[:2] == ["corpuscope", "mixture"]
        assert line(pilot, "header").endswith("  95 % intervals")
        before = page_text(pilot)
        assert "what is in it" in before
        for key, corpus in (("down", "fineweb"), ("up", "c4"), ("up", "fineweb-edu"), ("down", "c4")):
            await pilot.press(key)
            assert line_of(pilot, "▸").split()[3] == corpus
        await pilot.press("down", "o")
        assert weights(pilot) == ["0", "100", "0"]
        assert "Of the tokens, " in page_text(pilot) != before
        await pilot.press("minus", "minus", "left", "right")
        assert weights(pilot) == ["10", "80", "10"]
        # typed weights are followed at once, and kept or taken back
        await pilot.press("up", "o", "5", "0")
        assert weights(pilot) == ["50▏", "25", "25"]
        assert "enter keeps 50 · esc goes back to 100 · the other weights give way" in line_of(pilot, "sum")
        await pilot.press("backspace", "0", ".", "5", "enter")
        assert weights(pilot) == ["50.5", "24.8", "24.8"]
        await pilot.press("7", "escape")
        assert weights(pilot) == ["50.5", "24.8", "24.8"]
        await pilot.press("7", "7", "7")
        assert "777 is more" in str(pilot.app.screen.query_one(MessageBar).render())
        assert weights(pilot)[1:] == ["11.5", "11.5"]
        await pilot.press("escape")
        assert message(pilot) == ""
        assert weights(pilot) == ["50.5", "24.8", "24.8"]
        await pilot.press("9", "down")
        assert line_of(pilot, "▸").split()[3] == "fineweb"
        assert weights(pilot) == ["9.0", "45.5", "45.5"]
        assert isinstance(pilot.app.screen, MixtureScreen)


async def test_what_follows_is_compared_with_the_mix_before(tmp_path: Path) -> None:
    write_published(tmp_path / "labels")
    async with mixture(tmp_path / "labels") as pilot:
        await pilot.press("w")
        await until(pilot, lambda: "the weights are the same" in page_text(pilot))
        await pilot.press("plus")
        await until(pilot, lambda: "the mixes differ: chi-square over all categories" in page_text(pilot))
        assert "now minus before, points" in page_text(pilot)
        assert "before: 33.3 % c4, 33.3 % fineweb, 33.3 % fineweb-edu" in page_text(pilot)
        assert line_of(pilot, "Educational  ").rstrip(" │").endswith("lower")
        await pilot.press("w")
        assert "what is in it" in page_text(pilot)


async def test_what_a_worker_found_for_another_mix_or_other_shares_is_not_shown(tmp_path: Path) -> None:
    write_published(tmp_path / "labels")
    async with mixture(tmp_path / "labels") as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, MixtureScreen)
        await pilot.press("w", "plus")
        await until(
            pilot, lambda: screen._comparison is not None and screen._comparison.second.mix == screen._mix
        )
        source, mix, shown = screen._result, screen._mix, screen._comparison
        assert source is not None
        assert mix is not None
        assert screen._baseline is not None
        before = screen._baseline[1]
        late = source.compared(before, mix, ("before", "late"))
        screen.post_message(MixtureScreen.Compared(replace(source), (before, mix), late))
        screen.post_message(MixtureScreen.Compared(source, (mix, mix), late))
        screen.post_message(MixtureScreen.Reached(before, source.reaching(before, "Educational", 0.5)))
        await pilot.pause()
        assert screen._comparison is shown
        assert screen._mix is mix
        screen.post_message(MixtureScreen.Compared(source, (before, mix), late))
        await pilot.pause()
        assert screen._comparison is late


async def test_the_next_labels_are_divided_for_every_interval_then_for_that_of_a_category(
    tmp_path: Path,
) -> None:
    write_published(tmp_path / "labels")
    async with mixture(tmp_path / "labels") as pilot:
        await pilot.press("r")
        assert "+ the next 100 labels, which narrow every interval most" in line_of(pilot, "sum")
        added = [
            int(line.split(" + ")[1].rstrip(" │"))
            for line in page_text(pilot).splitlines()
            if "labels + " in line
        ]
        assert sum(added) == 100
        await pilot.press("r")
        assert "which narrow the interval of Educational most" in line_of(pilot, "sum")
        await pilot.press(*["r"] * 7)
        assert "labels +" not in page_text(pilot)
        await pilot.press("m")
        assert "stratified sum, MOVER of each corpus's interval: Wilson" in page_text(pilot)
        assert "what is in it" not in page_text(pilot)


async def test_the_weights_that_reach_a_share_are_taken_and_what_none_reaches_is_said(tmp_path: Path) -> None:
    write_published(tmp_path / "labels")
    async with mixture(tmp_path / "labels") as pilot:
        for text, refused in (("lots", "lots is not a category with a"), ("None=60", "None")):
            await pilot.press("a")
            await until(pilot, lambda: isinstance(pilot.app.screen, NoteScreen))
            await pilot.press(*text, "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, MixtureScreen))
            await until(pilot, lambda: refused in message(pilot))  # noqa: B023
        for text in ("Educational=60", "Educational=99"):
            await pilot.press("a")
            await until(pilot, lambda: isinstance(pilot.app.screen, NoteScreen))
            await pilot.press(*text, "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, MixtureScreen))
            await until(pilot, lambda: weights(pilot)[2] != "33.3")
        assert float(weights(pilot)[2]) > 80
        bar = pilot.app.screen.query_one(MessageBar)
        await until(pilot, lambda: "no weights of these corpora reach it" in str(bar.render()))


async def test_a_classifier_narrows_the_intervals_of_a_mixture(tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path, documents=220)
    decisions = LedgerReader(study.labels).read()
    draw_study_pool(decisions, study.plan, "web", labels=study.labels, cache=study.cache, size=150)
    async with mixture(study.labels) as pilot:
        own = line_of(pilot, "Educational  ")
        await pilot.press("e", "m")
        await until(pilot, lambda: "web by 150" in page_text(pilot))
        await pilot.press("m")
        assert line_of(pilot, "Educational  ") != own


async def test_a_budget_and_a_name_are_asked_for_and_kept_in_the_plan_and_what_is_no_number_is_named(
    tmp_path: Path,
) -> None:
    write_published(tmp_path / "labels")
    async with mixture(tmp_path / "labels") as pilot:
        bar = pilot.app.screen.query_one(MessageBar)
        for key, text in (("b", "2x"), ("b", "20B"), ("k", "first")):
            await pilot.press(key)
            await until(pilot, lambda: isinstance(pilot.app.screen, NoteScreen))
            await pilot.press(*text, "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, MixtureScreen))
            faulty = text == "2x"
            await until(pilot, lambda: bar.display is faulty)  # noqa: B023
            assert not faulty or "2x is not a positive number" in str(bar.render())
        assert "Of 20 B tokens" in page_text(pilot)
        plan = tmp_path / "labels" / "plan.json"
        await until(pilot, lambda: "first" in load_plan(plan).mixes)
        await until(pilot, lambda: "  first  " in line(pilot, "header"))
        assert line(pilot, "header").endswith("  budget 20 B tokens · 95 % intervals")
        await pilot.press("r")
        assert "corpuscope label --for-mix first" in page_text(pilot)
        await pilot.press("o")
        assert "  first  changed, k keeps it  " in line(pilot, "header")
        assert "--for-mix" not in page_text(pilot)
        for name, share in (("", "33.3"), ("first", "33.3"), ("", "33.3")):
            await pilot.press("n")
            assert weights(pilot)[0] == share
            assert ("  first  " in line(pilot, "header")) is bool(name)
            assert "changed" not in line(pilot, "header")
        await pilot.press("n", "b")
        await until(pilot, lambda: isinstance(pilot.app.screen, NoteScreen))
        assert pilot.app.screen.query_one(Input).value == "20B"
        await pilot.press(*["backspace"] * 3, "enter")
        await until(pilot, lambda: "budget" not in line(pilot, "header"))
    kept = load_plan(plan).mixes["first"]
    assert kept.budget == 20e9
    assert list(kept.weights) == ["c4", "fineweb", "fineweb-edu"]


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_no_line_is_wider_than_the_screen_and_80_by_24_shows_everything(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    write_published(tmp_path / "labels")
    async with mixture(tmp_path / "labels", size) as pilot:
        await pilot.press("3")
        for key in ("r", "w", "m"):
            lines = page_text(pilot).splitlines()
            assert max(map(len, lines)) <= size[0] - 2
            assert size[1] < 24 or len(lines) <= size[1] - 2 or "warning" in page_text(pilot)
            await pilot.press(key)
