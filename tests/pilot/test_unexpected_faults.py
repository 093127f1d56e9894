"""A fault that nobody expected in a worker is shown on the screen, which would else wait for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import Paths, Settings
from corpuscope.corpora.parse import corpus_for
from corpuscope.domain.clock import Clock
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.session.ledger import Ledger
from corpuscope.session.study_plan import ANY_CORPUS, StudyRequest
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.widgets.document_view import DocumentView
from on_screen import message
from waiting import until


class FaultyLedger(Ledger):
    """Cannot be read, for a reason that nobody expected."""

    def decisions(self) -> Decisions:
        """Fail."""
        raise ZeroDivisionError("of all things")

    past_decisions = decisions


def a_workspace(folder: Path) -> Workspace:
    paths = Paths(folder / "labels", None, folder / "config.toml", folder / "cache", folder / "log")
    scheme = load_scheme(None)
    ledger = FaultyLedger(paths, scheme, Clock())
    return Workspace(paths, Settings(), scheme, annotator="ann", ledger=ledger)


@pytest.mark.parametrize("keys", [(), ("tab",), ("r",), ("a",)])
async def test_home_and_results_show_an_unexpected_fault(keys: tuple[str, ...], tmp_path: Path) -> None:
    app = CorpuscopeApp(a_workspace(tmp_path), ANY_CORPUS)
    async with app.run_test() as pilot:
        await pilot.press(*keys)
        await until(pilot, lambda: "ZeroDivisionError: of all things" in message(pilot))
        assert "no label is lost" in message(pilot)


async def test_labelling_shows_an_unexpected_fault(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    with workspace.ledger.opened():
        app = CorpuscopeApp(workspace, StudyRequest((corpus_for("demo-crawl"),)))
        async with app.run_test() as pilot:
            view = pilot.app.screen.query_one(DocumentView)
            await until(pilot, lambda: "ZeroDivisionError" in view.render_line(0).text)
