"""The review in a running app: the list of labels with its filters, relabelling and adjudication."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from textual.events import Key
from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, Static

from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import Paths, Settings
from corpuscope.domain.label import EventKind
from corpuscope.session.ledger import Ledger
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.screens.adjudicate import NONE, AdjudicateScreen
from corpuscope.tui.screens.agreement import AgreementScreen
from corpuscope.tui.screens.corpora import CorporaScreen
from corpuscope.tui.screens.relabel import RelabelScreen
from corpuscope.tui.screens.review import ReviewScreen
from corpuscope.tui.widgets.annotator_labels import AnnotatorLabels
from corpuscope.tui.widgets.category_bar import CategoryBar
from corpuscope.tui.widgets.document_info import DocumentInfo
from corpuscope.tui.widgets.document_view import DocumentView
from corpuscope.tui.widgets.rows_panel import RowsPanel
from corpuscope.tui.widgets.virtual_list import VirtualList
from hostile import PAYLOADS, leaks
from ledger_fakes import FullDisk, Scribe, damage_texts, parts
from makers import a_document
from on_screen import document_text, line, message
from waiting import until

SCHEME = load_scheme(None)
Opener = Callable[[Workspace], Screen[None]]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace with the labels of ann and ben.

    Both labelled draws 0 to 3 of one corpus and disagree on 1 and 3; ben also labelled a document of another
    corpus. Ann and ben noted 1, ben bookmarked 2, and ann labelled 0 a second time.
    """
    folder = tmp_path / "labels"
    texts = ("plain words", "spring in Prague", "spring rolls", "a market report")
    documents = [a_document(draw, text) for draw, text in enumerate(texts)]
    with Scribe(folder, "s1", "ann") as ann:
        for document, category in zip(documents, ("News", "News", "Forum", "News"), strict=True):
            ann.label(document, category, scheme=SCHEME.hash)
        ann.label(documents[0], "Creative", look=2, scheme=SCHEME.hash)
        ann.note(documents[1], "could be [red]fiction[/red]")
    with Scribe(folder, "s2", "ben") as ben:
        for document, category in zip(documents, ("News", "Creative", "Forum", "Advertising"), strict=True):
            ben.label(document, category, scheme=SCHEME.hash)
        ben.note(documents[1], "it has a plot")
        ben.bookmark(documents[2])
        ben.label(a_document(0, "another corpus", corpus="books", row=9), "Forum", scheme=SCHEME.hash)
    return workspace_of(folder)


def workspace_of(folder: Path, annotator: str = "ann") -> Workspace:
    home = folder.parent
    paths = Paths(folder, None, home / "config.toml", home / "cache", home / "log")
    return Workspace(paths, Settings(), SCHEME, annotator=annotator)


@asynccontextmanager
async def running(
    workspace: Workspace, first: Opener, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[Pilot[None]]:
    with workspace.ledger.opened():
        async with CorpuscopeApp(workspace, first=first).run_test(size=size) as pilot:
            yield pilot


@asynccontextmanager
async def reviewing(workspace: Workspace, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Pilot[None]]:
    async with running(workspace, ReviewScreen, size) as pilot:
        await until(pilot, lambda: "labels" in line(pilot, "header"))
        yield pilot


def in_header(pilot: Pilot[None], words: str) -> bool:
    return words in line(pilot, "header")


def words(pilot: Pilot[None], name: str) -> str:
    """Return the text of a status line with single blanks."""
    return " ".join(line(pilot, name).split())


NO_LABEL_LEFT = "No label passes the filters; x clears them."


def listed(pilot: Pilot[None]) -> list[str]:
    """Return the visible rows without their dots, marks and scroll bar, with single spaces."""
    virtual_list = pilot.app.screen.query_one(VirtualList)
    rows = ["".join(text for text, _ in virtual_list.runs(y)) for y in range(1, virtual_list.size.height)]
    return [
        " ".join(row.translate(dict.fromkeys(map(ord, "★≠¶~▸●▐"))).split()) for row in rows if row.strip()
    ]


def in_filters(pilot: Pilot[None], words: str) -> bool:
    return words in line(pilot, "filter")


def annotator_labels(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one(AnnotatorLabels).query_one(Static).render())


def labels_of(workspace: Workspace, draw: int) -> dict[str, str | None]:
    return {
        decision.annotator: decision.category
        for decision in workspace.ledger.decisions().about(a_document(draw).key)
    }


async def test_every_label_is_listed_and_each_filter_keeps_its_matches(workspace: Workspace) -> None:
    async with reviewing(workspace) as pilot:
        assert "10 of 10 labels" in line(pilot, "header")
        await until(
            pilot,
            lambda: listed(pilot)[:2] == ["another corpus Forum books ben", "plain words News web ann"],
        )
        preview = pilot.app.screen.query_one("#preview", RowsPanel)
        assert "another corpus" in preview.text
        assert preview.head == "books, draw 0"
        assert (
            words(pilot, "header") == "corpuscope review 10 of 10 labels 1 bookmarked · 7 disputed · 2 noted"
        )
        assert words(pilot, "filter") == "filter text any category any corpus any who any flags any"
        virtual_list = pilot.app.screen.query_one(VirtualList)
        assert virtual_list.foot == "★ bookmarked  ≠ disputed  ¶ note  ~ unsure   1 of 10"
        for keys, count in (
            ("c", 1),
            ("cc", 9),
            ("a", 5),
            ("aa", 5),
            ("d", 7),
            ("b", 1),
            ("n", 2),
            ("t", 1),
            ("tt", 3),
            ("ad", 4),
            ("f", 7),
            ("ff", 1),
        ):
            await pilot.press(*keys)
            await until(pilot, partial(in_header, pilot, f"{count} of 10"))
            assert len(listed(pilot)) == count, keys
            await pilot.press("x")
            await until(pilot, lambda: "10 of 10" in line(pilot, "header"))
        await pilot.press("s")
        await until(pilot, lambda: listed(pilot)[1:2] == ["a market report Advertising web ben"])
        assert in_filters(pilot, "latest first")
        await pilot.press("home", "down", "s")
        await until(pilot, lambda: listed(pilot)[1:2] == ["plain words News web ann"])
        assert virtual_list.foot.endswith(" 10 of 10"), "the cursor stays on its label"
        assert preview.head == "web, draw 3"


async def test_keys_typed_in_one_burst_search_and_the_match_stands_in_its_context(
    workspace: Workspace,
) -> None:
    async with reviewing(workspace) as pilot:
        for key in ("slash", *"rolls", "enter"):
            pilot.app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: in_filters(pilot, "text 'rolls'  category"))
        await until(
            pilot, lambda: listed(pilot) == ["spring rolls Forum web ann", "spring rolls Forum web ben"]
        )
        runs = pilot.app.screen.query_one(VirtualList).runs(2)
        assert ("rolls", "bold underline $accent") in [(text, style) for text, style in runs]


async def test_a_number_jumps_to_its_draw_and_an_unknown_one_says_so(workspace: Workspace) -> None:
    async with reviewing(workspace) as pilot:
        virtual_list = pilot.app.screen.query_one(VirtualList)
        await pilot.press("down", "2")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        await pilot.press("enter")
        await until(pilot, lambda: "draw 2 " in pilot.app.screen.query_one("#preview", RowsPanel).text)
        assert virtual_list.cursor == 6
        await pilot.press("colon")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        await pilot.press(*"77", "enter")
        await until(pilot, lambda: "no listed document has draw 77" in line(pilot, "last"))


async def test_the_address_is_copied_and_only_web_addresses_are_opened(tmp_path: Path) -> None:
    urls = ("https://example.org/a", "javascript:alert(1)")
    with Scribe(tmp_path / "labels", "s", "ann") as scribe:
        for draw, url in enumerate(urls):
            scribe.label(a_document(draw, f"text {draw}", url=url), "News", scheme=SCHEME.hash)
    async with reviewing(workspace_of(tmp_path / "labels")) as pilot:
        await until(pilot, lambda: "text 0" in listed(pilot)[0])
        await pilot.press("y")
        await until(pilot, lambda: "copied https://example.org/a" in line(pilot, "last"))
        assert pilot.app.clipboard == "https://example.org/a"
        await pilot.press("down", "o")
        await until(pilot, lambda: "this document has no web address" in line(pilot, "last"))
        await pilot.press("y")
        assert "javascript" not in pilot.app.clipboard


async def test_escape_ends_a_search_of_texts_and_lists_every_label_again(
    workspace: Workspace,
) -> None:
    async with reviewing(workspace) as pilot:
        await pilot.press("slash", *"SPRING", "enter")
        await until(pilot, lambda: in_filters(pilot, "'SPRING'") and len(listed(pilot)) == 4)
        assert isinstance(pilot.app.focused, VirtualList)
        await pilot.press("t", "t")
        await until(pilot, lambda: len(listed(pilot)) == 2)
        await pilot.press("escape")
        await until(pilot, lambda: in_filters(pilot, "text any  category Forum"))
        await pilot.press("slash", *"[/quote]", "enter")
        await until(pilot, lambda: in_filters(pilot, "'[/quote]'") and listed(pilot) == [NO_LABEL_LEFT])
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, ReviewScreen)
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, CorporaScreen))


async def test_a_listed_document_is_relabelled_noted_and_bookmarked(workspace: Workspace) -> None:
    async with reviewing(workspace) as pilot:
        await pilot.press("d", "end")
        await until(pilot, lambda: "7 of 10" in line(pilot, "header"))
        await pilot.press("end", "enter")
        await until(pilot, lambda: "a market report" in document_text(pilot))
        assert "ann: News" in annotator_labels(pilot)
        assert "ben: Advertising" in annotator_labels(pilot)
        assert words(pilot, "header") == "corpuscope review 7 of 7 web draw 3"
        assert words(pilot, "keys").startswith(
            "u undo b bookmark n note o url y copy ← previous → next esc leave"
        )
        view, bar = pilot.app.screen.query_one(DocumentView), pilot.app.screen.query_one(CategoryBar)
        assert view.head == "draw 3"
        assert "News ◂" in bar.text
        assert "draw      3" in pilot.app.screen.query_one(DocumentInfo).text
        await pilot.press("6")
        assert labels_of(workspace, 3) == {"ann": "Boilerplate", "ben": "Advertising"}
        assert words(pilot, "last") == "ann: Boilerplate (was News) · u to undo"
        await until(pilot, lambda: "ann: Boilerplate" in annotator_labels(pilot))
        await pilot.press("b")
        await until(pilot, lambda: "bookmarked" in line(pilot, "last"))
        await pilot.press("n", *"odd", "enter")
        await until(pilot, lambda: "note: odd" in line(pilot, "last") and "odd" in annotator_labels(pilot))
        assert words(pilot, "last") == "bookmarked note: odd"
        assert view.head == "draw 3 · ★ bookmarked · note"
        assert "Boilerplate ◂" in bar.text
        await pilot.press("left", "left", "left")
        await until(pilot, lambda: "4 of 7" in line(pilot, "header") and "Prague" in document_text(pilot))
        await pilot.press("u")
        await until(
            pilot, lambda: "7 of 7" in line(pilot, "header") and "ann: News" in annotator_labels(pilot)
        )
        assert labels_of(workspace, 3) == {"ann": "News", "ben": "Advertising"}
        assert words(pilot, "last") == "undone: Boilerplate bookmarked note: odd"
        await pilot.press("u")
        assert words(pilot, "last") == "nothing to undo bookmarked note: odd"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReviewScreen))
        await pilot.press("x", "n")
        await until(pilot, lambda: "¶ odd" in pilot.app.screen.query_one("#preview", RowsPanel).text)


async def test_the_same_row_in_two_corpora_is_shown_and_relabelled_as_what_each_reads(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path / "labels")
    with Scribe(workspace.paths.labels, "s1", "ann") as ann:
        ann.label(a_document(0, "an answer", corpus="answers"), "News")
        ann.label(a_document(0, "a question", corpus="questions"), "Forum")
    async with reviewing(workspace) as pilot:
        await pilot.press("home", "enter")
        await until(pilot, lambda: "an answer" in document_text(pilot))
        await pilot.press("right")
        await until(pilot, lambda: "a question" in document_text(pilot))
        assert "News" not in annotator_labels(pilot)
        await pilot.press("5")
        await until(pilot, lambda: "ann: Creative" in annotator_labels(pilot))
    decisions = workspace.ledger.decisions().by_draw()
    assert [(label.corpus, label.category) for label in decisions] == [
        ("answers", "News"),
        ("questions", "Creative"),
    ]


async def test_relabelling_a_second_look_changes_only_that_look(workspace: Workspace) -> None:
    async with reviewing(workspace) as pilot:
        await pilot.press("a", "down")
        await until(pilot, lambda: "5 of 10" in line(pilot, "header"))
        await pilot.press("home", "down", "enter")
        await until(pilot, lambda: "ann, 2nd reading: Creative" in annotator_labels(pilot))
        await pilot.press("7")
        await until(pilot, lambda: "ann, 2nd reading: Nonsensical" in annotator_labels(pilot))
        assert "ann: News" in annotator_labels(pilot)


@pytest.mark.parametrize("opener", [ReviewScreen, AdjudicateScreen])
async def test_an_event_that_cannot_be_saved_changes_nothing_and_says_why(
    workspace: Workspace, opener: Opener
) -> None:
    disk = FullDisk()
    ledger = Ledger(workspace.paths, SCHEME, workspace.clock, disk)
    workspace = Workspace(workspace.paths, Settings(), SCHEME, annotator="ann", ledger=ledger)
    async with running(workspace, opener) as pilot:
        if opener is ReviewScreen:
            await until(pilot, lambda: "labels" in line(pilot, "header"))
            await pilot.press("a", "enter")
        await until(
            pilot, lambda: bool(pilot.app.screen.query(AnnotatorLabels)) and "ann" in annotator_labels(pilot)
        )
        before, shown = annotator_labels(pilot), document_text(pilot)
        disk.full = True
        for key in ("1", "b"):
            await pilot.press(key)
            await until(pilot, lambda: message(pilot).startswith("not saved: No space left on device"))
        assert (annotator_labels(pilot), document_text(pilot)) == (before, shown)
        disk.full = False
        await pilot.press("1")
        await until(pilot, lambda: message(pilot) == "")
    decisions = workspace.ledger.decisions()
    labels = [decision.category for decision in decisions.by_draw()]
    finals = [final.category for final in decisions.adjudicated.values()]
    assert (labels + finals).count("Educational") == 1


async def test_labels_with_damaged_texts_are_listed_and_the_damage_is_shown_in_place_of_the_text(
    workspace: Workspace,
) -> None:
    for part in parts(workspace.paths.labels):
        damage_texts(part)
    async with reviewing(workspace) as pilot:
        await pilot.press("slash", *"spring", "enter")
        await until(pilot, lambda: in_filters(pilot, "13 texts lost"))
        await pilot.press("escape", "d")
        await until(pilot, lambda: "7 of 10" in line(pilot, "header") and len(listed(pilot)) == 7)
        await pilot.press("enter")
        await until(pilot, lambda: "damage" in document_text(pilot))
        await pilot.press("1", "u", "b", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReviewScreen))
        await until(pilot, lambda: "7 of 10" in line(pilot, "header"))


async def test_find_and_exact_view_and_guide_work_as_when_labelling(workspace: Workspace) -> None:
    async with reviewing(workspace) as pilot:
        await pilot.click(VirtualList, offset=(5, 2))
        await until(pilot, lambda: bool(pilot.app.screen.query(DocumentView)))
        await until(pilot, lambda: "another corpus" in document_text(pilot))
        await pilot.press("slash", *"7an", "enter")
        await pilot.press("v", "g")
        await until(pilot, lambda: "·" in document_text(pilot))
        assert "7an" not in annotator_labels(pilot)
        for _ in ("the find bar", "the guide"):
            await pilot.press("escape")
            assert isinstance(pilot.app.screen, RelabelScreen)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReviewScreen))
    assert len(workspace.ledger.decisions()) == 10


async def test_hostile_text_is_drawn_as_symbols_in_list_and_document(tmp_path: Path) -> None:
    with Scribe(tmp_path / "labels", "s", "ann\x1b[31m[red]") as scribe:
        for draw in range(4):
            text = "\n".join(payload.text for payload in PAYLOADS[draw::4])
            document = a_document(draw, text, url=f"https://\x1b]52;c;{draw}\x07")
            scribe.label(document, "News", scheme=SCHEME.hash)
            scribe.note(document, text[:300])

    def drawn(pilot: Pilot[None]) -> str:
        return "".join(
            strip.text
            for widget in pilot.app.screen.query(
                "DocumentView, StatusLine, VirtualList, DocumentInfo, AnnotatorLabels Static"
            )
            for strip in widget.render_lines(Region(0, 0, *widget.size))
        )

    async with reviewing(workspace_of(tmp_path / "labels"), (60, 20)) as pilot:
        assert leaks(drawn(pilot)) == []
        await pilot.press("enter")
        for number in range(1, 5):
            await until(pilot, partial(in_header, pilot, f"{number} of 4"))
            await until(pilot, lambda: "[red]: News" in annotator_labels(pilot))
            assert leaks(drawn(pilot)) == []
            await pilot.press("end")
            assert leaks(drawn(pilot)) == []
            await pilot.press("b", "right")


async def test_the_agreement_opens_the_documents_of_a_cell(workspace: Workspace) -> None:
    def page(pilot: Pilot[None]) -> list[str]:
        lines = str(pilot.app.screen.query_one("#page", Static).render()).splitlines()
        return [" ".join(line.split()) for line in lines]

    async with running(workspace, AgreementScreen) as pilot:
        await until(pilot, lambda: "ann and ben" in line(pilot, "header"))
        header = "corpuscope agreement ann and ben 4 documents 1 of 2"
        assert words(pilot, "header") == header
        for key in ("right", "right"):
            await pilot.press(key)
        assert words(pilot, "header") == header
        assert "ann and ben: the same category for 2 of 4 documents, 50 % (15-85)." in page(pilot)
        assert any(row.startswith("│ ann ↓ ben → ") for row in page(pilot))
        assert any(row.startswith("│ News 1 · 1 1 3 ") for row in page(pilot))
        assert "share of" not in " ".join(
            page(pilot)
        )  # four documents cannot tell whether the reader matters
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReviewScreen) and len(listed(pilot)) == 2)
        assert "ann News, ben Creative" in line(pilot, "header")
        # a search stays within these documents
        await pilot.press("slash", *"spring", "enter")
        await until(pilot, lambda: in_filters(pilot, "text 'spring'  category") and len(listed(pilot)) == 2)
        await pilot.press("slash", *"rolls", "enter")
        await until(pilot, lambda: listed(pilot) == [NO_LABEL_LEFT])
        await pilot.press("escape")
        await until(pilot, lambda: len(listed(pilot)) == 2)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, AgreementScreen))
        await pilot.press("right", "m")
        await until(pilot, lambda: "ann, 1st and 2nd reading" in line(pilot, "header"))
        assert any("agree: all readers of a document gave it the same category" in row for row in page(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReviewScreen) and len(listed(pilot)) == 3)


async def test_the_agreement_without_repeated_labels_says_what_to_do(tmp_path: Path) -> None:
    async with running(workspace_of(tmp_path / "labels"), AgreementScreen, (60, 20)) as pilot:
        page = pilot.app.screen.query_one("#page", Static)
        await until(pilot, lambda: "Nobody labelled a document twice" in str(page.render()))
        await pilot.press("enter", "right", "a")
        await until(
            pilot,
            lambda: (
                isinstance(pilot.app.screen, AdjudicateScreen) and "is no document" in document_text(pilot)
            ),
        )
        await pilot.press("1", "u", "b", "right", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, AgreementScreen))


async def test_each_disagreement_is_settled_by_one_key_and_the_labels_stay(workspace: Workspace) -> None:
    async with running(workspace, AdjudicateScreen) as pilot:
        await until(pilot, lambda: "0 of 3 settled" in line(pilot, "header"))
        await until(pilot, lambda: "ann, 2nd reading: Creative" in annotator_labels(pilot))
        assert words(pilot, "header") == "corpuscope adjudicate 0 of 3 settled this is 1 web draw 0"
        bar = pilot.app.screen.query_one(CategoryBar)
        assert "◂" not in bar.text
        await pilot.press("w")
        await until(
            pilot, lambda: "1 of 3 settled" in line(pilot, "header") and "Prague" in document_text(pilot)
        )
        assert "could be [red]fiction[/red]" in annotator_labels(pilot)
        assert "it has a plot" in annotator_labels(pilot)
        note = "note: could be [red]fiction[/red]"
        await until(pilot, lambda: words(pilot, "last") == f"final: News · web · u to undo {note}")
        await pilot.press("5")
        await until(pilot, lambda: "2 of 3 settled" in line(pilot, "header"))
        assert workspace.ledger.decisions().finals(SCHEME) == {
            a_document(0).key: "News",
            a_document(1).key: "Creative",
        }
        await until(pilot, lambda: "market" in document_text(pilot))
        await pilot.press("u")
        await until(
            pilot, lambda: "1 of 3 settled" in line(pilot, "header") and "Prague" in document_text(pilot)
        )
        assert "undone: Creative" in line(pilot, "last")
        await pilot.press("4")
        await until(pilot, lambda: "2 of 3" in line(pilot, "header") and "market" in document_text(pilot))
        await pilot.press("2")
        await until(pilot, lambda: "3 of 3 settled" in line(pilot, "header"))
        assert "every disagreement is settled" in line(pilot, "last")
        await until(pilot, lambda: "Advertising ◂" in bar.text)
        assert labels_of(workspace, 1) == {"ann": "News", "ben": "Creative"}
    events = workspace.ledger.decisions().adjudicated
    assert {final.annotator for final in events.values()} == {"ann"}


async def test_settled_disagreements_are_skipped_and_can_be_revisited(workspace: Workspace) -> None:
    with Scribe(workspace.paths.labels, "s3", "cem") as cem:
        cem.write(EventKind.ADJUDICATE, a_document(0, "plain words"), category="Forum")
    async with running(workspace, AdjudicateScreen, (60, 20)) as pilot:
        await until(
            pilot, lambda: "1 of 3 settled" in line(pilot, "header") and "Prague" in document_text(pilot)
        )
        await pilot.press("left")
        await until(pilot, lambda: "final: Forum by cem" in annotator_labels(pilot))
        await pilot.press("u")
        await until(pilot, lambda: "0 of 3 settled" in line(pilot, "header"))
        assert "final" not in annotator_labels(pilot)
        await pilot.press("left", "right", "right", "right", "right")
        await until(pilot, lambda: "this is 3" in line(pilot, "header"))


async def test_only_disagreements_of_the_named_corpora_are_shown(workspace: Workspace) -> None:
    def books(workspace: Workspace) -> AdjudicateScreen:
        return AdjudicateScreen(workspace, ("books",))

    async with running(workspace, books) as pilot:
        await until(pilot, lambda: NONE in document_text(pilot))


async def test_review_and_agreement_open_from_the_corpora_and_from_the_summary(workspace: Workspace) -> None:
    async with running(workspace, CorporaScreen) as pilot:
        for keys in (("r",), ("tab", "r")):
            await pilot.press(*keys)
            await until(pilot, lambda: isinstance(pilot.app.screen, ReviewScreen))
            await pilot.press("escape")
            await until(pilot, lambda: not isinstance(pilot.app.screen, ReviewScreen))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, AgreementScreen))
