"""Labelling with more categories than the screen has rows, and with keys of two strokes."""

from __future__ import annotations

from pathlib import Path

from app_fakes import a_workspace, running
from corpuscope.config.category_file import parse_scheme
from corpuscope.config.keymap import Keymap
from corpuscope.domain.category import CategoryScheme
from corpuscope.tui.widgets.category_bar import CategoryBar
from on_screen import document, line
from waiting import until


def a_scheme(groups: int, size: int) -> CategoryScheme:
    entries = [
        f"  - {{name: n{size * group + i}, group: part {group}, definition: d}}\n"
        for group in range(groups)
        for i in range(size)
    ]
    return parse_scheme("categories:\n" + "".join(entries), "f", Keymap().taken())


FORTY = a_scheme(4, 10)


async def test_two_strokes_label_and_escape_takes_back_the_first(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path, scheme=FORTY)
    last = FORTY.categories[-1]
    first_stroke, second_stroke = last.key[0], last.key[1]
    async with running(workspace, "demo-crawl") as pilot:
        bar = pilot.app.screen.query_one(CategoryBar)
        before = document(pilot)
        await pilot.press(first_stroke)
        assert {row.split()[0][0] for row in bar.text.splitlines()} == {first_stroke}
        await pilot.press("s", "q", "u")
        assert "no key" in bar.head
        assert document(pilot) == before
        await pilot.press("escape")
        assert bar.head == "categories"
        await pilot.press(second_stroke)
        await until(pilot, lambda: "1 / 40" in line(pilot, "header"))
        counts = workspace.ledger.decisions().counts("demo-crawl")
        assert counts == {FORTY.by_key(second_stroke).name: 1}  # type: ignore[union-attr]
        await pilot.press(first_stroke, second_stroke)
        await until(pilot, lambda: "2 / 40" in line(pilot, "header"))
        assert workspace.ledger.decisions().counts("demo-crawl")[last.name] == 1


async def test_a_long_list_scrolls_leaves_room_for_the_document_and_brings_the_label_into_view(
    tmp_path: Path,
) -> None:
    workspace = a_workspace(tmp_path, scheme=a_scheme(4, 6))
    async with running(workspace, "demo-crawl", size=(80, 24)) as pilot:
        bar = pilot.app.screen.query_one(CategoryBar)
        await until(pilot, lambda: bar.foot == "] 14 more")
        assert bar.text.splitlines()[0].strip() == "part 0"
        await pilot.press("right_square_bracket")
        assert bar.foot == "] first ones"
        assert bar.text.splitlines()[-1].split()[-1] == "n23"
        await pilot.press("right_square_bracket", "1", "left")
        await until(pilot, lambda: "◂" in bar.text)
        assert "n0 ◂" in bar.text


async def test_an_ordinal_scale_shows_what_its_numbers_mean(tmp_path: Path) -> None:
    content = "scale: ordinal\ncategories:\n" + "".join(
        f"  - {{name: {i}, definition: meaning of {i}}}\n" for i in range(3)
    )
    workspace = a_workspace(tmp_path, scheme=parse_scheme(content, "f", {}))
    async with running(workspace, "demo-crawl") as pilot:
        assert "0 ● meaning of 0" in pilot.app.screen.query_one(CategoryBar).text
        await pilot.press("2")
        assert workspace.ledger.decisions().counts("demo-crawl") == {"2": 1}
