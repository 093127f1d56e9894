"""Browsing: documents of a stream of their own, of which nothing counts, from where the last time ended."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import Paths, Settings
from corpuscope.corpora.known import KNOWN
from corpuscope.errors import LedgerError
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.session.browsing import FOLDER, PLACES, Browsing, Place, Places, UnplannedFeed
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp, screen_opener
from corpuscope.tui.screens.browse import NOT_COUNTED
from corpuscope.tui.screens.corpora import CorporaScreen
from corpuscope.tui.widgets.category_bar import CategoryBar
from corpuscope.tui.widgets.document_info import DocumentInfo
from corpuscope.tui.widgets.document_view import DocumentView
from on_screen import line
from session_fakes import ListFeed
from waiting import until

CORPUS = KNOWN["demo-synth"].corpus


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    paths = Paths(tmp_path / "labels", None, tmp_path / "config.toml", tmp_path / "cache", tmp_path / "log")
    return Workspace(paths, Settings(), load_scheme(None), annotator="ann")


@asynccontextmanager
async def browsing(workspace: Workspace) -> AsyncIterator[Pilot[None]]:
    opener = screen_opener("Browse", corpus=CORPUS)
    async with CorpuscopeApp(workspace, first=opener).run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "draw" in info(pilot))
        yield pilot


def info(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one(DocumentInfo).text


def title(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one(DocumentView).head


async def test_browsing_labels_nothing_keeps_bookmarks_apart_and_goes_on_where_it_was(
    workspace: Workspace,
) -> None:
    labels = workspace.paths.labels
    async with browsing(workspace) as pilot:
        assert title(pilot) == "draw 0"
        bar = pilot.app.screen.query_one(CategoryBar)
        assert not any(text and "$accent" in style for y in range(7) for text, style in bar.runs(y))
        await pilot.press("1")
        hint = "nothing is labelled here; corpuscope label demo-synth does"
        await until(pilot, lambda: line(pilot, "last") == hint)
        assert line(pilot, "header").split("  ")[:3] == ["corpuscope", "browse", CORPUS.title]
        assert line(pilot, "header").endswith("  0 read this time")
        assert line(pilot, "keys").startswith("enter next  ← back  b bookmark  n note  / find  g guide  ")
        await pilot.press("b", "enter")
        await until(pilot, lambda: title(pilot) == "draw 1")
        assert line(pilot, "last") == NOT_COUNTED
        await pilot.press("left")
        await until(pilot, lambda: title(pilot) == "draw 0 · 1 back · ★ bookmarked")
        assert info(pilot).startswith("★ bookmarked\n")
        assert "draw 0" in " ".join(info(pilot).split())
        await pilot.press("enter")
        await until(pilot, lambda: title(pilot) == "draw 1")
        assert "1 read this time" in line(pilot, "header")
    async with browsing(workspace) as pilot:
        assert title(pilot) == "draw 1"
        await pilot.press("h")
        await until(pilot, lambda: isinstance(pilot.app.screen, CorporaScreen))
    assert workspace.plan.read() is None
    assert len(LedgerReader(labels).read()) == 0
    [kept] = LedgerReader(labels / FOLDER).read().notes()
    assert (kept.corpus, kept.bookmarked) == ("demo-synth", True)


def test_documents_of_the_plan_are_passed_over() -> None:
    feed = ListFeed("a", 0, 4)
    planned = {feed.documents[0].id, feed.documents[2].id}
    unplanned = UnplannedFeed(feed, planned)
    taken = [unplanned.take(), unplanned.take(), unplanned.take()]
    assert [document.draw if document else None for document in taken] == [1, 3, None]


def test_every_planned_document_of_a_corpus_on_this_machine_is_known(workspace: Workspace) -> None:
    plan = workspace.plan.ensure_planned(workspace.plan.request((CORPUS.key,)))
    entry = plan.corpora[CORPUS.key]
    browsing = Browsing(workspace, CORPUS)
    assert browsing.planned_documents(entry, plan.seed) == frozenset()  # its files are not pinned yet
    pinned = replace(entry, revision="x")
    assert len(browsing.planned_documents(pinned, plan.seed)) == entry.labels


def test_a_place_is_kept_for_each_corpus_and_a_damaged_file_is_named(tmp_path: Path) -> None:
    places = Places(tmp_path / FOLDER / PLACES)
    fresh = places.of("c4")
    places.save("c4", Place(fresh.seed, 7))
    places.save("web", Place(3, 1))
    assert places.of("c4") == Place(fresh.seed, 7)
    for content in ("[]", "{", '{"c4": {"seed": -1, "draw": 0}}', '{"c4": {"seed": true, "draw": 0}}'):
        (tmp_path / FOLDER / PLACES).write_text(content)
        with pytest.raises(LedgerError, match=PLACES):
            places.of("c4")


async def test_after_the_last_document_nothing_is_called_labelled_and_the_next_start_begins_again(
    workspace: Workspace,
) -> None:
    Places(workspace.paths.labels / FOLDER / PLACES).save(CORPUS.key, Place(3, 10_000))
    opener = screen_opener("Browse", corpus=CORPUS)
    async with CorpuscopeApp(workspace, first=opener).run_test(size=(100, 30)) as pilot:
        view = pilot.app.screen.query_one(DocumentView)
        await until(pilot, lambda: view.find("Every document outside the plan") == 1)
        assert view.find("labelled") == 0
        assert view.find("The next start begins again · ←: go back · q: quit") == 1
    assert Places(workspace.paths.labels / FOLDER / PLACES).of(CORPUS.key) == Place(3, 0)
