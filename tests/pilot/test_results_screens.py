"""The summary and the comparison in a running app: the cells of the command line, and what each key changes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from textual.containers import VerticalScroll
from textual.pilot import Pilot

from corpuscope.cli import main
from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import Paths, Settings
from corpuscope.domain.corpus import Corpus
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.plan_file import save_plan
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.screens.compare import CompareScreen
from corpuscope.tui.screens.summary import SummaryScreen
from ledger_fakes import Scribe
from makers import a_document
from on_screen import line, page_text
from published import write_published
from waiting import until

CHART = "share of each category"
"""Title of the chart where it has a frame."""


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the published labels, which no test changes."""
    folder = tmp_path_factory.mktemp("published")
    write_published(folder)
    return folder


@asynccontextmanager
async def summary(labels: Path, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Pilot[None]]:
    """Run the app with the summary open."""
    folder = labels.parent
    paths = Paths(labels, None, folder / "config.toml", folder / "cache", folder / "log")
    app = CorpuscopeApp(Workspace(paths, Settings(), load_scheme(None), annotator="ann"))
    async with app.run_test(size=size) as pilot:
        await pilot.press("tab")
        await until(
            pilot, lambda: isinstance(app.screen, SummaryScreen) and "reading" not in page_text(pilot)
        )
        yield pilot


def words(pilot: Pilot[None]) -> list[str]:
    """Return the items of the header."""
    return list(filter(None, map(str.strip, line(pilot, "header").split("  "))))


async def show_tables(pilot: Pilot[None]) -> None:
    """Show the tables, which follow the chart."""
    await pilot.press("c")
    await pilot.pause()


async def open_comparison(pilot: Pilot[None]) -> None:
    """Open the comparison from the summary."""
    await pilot.press("d")
    await until(
        pilot, lambda: isinstance(pilot.app.screen, CompareScreen) and "comparing" not in page_text(pilot)
    )


def printed(*arguments: str, labels: Path) -> list[str]:
    """Return the lines of the command's output that begin with a category."""
    result = CliRunner().invoke(main, [*arguments, "--labels", str(labels)])
    assert result.exit_code == 0, result.output
    return rows(result.stdout)


def rows(text: str) -> list[str]:
    names = ("category", *load_scheme(None).names)
    return [line.rstrip() for line in text.splitlines() if line.startswith(names)]


def assert_same_cells(screen: list[str], command: list[str]) -> None:
    """Assert that the rows on screen are those of the command, followed by bars, and that none is missing."""
    assert len(screen) == len(command)
    for drawn, plain in zip(screen, command, strict=True):
        assert drawn.startswith(plain), (drawn, plain)


def assert_same_numbers(screen: str, command: list[str]) -> None:
    """Assert that the row of each category has the shares and intervals of the command."""
    drawn = [row for row in screen.splitlines() if row.startswith("│ ●")]
    assert len(drawn) == len(command) - 1
    for row, plain in zip(drawn, command[1:], strict=True):
        numbers = " ".join(row.replace("≤", "at most").split())
        for share, interval in re.findall(r"(\S+) \(([^)]+)\)", plain):
            assert f"{share} {interval}" in numbers


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_screen_and_command_line_show_the_same_cells(labels: Path, size: tuple[int, int]) -> None:
    command = printed("summary", "--to", "5", labels=labels)
    per_corpus, together = command[:24], command[24:]
    async with summary(labels, size) as pilot:
        await show_tables(pilot)
        assert_same_cells(rows(page_text(pilot)), per_corpus)
        assert (
            "to ±5 pp: 159 more labels (362 in all), enough in 80 % of cases, about 24 min at 9 s"
            in page_text(pilot)
        )
        await pilot.press("c")
        await pilot.pause()
        assert_same_numbers(page_text(pilot), together)
        await pilot.press("c")
        await pilot.pause()
        assert "┊" in page_text(pilot), "the chart follows"


async def test_every_interval_is_the_one_of_the_command_line(labels: Path) -> None:
    async with summary(labels) as pilot:
        await show_tables(pilot)
        for interval, title in (
            ("simultaneous", "all categories at once"),
            ("exact", "exact"),
            ("anytime", "anytime-valid"),
        ):
            before = page_text(pilot)
            await pilot.press("i")
            await until(pilot, lambda before=before: page_text(pilot) != before)  # type: ignore[misc]
            assert title in line(pilot, "header")
            command = printed("summary", "--interval", interval, labels=labels)[:24]
            assert_same_cells(rows(page_text(pilot)), command)
        await pilot.press("i")
        await until(pilot, lambda: rows(page_text(pilot)) != command)
        assert "Wilson" in line(pilot, "header")


async def test_token_shares_say_how_much_labels_count_and_which_corpus_has_no_counts(labels: Path) -> None:
    async with summary(labels) as pilot:
        await show_tables(pilot)
        await pilot.press("m", "t")
        await until(pilot, lambda: "shares of tokens" in page_text(pilot))
        assert "! c4 has no token counts (--tokens names their column" in page_text(pilot)
        assert "n = 200 (counts as" in page_text(pilot)
        assert_same_cells(rows(page_text(pilot)), printed("summary", "--by", "tokens", labels=labels)[:16])
        await pilot.press("t")
        await until(pilot, lambda: "shares of characters" in page_text(pilot))
        assert "has no token counts" not in page_text(pilot)
        await pilot.press("t")
        await until(pilot, lambda: "shares of documents" in page_text(pilot))


async def test_lengths_are_those_of_the_command_line(labels: Path) -> None:
    async with summary(labels) as pilot:
        await pilot.press("l")
        await pilot.pause()
        command = printed("summary", "c4", "--lengths", labels=labels)[8:]
        assert rows(page_text(pilot))[:8] == command
        for keys, is_chart in (("l", True), ("c", False), ("lc", True)):
            await pilot.press(*keys)
            await pilot.pause()
            assert (CHART in page_text(pilot)) is is_chart


async def test_the_plan_key_cycles_through_half_widths(labels: Path) -> None:
    async with summary(labels) as pilot:
        await pilot.press("l")
        for half_width in ("±5 pp: 159", "±3 pp: 808", "±2 pp", "±1 pp", "±5 pp"):
            await pilot.press("p")
            await pilot.pause()
            assert f"to {half_width}" in page_text(pilot)
            assert CHART in page_text(pilot)
        await show_tables(pilot)
        await pilot.press("p")
        await pilot.pause()
        assert "to ±3 pp: 808" in page_text(pilot)


async def test_ties_skips_and_bookmarks_are_shown(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        for draw in range(6):
            scribe.label(draw, "News")
        scribe.label(6, "Forum")
        scribe.skip(7)
        scribe.bookmark(8)
    async with summary(tmp_path) as pilot:
        assert "! 1 of 8 documents of web was skipped (12.5 %)" in page_text(pilot)
        await show_tables(pilot)
        await pilot.press("m")
        await pilot.pause()
        text = " ".join(page_text(pilot).split())
        assert "of the documents not skipped (1 skipped)" in text
        assert "1 of 8 documents of web was skipped (12.5 %)" in text
        assert "1 bookmarked" in text
        assert "tied 1-" in text


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_the_comparison_has_the_cells_of_the_command_line(labels: Path, size: tuple[int, int]) -> None:
    command = printed("compare", labels=labels)
    async with summary(labels, size) as pilot:
        await open_comparison(pilot)
        for pair in range(3):
            assert words(pilot)[:2] + words(pilot)[-2:] == [
                "corpuscope",
                "compare",
                "shares of documents",
                f"pair {pair + 1} of 3",
            ] or size == (80, 24)
            assert f"pair {pair + 1} of 3" in line(pilot, "header")
            lines = page_text(pilot).splitlines()
            for full in command[8 * pair + 1 : 8 * pair + 8]:
                category, *cells = filter(None, map(str.strip, full.split("  ")))
                start = next(i for i, line in enumerate(lines) if line.startswith(f"│ {category}"))
                difference, interval, *others = (cell.replace("-", "−") for cell in cells[2:])
                row = lines[start].replace("-", "−") + lines[start + 1]
                for cell in (difference.removesuffix(" pp"), interval, *others):
                    assert cell in row or (cell == "not established" and "—" in row)
            await pilot.press("right")
            await pilot.pause()
        assert "pair 1 of 3" in line(pilot, "header")
        await pilot.press("left")
        await pilot.pause()
        assert "fineweb-edu minus fineweb" in line(pilot, "header")


async def test_the_comparison_says_its_outcome_first_and_draws_categories_in_scheme_order(
    labels: Path,
) -> None:
    async with summary(labels) as pilot:
        await open_comparison(pilot)
        text = page_text(pilot)
        assert text.split("\n")[1].strip() == (
            "fineweb and c4 differ: fineweb holds more Creative (+11.7 points) and less Forum (−7.3). The other 5 "
            "differences are"
        )
        assert "chi2(6) = 19.78, p = .0030, p = .0030 over 3 pairs: the mixes differ" in text
        assert (
            "18.5 % (9.0-28.0) of the documents would have to change category; chance alone reaches 14.2 %"
            in text
        )
        drawn = [
            line for line in text.splitlines() if "┊" in line and line.split()[1] in load_scheme(None).names
        ]
        assert [line.split()[1] for line in drawn] == list(load_scheme(None).names)
        (forum,) = (line for line in drawn if "lower" in line)
        assert "━●━" in forum
        assert "fineweb-edu minus c4   4 of 7 established" in text
        assert "!" not in text
        assert "noise floor" not in text
        await pilot.press("m")
        await pilot.pause()
        assert "noise floor: 95 % of two-sample draws from one corpus fall below this" in page_text(pilot)


async def test_published_labels_stand_beside_ones_own_on_request(labels: Path) -> None:
    async with summary(labels) as pilot:
        await open_comparison(pilot)
        await pilot.press("r")
        await until(pilot, lambda: "1 of 12" in line(pilot, "header"))
        await pilot.press("r")
        await until(pilot, lambda: "1 of 3" in line(pilot, "header"))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, SummaryScreen))


async def test_without_labels_the_published_corpora_are_compared(tmp_path: Path) -> None:
    async with summary(tmp_path / "labels") as pilot:
        assert "No labels yet" in page_text(pilot)
        assert words(pilot)[2:] == ["0 labels", "shares of documents", "Wilson"]
        await open_comparison(pilot)
        assert "FineWeb (published) minus C4 (published)" in line(pilot, "header")
        assert "! Nobody recorded whether" in page_text(pilot)
        await pilot.press("t")
        await until(pilot, lambda: "Nothing is left to compare" in page_text(pilot))
        assert "C4 (published) has no token counts" in page_text(pilot)


async def test_the_comparison_follows_labels_given_in_another_session(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s1") as scribe:
        for draw in range(6):
            for corpus in ("one", "two"):
                scribe.label(a_document(draw, corpus=corpus), ("News", "Forum")[draw % 2], blind=True)
    async with summary(tmp_path) as pilot:
        await open_comparison(pilot)
        await pilot.press("m")
        await pilot.pause()
        assert "one: n = 6" in page_text(pilot)
        assert "Provisional" in page_text(pilot)
        with Scribe(tmp_path, "s2") as scribe:
            scribe.label(a_document(6, corpus="one"), "Forum", blind=True)
        await until(pilot, lambda: "one: n = 7" in page_text(pilot))
        await pilot.press("escape")
        await until(
            pilot,
            lambda: isinstance(pilot.app.screen, SummaryScreen) and "13 labels" in line(pilot, "header"),
        )


async def test_category_names_are_never_markup(tmp_path: Path) -> None:
    from corpuscope.config.category_file import parse_scheme

    content = "categories:\n" + "".join(
        f"  - {{key: '{i}', name: '{name}', definition: d}}\n"
        for i, name in enumerate(("[/quote]", "[red]x"), 1)
    )
    scheme = parse_scheme(content, "test", {})
    with Scribe(tmp_path) as scribe:
        for corpus in ("one", "two"):
            scribe.label(a_document(corpus=corpus), "[/quote]")
    paths = Paths(tmp_path, None, tmp_path / "config.toml", tmp_path / "cache", tmp_path / "log")
    app = CorpuscopeApp(Workspace(paths, Settings(), scheme, annotator="ann"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("tab")
        await until(pilot, lambda: "[/quote]" in page_text(pilot))
        await open_comparison(pilot)
        assert "[red]x" in page_text(pilot)


async def test_the_chart_stands_first_with_a_sentence_above_it(labels: Path) -> None:
    async with summary(labels) as pilot:
        assert words(pilot) == ["corpuscope", "summary", "604 labels", "shares of documents", "95 % Wilson"]
        lines = [line.strip() for line in page_text(pilot).splitlines()]
        assert lines[1] == "c4: Advertising is the largest category, 36 % (30-43)."
        assert lines[2].startswith("fineweb: no single largest; ")
        text = page_text(pilot)
        assert (
            "● c4 n = 203   ■ fineweb n = 200   ▲ fineweb-edu n = 201   ○ none seen: upper end only" in text
        )
        assert "revision" not in text
        zeros = [line for line in lines if line.startswith("│") and "≤ 1.9" in line]
        assert len(zeros) == 2
        assert all("▲ fineweb-edu" in line and "○" in line for line in zeros)
        await pilot.press("m")
        await pilot.pause()
        assert "c4: n = 203 · " in page_text(pilot)
        assert "simple random sample" in page_text(pilot)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
async def test_every_row_of_the_chart_is_as_wide_as_the_page(labels: Path, size: tuple[int, int]) -> None:
    async with summary(labels, size) as pilot:
        rows_shown = [line for line in page_text(pilot).splitlines() if "┊" in line]
        assert len(rows_shown) >= 21
        assert {len(line) for line in rows_shown} == {size[0] - 2}


async def test_three_corpora_fit_a_low_screen_whose_header_is_the_axis(labels: Path) -> None:
    async with summary(labels, (80, 24)) as pilot:
        lines = page_text(pilot).splitlines()
        assert lines[0] == "c4: Advertising largest · fineweb: a tie · fineweb-edu: Educational largest"
        assert len(lines) == 22
        assert line(pilot, "header").split() == [
            "summary",
            "604",
            "labels",
            "0",
            "20",
            "40",
            "60",
            "80",
            "100",
            "%",
            "95",
            "%",
            "Wilson",
        ]
        zero = line(pilot, "header").index(" 0 ") + 1
        assert lines[1][zero] == "│"
        await pilot.press("t")
        await until(pilot, lambda: "c4 has no token counts" in page_text(pilot))
        assert "shares of tokens" in line(pilot, "header")
        assert words(pilot)[2:] == ["401 labels", "shares of tokens", "95 % Wilson"]
        assert "■ fineweb n = 200   ▲ fineweb-edu n = 201" in page_text(pilot), "a corpus keeps its mark"
        await pilot.press("t")
        await until(pilot, lambda: words(pilot)[:2] == ["summary", "of characters"])


async def test_a_wide_screen_shows_numbers_corpora_and_established_differences_beside_the_chart(
    labels: Path,
) -> None:
    async with summary(labels, (200, 60)) as pilot:
        await until(pilot, lambda: "established differences" in page_text(pilot))
        text = page_text(pilot)
        for title in ("the same in numbers", "corpora", "read with care"):
            assert f"╭─ {title} ─" in text
        assert "Creative  +11.7 pp  (+3.8 to +19.6)" in text
        assert "Boilerplate are each at most 1.9 % of" in text
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: "the same in numbers" not in page_text(pilot))


async def test_a_narrow_comparison_takes_two_rows_for_each_category(labels: Path) -> None:
    async with summary(labels, (80, 24)) as pilot:
        await open_comparison(pilot)
        lines = page_text(pilot).splitlines()
        assert lines[0].startswith("fineweb and c4 differ: fineweb holds more Creative (+11.7 points)")
        assert lines[3].split() == [
            "│",
            "−20",
            "−10",
            "0",
            "+10",
            "+20",
            "points",
            "interval",
            "verdict",
            "│",
        ]
        educational = next(i for i, line in enumerate(lines) if line.startswith("│ Educational"))
        assert "○" in lines[educational]
        assert "─" in lines[educational]
        assert lines[educational + 1].startswith("│   11.8 → 8.5")
        assert "Holm p = .935 · needs 2,201" in lines[educational + 1]


async def test_the_method_comes_into_view_on_a_low_screen(labels: Path) -> None:
    async with summary(labels, (80, 24)) as pilot:
        page = pilot.app.screen.query_one(VerticalScroll)
        await pilot.press("m")
        await until(pilot, lambda: 0 < page.scroll_y == page.max_scroll_y)
        await pilot.press("m")
        await until(pilot, lambda: page.scroll_y == 0)


async def test_the_header_names_no_method_that_a_corpus_of_known_size_does_not_have(tmp_path: Path) -> None:
    corpus = Corpus("web", "web", "local", "web.jsonl")
    with Scribe(tmp_path / "labels") as scribe:
        for draw in range(6):
            scribe.label(a_document(draw, corpus="web"), "Forum")
    plan = Plan(7).with_corpus(corpus, target=6).with_revision("web", "file-c0ffee", 20)
    save_plan(plan, tmp_path / "labels" / "plan.json")
    async with summary(tmp_path / "labels") as pilot:
        assert "95 % mid-p" in line(pilot, "header")
        await pilot.press("m")
        await until(pilot, lambda: "hypergeometric mid-p, N = 20" in page_text(pilot))
        await pilot.press("i")
        await until(pilot, lambda: "95 % all categories at once" in line(pilot, "header"))
