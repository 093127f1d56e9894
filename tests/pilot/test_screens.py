"""Keys and screens of the app on the bundled demo corpora, driven by a Textual pilot."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, Static

from app_fakes import a_workspace, running
from corpuscope.config.category_file import load_scheme, parse_scheme
from corpuscope.config.keymap import remapped
from corpuscope.config.settings import THEMES, Settings
from corpuscope.domain.corpus import Corpus
from corpuscope.sampling.feed.feed import Feed
from corpuscope.session.ledger import Ledger
from corpuscope.session.study_plan import StudyOptions
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.screens.corpora import CorporaScreen
from corpuscope.tui.screens.document import FRAME, roomy_from
from corpuscope.tui.screens.help import HelpScreen
from corpuscope.tui.screens.labelling import LabellingScreen
from corpuscope.tui.screens.practice import PracticeScreen
from corpuscope.tui.screens.summary import SummaryScreen
from corpuscope.tui.text_layout.row_strip import SURROUNDINGS
from corpuscope.tui.widgets.category_bar import CategoryBar
from corpuscope.tui.widgets.document_info import DocumentInfo
from corpuscope.tui.widgets.document_view import DocumentView
from corpuscope.tui.widgets.guide import Guide
from corpuscope.tui.widgets.painting import CachedLines
from corpuscope.tui.widgets.rows_panel import RowsPanel
from corpuscope.tui.widgets.sidebar import Sidebar
from corpuscope.tui.widgets.status_line import MessageBar
from corpuscope.tui.widgets.virtual_list import VirtualList
from ledger_fakes import FullDisk, Scribe, flip, parts
from makers import a_document
from on_screen import document, document_text, line, message
from sampling_fakes import MemorySource, refuses
from waiting import until

Running = tuple[Pilot[None], Workspace]


async def test_one_key_labels_and_the_next_document_is_there(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    async with running(workspace, "demo-crawl") as pilot:
        before = document(pilot)
        await pilot.press("2")
        await pilot.pause()
        assert document(pilot) != before
        assert "1 / 40" in line(pilot, "header")
        assert "previous ● Advertising" in line(pilot, "last")
        assert workspace.ledger.decisions().counts("demo-crawl")["Advertising"] == 1


async def test_the_letter_of_a_category_labels_as_its_digit_does(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    async with running(workspace, "demo-crawl") as pilot:
        await pilot.press("a", "x")
        assert workspace.ledger.decisions().counts("demo-crawl") == {"Advertising": 1, "Nonsensical": 1}


async def test_an_error_ends_with_the_next_label_that_is_saved(tmp_path: Path) -> None:
    home, disk = a_workspace(tmp_path), FullDisk()
    ledger = Ledger(home.paths, home.scheme, home.clock, disk)
    workspace = Workspace(home.paths, home.settings, home.scheme, annotator="reader", ledger=ledger)
    async with running(workspace, "demo-crawl") as pilot:
        before = document(pilot)
        disk.full = True
        await pilot.press("1")
        await until(pilot, lambda: "No space left on device" in message(pilot) + line(pilot, "last"))
        assert document(pilot) == before
        disk.full = False
        await pilot.press("2")
        await until(pilot, lambda: "previous ● Advertising" in line(pilot, "last"))
        assert "No space left" not in message(pilot) + line(pilot, "last")
        assert workspace.ledger.decisions().counts("demo-crawl") == {"Advertising": 1}


async def test_a_click_on_a_category_labels(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    async with running(workspace, "demo-crawl") as pilot:
        await pilot.click("CategoryBar", offset=(5, 3))
        await pilot.pause()
        assert workspace.ledger.decisions().counts("demo-crawl") == {"Forum": 1}


def shows(pilot: Pilot[None], screen: type[Screen[None]]) -> bool:
    return isinstance(pilot.app.screen, screen)


@pytest.mark.parametrize("names", [(), ("demo-crawl",)])
async def test_a_click_on_a_key_of_the_last_line_runs_it(names: tuple[str, ...], tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), *names) as pilot:
        for key, screen in (("? help", HelpScreen), ("tab summary", SummaryScreen)):
            await pilot.click("#keys", offset=(line(pilot, "keys").index(key) + 2, 0))
            await until(pilot, partial(shows, pilot, screen))
            await pilot.press("escape")
            await until(pilot, lambda: bool(pilot.app.screen.query("#keys")))
        await pilot.click("#keys", offset=(line(pilot, "keys").index("q quit") + 2, 0))
        await until(pilot, lambda: not pilot.app.is_running)


async def test_undo_skip_back_and_forward_show_what_they_say(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), "demo-crawl") as pilot:
        first = document(pilot)
        await pilot.press("1", "s")
        await until(pilot, lambda: "previous skipped" in line(pilot, "last"))
        third = document(pilot)
        await pilot.press("left", "left")
        await until(pilot, lambda: document(pilot) == first)
        assert "document 1 · 2 back · labelled Educational" in pilot.app.screen.query_one(DocumentView).head
        await pilot.press("right")
        assert "document 2 · 1 back · skipped" in pilot.app.screen.query_one(DocumentView).head
        await pilot.press("right")
        await until(pilot, lambda: document(pilot) == third)
        assert "document 2" in pilot.app.screen.query_one(DocumentView).head
        await pilot.press("u", "u")
        await until(pilot, lambda: document(pilot) == first)
        assert "0 / 40" in line(pilot, "header")


async def test_a_note_is_kept_and_shown_and_escape_leaves_it(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    async with running(workspace, "demo-crawl") as pilot:
        await pilot.press("n")
        await pilot.pause()
        await pilot.press(*"odd [b]", "enter")
        await until(pilot, lambda: "odd [b]" in pilot.app.screen.query_one(DocumentInfo).text)
        await pilot.press("n")
        await pilot.pause()
        await pilot.press(*"x", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabellingScreen))
        assert [entry.note for entry in workspace.ledger.decisions().notes()] == ["odd [b]"]


async def test_the_label_just_given_is_marked_as_unsure_and_counted(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    async with running(workspace, "demo-crawl") as pilot:
        await pilot.press("1", "tilde")
        await until(pilot, lambda: "previous ● Educational ~ unsure" in line(pilot, "last"))
        assert "1 / 40" in line(pilot, "header")
        await pilot.press("left")
        await until(
            pilot, lambda: "labelled Educational ~ unsure" in pilot.app.screen.query_one(DocumentView).head
        )
        await pilot.press("y")
        await until(pilot, lambda: "copied " in line(pilot, "last"))
        await pilot.press("escape", "tab")
        await until(pilot, lambda: "1 of 1 unsure" in tables(pilot))
    async with running(workspace, "demo-crawl") as pilot:
        await pilot.press("y")
        assert "after you label" in line(pilot, "last")


async def test_a_category_keeps_its_key_where_a_later_version_gave_it_to_an_action(tmp_path: Path) -> None:
    scheme = parse_scheme(
        "categories:\n  - {key: y, name: Useful, definition: one}\n  - {key: '~', name: Useless, definition: two}\n",
        "f",
        {},
    )
    async with running(a_workspace(tmp_path, scheme=scheme), "demo-crawl") as pilot:
        await pilot.press("y")
        await until(pilot, lambda: "previous ● Useful" in line(pilot, "last"))


async def test_a_large_screen_shows_guide_and_latest_decisions_but_not_to_a_blind_reader(
    tmp_path: Path,
) -> None:
    async with running(a_workspace(tmp_path / "a"), "demo-crawl", size=(200, 60)) as pilot:
        before = document(pilot)
        await pilot.press("2")
        await until(pilot, lambda: bool(pilot.app.screen.query("#decisions")))
        assert "".join(panel(pilot, "decisions").split()).startswith(f"●Advertising{before[:30]}")
        assert "goes here" in pilot.app.screen.query_one(CategoryBar).text
        await pilot.press("g")
        assert not pilot.app.screen.query(Guide)
    async with running(a_workspace(tmp_path / "b"), "demo-crawl", size=(200, 60), blind=True) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: "1 / 40" in line(pilot, "header"))
        assert not pilot.app.screen.query("#decisions")


async def test_a_bookmark_is_shown_and_taken_away(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), "demo-crawl") as pilot:
        await pilot.press("b")
        view, info = pilot.app.screen.query_one(DocumentView), pilot.app.screen.query_one(DocumentInfo)
        assert "bookmarked" in view.head
        assert "bookmarked" in info.text
        await pilot.press("b")
        assert "bookmarked" not in view.head
        assert "bookmarked" not in info.text


async def test_what_could_bias_is_hidden_until_the_key_when_blind(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), "demo-crawl", "demo-edu") as pilot:
        info = pilot.app.screen.query_one(DocumentInfo).text
        assert "source hidden" in info
        assert "example" not in info
        assert "blind · 2 corpora" in line(pilot, "header")
        await pilot.press("1")
        assert "demo-" in line(pilot, "last")
        assert "example" in line(pilot, "last")


async def test_the_origin_is_shown_when_one_corpus_is_labelled_alone(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), "demo-crawl") as pilot:
        assert "example" in pilot.app.screen.query_one(DocumentInfo).text


async def test_running_shares_are_shown_only_where_the_config_asks_for_them(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path / "a"), "demo-crawl") as pilot:
        await pilot.press("2")
        bar = pilot.app.screen.query_one(CategoryBar).text
        assert "1" not in bar.splitlines()[1].replace("2", "", 1)
    async with running(a_workspace(tmp_path / "b", Settings(show_shares=True)), "demo-crawl") as pilot:
        await pilot.press("2")
        bar = pilot.app.screen.query_one(CategoryBar).text
        assert bar.splitlines()[1].rstrip().endswith(" 1")


async def test_at_the_end_of_the_plan_no_category_shows_a_count_from_before_the_last_label(
    tmp_path: Path,
) -> None:
    workspace = a_workspace(tmp_path, Settings(show_shares=True))
    study = workspace.plan.request(("demo-crawl",), options=StudyOptions(target=2, seed=3))
    with workspace.ledger.opened():
        async with CorpuscopeApp(workspace, study).run_test(size=(100, 30)) as pilot:
            await until(pilot, lambda: bool(pilot.app.screen.query_one(DocumentInfo).text))
            await pilot.press("2")
            await until(pilot, lambda: "1 / 2" in line(pilot, "header"))
            bar = pilot.app.screen.query_one(CategoryBar)
            assert bar.text.splitlines()[1].rstrip().endswith(" 1")
            await pilot.press("2")
            await until(pilot, lambda: bool(pilot.app.screen.query("#reached")))
            assert bar.text.splitlines()[1].rstrip().endswith("Advertising")


async def test_a_damaged_text_on_disk_is_named_and_set_aside_when_the_app_starts(tmp_path: Path) -> None:
    folder = tmp_path / "labels"
    with Scribe(folder) as scribe:
        for draw in range(3):
            scribe.label(a_document(draw, random.Random(draw).randbytes(50_000).hex()))
    (part,) = parts(folder)
    flip(part, part.stat().st_size // 2)  # nearly all of it is text
    async with running(a_workspace(tmp_path), "demo-crawl") as pilot:
        await until(pilot, lambda: "is kept as" in str(pilot.app.screen.query_one(MessageBar).content))
        await pilot.press("1")
        await until(pilot, lambda: not pilot.app.screen.query_one(MessageBar).display)
    assert list(folder.glob("*/*.damaged"))


async def test_a_file_that_is_set_aside_is_named_until_the_next_key(tmp_path: Path) -> None:
    def open_feed(corpus: Corpus, **options: Any) -> Feed:  # noqa: ANN401
        source = MemorySource({f"part-{n}": 50 for n in range(3)}, trouble=refuses("part-1"))
        source.corpus = corpus
        return Feed(source, seed=options["seed"], done=options["done"], on_change=options["on_change"])

    paths = a_workspace(tmp_path).paths
    workspace = Workspace(paths, Settings(), load_scheme(None), annotator="reader", feeds=open_feed)
    async with running(workspace, "demo-crawl") as pilot:
        await until(pilot, lambda: "part-1 was set aside: part-1 is damaged" in line(pilot, "last"))
        await until(pilot, lambda: "1 set aside" in line(pilot, "header"))
        await pilot.press("1")
        await until(pilot, lambda: "previous ● Educational" in line(pilot, "last"))


async def test_the_guide_replaces_the_sidebar_and_the_document_stays(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), "demo-crawl") as pilot:
        await pilot.press("g")
        await pilot.pause()
        assert pilot.app.screen.query_one("Guide").display
        assert pilot.app.screen.query_one(DocumentView).size.width > 20
        await pilot.press("1", "escape")
        await pilot.pause()
        assert not pilot.app.screen.query_one("Guide").display
        assert "1 / 40" in line(pilot, "header")


async def test_the_guide_key_shows_every_page_then_closes_the_guide(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), "demo-crawl") as pilot:
        await pilot.press("g")
        await pilot.pause()
        guide = pilot.app.screen.query_one(Guide)
        assert guide.border_subtitle == "g for more · esc closes"
        pages = 1
        while guide.scroll_y < guide.max_scroll_y:
            await pilot.press("g")
            await pilot.pause()
            pages += 1
        assert pages > 1
        assert guide.border_subtitle == "g closes"
        await pilot.press("g")
        await pilot.pause()
        assert not guide.display
        await pilot.press("g")
        await pilot.pause()
        assert guide.scroll_y == 0


async def test_a_key_that_has_nothing_to_do_says_so(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), "demo-crawl") as pilot:
        await pilot.press("u")
        assert line(pilot, "last") == "nothing to undo"
        await pilot.press("left")
        assert line(pilot, "last") == "no earlier document"
        await pilot.press("1")
        assert "previous ● Educational" in line(pilot, "last")


async def test_typing_in_the_find_bar_labels_nothing(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), "demo-crawl") as pilot:
        await pilot.press("slash", *"1234567")
        await pilot.pause()
        assert isinstance(pilot.app.focused, Input)
        assert "0 / 40" in line(pilot, "header")
        await pilot.press("enter", "escape")
        await pilot.press("1")
        assert "1 / 40" in line(pilot, "header")


def matches(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#find-count", Static).content)


async def test_enter_goes_to_the_first_match_and_the_next_key_to_the_second(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), "demo-crawl") as pilot:
        await pilot.press("slash", "e")
        await until(pilot, lambda: matches(pilot).endswith(" matches"))
        count = matches(pilot).removesuffix(" matches")
        await pilot.press("enter")
        await until(pilot, lambda: matches(pilot) == f"1 of {count}")
        await pilot.press("full_stop")
        assert matches(pilot) == f"2 of {count}"
        await pilot.press("comma", "comma")
        assert matches(pilot) == f"{count} of {count}"


async def test_the_search_continues_in_the_next_document(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), "demo-crawl") as pilot:
        await pilot.press("slash", "e", "enter", "full_stop", "full_stop")
        assert matches(pilot).startswith("3 of ")
        await pilot.press("1")
        assert "1 / 40" in line(pilot, "header")
        text = pilot.app.screen.query_one(DocumentView)._text
        count = text.lower().count("e")
        await until(pilot, lambda: matches(pilot) == f"{count} matches")
        await pilot.press("full_stop")
        assert matches(pilot) == f"1 of {count}"


async def test_a_reopened_find_bar_searches_for_its_text_at_once(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), "demo-crawl") as pilot:
        await pilot.press("slash", "e", "enter", "full_stop", "escape", "slash")
        await until(pilot, lambda: matches(pilot).endswith(" matches"))


@pytest.mark.parametrize(
    ("measure", "size", "widths"),
    [
        (92, (60, 20), (20, 36)),
        (92, (100, 30), (24, 46)),
        (92, (120, 40), (35, 52)),
        (92, (160, 50), (61, 61)),
        (60, (91, 30), (24, 24)),
        (60, (101, 30), (34, 34)),
    ],
)
async def test_the_sidebar_is_narrow_on_a_narrow_screen_and_wide_on_a_wide_one(
    measure: int, size: tuple[int, int], widths: tuple[int, int], tmp_path: Path
) -> None:
    async with running(a_workspace(tmp_path, Settings(measure=measure)), "demo-crawl", size=size) as pilot:
        sidebar = pilot.app.screen.query_one(Sidebar)
        before = sidebar.outer_size.width
        assert size[0] - before <= measure + SURROUNDINGS + FRAME
        await pilot.press("g")
        await pilot.pause()
        assert (before, sidebar.outer_size.width) == widths


@pytest.mark.parametrize(("width", "columns"), [(67, 91), (95, 119), (96, 131), (99, 134), (127, 162)])
def test_no_row_of_text_is_longer_than_the_measure(width: int, columns: int) -> None:
    assert roomy_from(width) == columns


async def test_keys_pressed_faster_than_the_app_are_handled_in_order(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    async with running(workspace, "demo-crawl") as pilot:
        await pilot.press("1", "2")
        for key in "uu3s/12":
            pilot.app.post_message(events.Key("slash" if key == "/" else key, key))
        await until(pilot, lambda: isinstance(pilot.app.focused, Input) and pilot.app.focused.value == "12")
        assert workspace.ledger.decisions().counts("demo-crawl") == {"Forum": 1}


async def test_text_typed_right_after_opening_replaces_the_earlier_search(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), "demo-crawl") as pilot:
        await pilot.press("slash", *"zzz", "enter", "escape")
        for key in "/abc":
            pilot.app.post_message(events.Key("slash" if key == "/" else key, key))
        await until(pilot, lambda: isinstance(pilot.app.focused, Input) and "c" in pilot.app.focused.value)
        await pilot.press("d")
        assert isinstance(pilot.app.focused, Input)
        assert pilot.app.focused.value == "abcd"


async def test_modifier_only_and_unknown_keys_do_nothing(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), "demo-crawl") as pilot:
        before = document(pilot)
        await pilot.press("f9", "ctrl+n", "0", "Z", "left_shift")
        await pilot.pause()
        assert document(pilot) == before
        assert "0 / 40" in line(pilot, "header")


async def test_a_remapped_key_works_and_the_old_one_does_not(tmp_path: Path) -> None:
    settings = Settings(keys=remapped({"label.skip": "z", "history.back": "less_than_sign"}))
    workspace = a_workspace(tmp_path, settings)
    async with running(workspace, "demo-crawl") as pilot:
        before = document(pilot)
        await pilot.press("s")
        await pilot.pause()
        assert document(pilot) == before
        await pilot.press("z")
        await pilot.pause()
        assert document(pilot) != before
        assert "z skip" in line(pilot, "keys")
        await pilot.press("y")
        assert line(pilot, "last") == "after you label: < goes back to the document"


@pytest.mark.parametrize("theme", THEMES)
async def test_every_theme_paints_every_screen(theme: str, tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path, Settings(theme=theme)), "demo-synth") as pilot:
        await pilot.press("1", "g", "slash", *"the", "enter", "v", "tab")
        await until(pilot, lambda: "demo-synth" in tables(pilot))
        await pilot.press("tab", "h")
        await until(pilot, lambda: isinstance(pilot.app.screen, CorporaScreen))
        assert pilot.app.export_screenshot()


async def test_sections_of_a_document_have_their_titles(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), "demo-synth") as pilot:
        assert "query" in document_text(pilot)


@pytest.mark.parametrize("count", [1, 12])
async def test_one_and_twelve_categories_fit_80_by_24(count: int, tmp_path: Path) -> None:
    keys = "1234567890-="
    entries = "".join(
        f'  - {{key: "{keys[i]}", name: "Été [{i}] très long vraiment", definition: d}}\n'
        for i in range(count)
    )
    scheme = parse_scheme("categories:\n" + entries, "f", {})
    workspace = a_workspace(tmp_path, scheme=scheme)
    async with running(workspace, "demo-crawl", size=(80, 24)) as pilot:
        await pilot.press(keys[count - 1])
        assert f"previous ● Été [{count - 1}] très" in line(pilot, "last")
        await pilot.press("question_mark")
        await pilot.pause()
        await pilot.press("escape", "g")
        await pilot.pause()


async def test_the_summary_shows_every_corpus_and_follows_new_labels(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    async with running(workspace, "demo-crawl", "demo-edu") as pilot:
        await pilot.press("1", "1", "2", "tab")
        await until(pilot, lambda: "demo-edu" in tables(pilot))
        assert "Educational" in tables(pilot)
        await pilot.press("tab")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabellingScreen))
        assert "3 / 80" in line(pilot, "header")


def tables(pilot: Pilot[None]) -> str:
    if not isinstance(pilot.app.screen, SummaryScreen):
        return ""
    return str(pilot.app.screen.query_one("#page", Static).render())


def listed(pilot: Pilot[None], name: str) -> list[str]:
    """Return the rows of a list on screen, without its heading."""
    rows = pilot.app.screen.query_one(f"#{name}", VirtualList)
    return ["".join(text for text, _ in rows.runs(y)) for y in range(1, rows.count + 1)]


PANELS = ("start", "own", "ready", "details")
"""Ids of the panels of the list of corpora, from top to bottom."""


def panel(pilot: Pilot[None], name: str) -> str:
    return pilot.app.screen.query_one(f"#{name}", RowsPanel).text


async def test_the_first_start_says_what_to_do_and_describes_the_corpus_under_the_cursor(
    tmp_path: Path,
) -> None:
    async with running(a_workspace(tmp_path), size=(120, 40)) as pilot:
        await until(pilot, lambda: "nothing labelled yet" in line(pilot, "header"))
        assert [row.split()[1] for row in panel(pilot, "start").splitlines()[-3:]] == [
            "practice",
            "demo",
            "label",
        ]
        assert [row.split()[0] for row in listed(pilot, "ready")][-2:] == ["demo", "practice"]
        heights = [pilot.app.screen.query_one(f"#{name}").outer_size.height for name in PANELS]
        assert heights == [9, 0, 9, 20]
        ready, about = (pilot.app.screen.query_one(f"#{name}", CachedLines) for name in PANELS[2:])
        assert (ready.head, ready.foot) == ("corpora", "+ adds a dataset of the Hub or files of your own")
        assert (about.head, about.foot) == ("C4", "corpuscope label c4")
        assert "200   33 min      ±7 points         1.9 %   planned" in panel(pilot, "details")
        await pilot.press("down")
        await until(pilot, lambda: "HuggingFaceFW/fineweb sample-10BT" in panel(pilot, "details"))
        await pilot.press("end")
        await until(pilot, lambda: about.head == "practice")
        assert about.foot == "corpuscope practice"
        assert panel(pilot, "details") == "Documents with known answers; nothing is saved"
    async with running(a_workspace(tmp_path / "small"), size=(80, 24)) as pilot:
        assert "with an honest interval" in panel(pilot, "start")
        assert pilot.app.screen.query_one("#ready").region.bottom == 23


async def test_keys_for_a_corpus_say_on_other_rows_that_there_is_none(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path)) as pilot:
        await pilot.press("end", "space")
        await until(pilot, lambda: "no corpus to mark here: enter starts the practice" in message(pilot))
        assert pilot.app.screen.query_one("#keys").region.bottom == 30
        await pilot.press("up")
        await until(pilot, lambda: message(pilot) == "")
        await pilot.press("b")
        await until(pilot, lambda: "no corpus to browse here: enter starts the demo" in message(pilot))
        assert isinstance(pilot.app.screen, CorporaScreen)
        await pilot.press("up", "space")
        await until(pilot, lambda: message(pilot) == "")
        assert sum("●" in row for row in listed(pilot, "ready")) == 1


async def test_practice_and_demo_open_from_the_list_and_practice_returns_to_it(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    async with running(workspace) as pilot:
        await pilot.press("p")
        await until(pilot, lambda: isinstance(pilot.app.screen, PracticeScreen))
        await until(pilot, lambda: "0 / 20" in line(pilot, "header"))
        await pilot.press("1", "h")
        await until(pilot, lambda: isinstance(pilot.app.screen, CorporaScreen))
        assert not workspace.plan.path.exists()
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabellingScreen))
        await until(pilot, lambda: "blind · 3 corpora  0 / 120" in line(pilot, "header"))


async def test_a_name_that_is_typed_is_labelled_and_a_wrong_one_is_said(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("a document of its own")
    async with running(a_workspace(tmp_path)) as pilot:
        await pilot.press("plus")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        pilot.app.screen.query_one(Input).value = str(tmp_path / "none.txt")
        await pilot.press("enter")
        await until(pilot, lambda: "none.txt" in message(pilot))
        await pilot.press("plus")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        pilot.app.screen.query_one(Input).value = str(tmp_path / "notes.txt")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabellingScreen))


async def test_own_corpora_come_first_with_the_last_one_used_under_the_cursor(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    for name in ("demo-crawl", "demo-edu"):
        async with running(workspace, name) as pilot:
            await pilot.press("1")
            await until(pilot, lambda: "1 / 40" in line(pilot, "header"))
    async with running(workspace, size=(120, 40)) as pilot:
        await until(pilot, lambda: "2 labels · 2 corpora of yours" in line(pilot, "header"))
        assert [row.strip("▸ ").split("  ")[0] for row in listed(pilot, "own")] == [
            "Demo educational",
            "Demo crawl",
        ]
        await until(pilot, lambda: "Educational" in panel(pilot, "details"))
        heights = [pilot.app.screen.query_one(f"#{name}").outer_size.height for name in PANELS]
        assert heights == [0, 5, 9, 24]
        own, ready, about = (pilot.app.screen.query_one(f"#{name}", CachedLines) for name in PANELS[1:])
        assert (own.head, ready.head) == ("yours", "ready-made")
        assert (about.head, about.foot) == (
            "Demo educational",
            "so far: no verdict before the plan is reached",
        )
        assert [row[0] for row in listed(pilot, "ready")] == [" "] * 6
        assert "today" in listed(pilot, "own")[0]
        await pilot.press("up", "down", "down")
        await until(pilot, lambda: about.head == "C4")
        assert [row[0] for row in listed(pilot, "own") + listed(pilot, "ready")] == [*"  ▸     "]
        await pilot.press("up")
        await until(pilot, lambda: about.head == "Demo crawl")
        assert [row[0] for row in listed(pilot, "own")] == [" ", "▸"]


async def test_the_marked_corpora_are_labelled_in_one_queue(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    workspace.plan.ensure_planned(workspace.plan.request(("demo-crawl", "demo-edu")))
    for name in ("demo-crawl", "demo-edu"):
        async with running(workspace, name):
            pass
    async with running(workspace) as pilot:
        assert isinstance(pilot.app.screen, CorporaScreen)
        await until(pilot, lambda: len(listed(pilot, "own")) == 2)
        await pilot.press("space", "down", "space")
        assert all("●" in row for row in listed(pilot, "own"))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabellingScreen))
        await until(pilot, lambda: "0 / 80" in line(pilot, "header"))
        assert "blind · 2 corpora" in line(pilot, "header")
        await pilot.press("h")
        await until(pilot, lambda: isinstance(pilot.app.screen, CorporaScreen))


async def test_the_end_of_the_plan_is_told_once_and_no_key_labels_the_document_behind_it(
    tmp_path: Path,
) -> None:
    workspace = a_workspace(tmp_path)
    study = workspace.plan.request(("demo-crawl",), options=StudyOptions(target=2, seed=3))
    with workspace.ledger.opened():
        async with CorpuscopeApp(workspace, study).run_test(size=(100, 30)) as pilot:
            await until(pilot, lambda: bool(pilot.app.screen.query_one(DocumentInfo).text))
            await pilot.press("1")
            await until(pilot, lambda: "1 / 2" in line(pilot, "header"))
            await until(pilot, lambda: bool(pilot.app.screen.query_one(DocumentInfo).text))
            await pilot.press("2", "3", "s")
            await until(pilot, lambda: "Educational" in panel(pilot, "reached"))
            assert "demo-crawl: 2 of 2 labelled." in panel(pilot, "reached")
            assert "enter go on" in line(pilot, "keys")
            assert "2 / 2" in line(pilot, "header")
            await pilot.press("enter")
            await until(pilot, lambda: bool(pilot.app.screen.query_one(DocumentInfo).text))
            await pilot.press("3")
            await until(pilot, lambda: "3 / 2" in line(pilot, "header"))
            assert not pilot.app.screen.query("#reached")
            await pilot.press("u", "u")
            await pilot.press("1")
            await until(pilot, lambda: bool(pilot.app.screen.query("#reached")))
            await pilot.press("u")
            await until(pilot, lambda: "1 / 2" in line(pilot, "header"))
            assert not pilot.app.screen.query("#reached")
            await pilot.press("1")
            await until(pilot, lambda: bool(pilot.app.screen.query("#reached")))
            await pilot.press("left")
            await until(pilot, lambda: "looking back" in line(pilot, "last"))
            assert not pilot.app.screen.query("#reached")
    assert workspace.ledger.tally.labels.total() == 2


async def test_help_lists_every_key_and_closes(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), "demo-crawl") as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        page = str(pilot.app.screen.query_one(Static).render())
        assert "Undo the last decision" in page
        await pilot.press("2", "escape")
        await pilot.pause()
        assert "0 / 40" in line(pilot, "header")


async def test_a_crash_says_that_labels_are_safe_and_prints_no_web_text(tmp_path: Path) -> None:
    crashes: list[BaseException] = []
    workspace = a_workspace(tmp_path)
    study = workspace.plan.request(["demo-crawl"], options=StudyOptions(seed=3))

    def note(exception: BaseException) -> str:
        crashes.append(exception)
        return "it is in the log \x1b[31m"

    with pytest.raises(ZeroDivisionError), workspace.ledger.opened():
        app = CorpuscopeApp(workspace, study, note)
        async with app.run_test() as pilot:
            pilot.app.call_later(lambda: 1 // 0)
            await pilot.pause()
    assert isinstance(crashes[0], ZeroDivisionError)
    assert app.return_code == 1


async def test_an_error_while_leaving_is_reported_after_the_app_has_closed(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    async with running(workspace, "demo-crawl") as pilot:
        await pilot.press("1")
        (tmp_path / "labels" / "demo-crawl").write_text("where the parts belong")
    assert [notice.partition(" ")[2][:32] for notice in workspace.ledger.late_notices] == [
        "could not be made into Parquet ("
    ]
    assert workspace.ledger.decisions().counts("demo-crawl") == {"Educational": 1}
