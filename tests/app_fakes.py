"""Workspaces in a folder of a test, and the app running on them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import Paths, Settings
from corpuscope.domain.category import CategoryScheme
from corpuscope.session.study_plan import NO_OPTIONS, StudyOptions
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.widgets.document_info import DocumentInfo
from waiting import until


def a_workspace(
    folder: Path, settings: Settings | None = None, scheme: CategoryScheme | None = None
) -> Workspace:
    """Return a workspace with every path in `folder`."""
    paths = Paths(folder / "labels", None, folder / "config.toml", folder / "cache", folder / "log")
    return Workspace(paths, settings or Settings(), scheme or load_scheme(None), annotator="reader")


@asynccontextmanager
async def running(
    workspace: Workspace, *names: str, size: tuple[int, int] = (100, 30), blind: bool | None = None
) -> AsyncIterator[Pilot[None]]:
    """Run the app on the corpora of these names, from the moment when the first document is shown."""
    study = workspace.plan.request(names, options=StudyOptions(seed=3) if names else NO_OPTIONS, blind=blind)
    with workspace.ledger.opened():
        app = CorpuscopeApp(workspace, study)
        async with app.run_test(size=size) as pilot:
            if names:
                # the sidebar describes a document only once it is shown
                await until(pilot, lambda: bool(pilot.app.screen.query_one(DocumentInfo).text))
            yield pilot
