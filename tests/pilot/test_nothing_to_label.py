"""Screens that have nothing to show: a terminal that is too small, no document left, no label yet."""

from __future__ import annotations

from pathlib import Path

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, Static
from textual.widgets.input import Selection

from app_fakes import a_workspace, running
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp, screen_opener
from corpuscope.tui.screens.help import HelpScreen
from corpuscope.tui.screens.labelling import LabellingScreen
from corpuscope.tui.screens.note import NoteScreen
from corpuscope.tui.widgets.category_bar import CategoryBar
from corpuscope.tui.widgets.document_info import DocumentInfo
from corpuscope.tui.widgets.document_view import DocumentView
from corpuscope.tui.widgets.find_bar import FindBar
from corpuscope.tui.widgets.rows_panel import RowsPanel
from corpuscope.tui.widgets.virtual_list import VirtualList
from on_screen import document_text, line, page_text
from waiting import until


def is_settled(pilot: Pilot[None]) -> bool:
    return pilot.app.screen.is_mounted and not any(worker.is_running for worker in pilot.app.workers)


async def test_no_key_decides_about_a_document_that_is_not_in_sight(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    async with running(workspace, "demo-crawl", size=(80, 24)) as pilot:
        await pilot.press("2", "slash", *"the", "enter")
        await pilot.resize_terminal(60, 18)
        assert pilot.app.screen.query_one(FindBar).size.height == 0
        await pilot.press("u", "1", "s", "b", "n")
        await pilot.pause()
        assert isinstance(pilot.app.screen, LabellingScreen)
        assert workspace.ledger.decisions().counts("demo-crawl")["Advertising"] == 1
        await pilot.press("question_mark")
        assert isinstance(pilot.app.screen, HelpScreen)


async def test_the_footer_of_the_last_document_names_only_keys_that_work(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), "demo-crawl", size=(80, 24)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, LabellingScreen)

        def reached() -> bool:
            return bool(screen.query("#reached").results(RowsPanel)) and screen.has_class("-reached")

        for _ in range(44):
            await until(pilot, lambda: "no more" in line(pilot, "header") or bool(document_text(pilot)))
            await pilot.press("2")
            await pilot.pause()
            if reached():
                await pilot.press("enter")
        await until(pilot, lambda: document_text(pilot).startswith("All documents are labelled."))
        waiting = "← back  u undo  tab summary  h corpora  ? help  q quit"
        assert line(pilot, "keys") == waiting
        view, info = screen.query_one(DocumentView), screen.query_one(DocumentInfo)
        bar = screen.query_one(CategoryBar)
        assert (view.head, view.foot, info.text) == ("", "", "")
        await pilot.press("left")
        await pilot.pause()
        assert line(pilot, "keys").startswith("←→ move  esc return  b bookmark  n note  / find  ")
        assert view.head == "document 44 · 1 back · labelled Advertising"
        assert "Advertising ◂" in bar.text
        await pilot.press("escape")
        assert line(pilot, "keys") == waiting
        assert (view.head, view.foot, info.text) == ("", "", "")
        assert "◂" not in bar.text


async def test_a_review_without_labels_says_so(tmp_path: Path) -> None:
    app = CorpuscopeApp(a_workspace(tmp_path), first=screen_opener("Review"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "0 of 0" in line(pilot, "header"))
        labels = app.screen.query_one(VirtualList)
        assert "".join(text for text, _ in labels.runs(2)).strip() == (
            "No labels yet. Label a document and come back."
        )


async def test_a_marked_corpus_is_announced_where_enter_is_explained(tmp_path: Path) -> None:
    workspace: Workspace = a_workspace(tmp_path)
    async with running(workspace, size=(80, 24)) as pilot:
        await until(pilot, lambda: is_settled(pilot))
        start = pilot.app.screen.query_one("#start", RowsPanel)
        assert "the corpus under the cursor" in start.text
        await pilot.press("space", "down", "space")
        assert "the 2 marked corpora, mixed and blind" in start.text


async def test_a_text_that_is_too_long_is_refused_and_that_is_said(tmp_path: Path) -> None:
    async with running(a_workspace(tmp_path), "demo-crawl", size=(80, 24)) as pilot:
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, NoteScreen))
        hint = pilot.app.screen.query_one(Static)
        field = pilot.app.screen.query_one(Input)
        field.post_message(events.Paste("x" * 2_001))
        await until(
            pilot, lambda: str(hint.content) == "2,001 pasted characters not added: at most 2,000 characters"
        )
        assert field.value == ""
        field.post_message(events.Paste("kept"))
        await until(pilot, lambda: "enter saves" in str(hint.content))
        assert field.value == "kept"


async def test_an_agreement_of_nobody_names_no_key_for_disagreements(tmp_path: Path) -> None:
    app = CorpuscopeApp(a_workspace(tmp_path), first=screen_opener("Agreement"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Nobody labelled" in page_text(pilot))
        assert line(pilot, "keys") == "esc back  ? help  q quit"


async def test_pasted_text_labels_nothing_and_a_field_says_what_became_of_it(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    async with running(workspace, "demo-crawl") as pilot:
        shown = document_text(pilot)
        pilot.app.post_message(events.Paste("1234567s" * 500))
        await until(pilot, lambda: line(pilot, "last") == "4,000 pasted characters ignored: no field is open")
        assert document_text(pilot) == shown
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        field = pilot.app.screen.query_one(Input)
        hint = pilot.app.screen.query_one(Static)
        pilot.app.post_message(events.Paste("caf\xe9\n\x1b[31m\u6f22\u5b57 1\r\n"))
        await until(
            pilot, lambda: str(hint.content).endswith("2 lines became one · 1 control character left out")
        )
        assert field.value == "caf\xe9 [31m\u6f22\u5b57 1"
        pilot.app.post_message(events.Paste("x" * 3000))
        await until(
            pilot, lambda: str(hint.content) == "3,000 pasted characters not added: at most 2,000 characters"
        )
        field.action_select_all()
        pilot.app.post_message(events.Paste("y" * 2000))
        await until(pilot, lambda: field.value == "y" * 2000)
        field.selection = Selection(1990, 2000)
        for size in (11, 10):
            pilot.app.post_message(events.Paste("z" * size))
        await until(pilot, lambda: field.value == "y" * 1990 + "z" * 10)
        await pilot.press("escape", "slash")
        pilot.app.post_message(events.Paste("z" * 300))
        await until(
            pilot,
            lambda: str(pilot.app.screen.query_one("#find-count", Static).content) == "at most 200 letters",
        )
    assert len(workspace.ledger.decisions()) == 0
