"""A fault in a worker is shown on the screen, also one that nobody expected, and for as long as it lasts."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import Paths, Settings
from corpuscope.corpora.parse import corpus_for
from corpuscope.domain.clock import Clock
from corpuscope.errors import LedgerError
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.session.ledger import Ledger
from corpuscope.session.study_plan import ANY_CORPUS, StudyRequest
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp, screen_opener
from corpuscope.tui.screens.summary import SummaryScreen
from corpuscope.tui.widgets.document_view import DocumentView
from on_screen import message, page_text
from published import write_published
from waiting import until


class FaultyLedger(Ledger):
    """Cannot be read, for a reason that nobody expected."""

    def decisions(self) -> Decisions:
        """Fail."""
        raise ZeroDivisionError("of all things")

    past_decisions = decisions


class UnreachableLedger(Ledger):
    """Cannot be read for a while, as on a disk of the network."""

    is_reachable = True

    def decisions(self) -> Decisions:
        """Read the ledger, or fail."""
        if not self.is_reachable:
            raise LedgerError("the labels cannot be read: the disk is away")
        return super().decisions()


def a_workspace(folder: Path, kind: type[Ledger] = FaultyLedger) -> Workspace:
    paths = Paths(folder / "labels", None, folder / "config.toml", folder / "cache", folder / "log")
    scheme = load_scheme(None)
    return Workspace(paths, Settings(), scheme, annotator="ann", ledger=kind(paths, scheme, Clock()))


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


async def test_an_error_goes_when_the_ledger_can_be_read_again_though_nothing_changed_in_it(
    tmp_path: Path,
) -> None:
    write_published(tmp_path / "labels")
    workspace = a_workspace(tmp_path, UnreachableLedger)
    ledger = workspace.ledger
    assert isinstance(ledger, UnreachableLedger)
    app = CorpuscopeApp(workspace, first=screen_opener("Summary"))
    async with app.run_test() as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, SummaryScreen)
        await until(pilot, lambda: "c4" in page_text(pilot))
        ledger.is_reachable = False
        screen.refresh_data()
        await until(pilot, lambda: "the disk is away" in message(pilot))
        assert "c4" in page_text(pilot)
        ledger.is_reachable = True
        screen.refresh_data()
        await until(pilot, lambda: not message(pilot))
