"""Second looks in a running app: hidden until the category key, named after it."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import Paths, Settings
from corpuscope.domain.category import Category, CategoryScheme
from corpuscope.session.factories import Relabelling, RunningSession
from corpuscope.session.study_plan import StudyOptions
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.screens.labelling import LabellingScreen
from corpuscope.tui.widgets.document_info import DocumentInfo
from ledger_fakes import Scribe, read
from on_screen import line
from waiting import until

ORIGIN_HIDDEN = "source hidden"


def a_workspace(folder: Path, scheme: CategoryScheme | None = None) -> Workspace:
    paths = Paths(folder / "labels", None, folder / "config.toml", folder / "cache", folder / "log")
    return Workspace(paths, Settings(), scheme or load_scheme(None), annotator="ann")


def running_session(pilot: Pilot[None]) -> RunningSession | None:
    screen = pilot.app.screen
    assert isinstance(screen, LabellingScreen)
    return screen._live


def shown(pilot: Pilot[None]) -> str | None:
    """Return the id of the document on screen."""
    running = running_session(pilot)
    document = running.session.shown if running else None
    return document.document.id if document else None


async def test_nothing_on_screen_reveals_a_second_look_before_its_key(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    study = workspace.plan.request(["demo-crawl", "demo-edu"], options=StudyOptions(seed=3, second_looks=100))
    with workspace.ledger.opened():
        app = CorpuscopeApp(workspace, study)
        async with app.run_test(size=(140, 30)) as pilot:
            await until(pilot, lambda: shown(pilot) is not None)
            seen: set[str | None] = set()
            while (document := shown(pilot)) not in seen:
                seen.add(document)
                await pilot.press("2")
                await until(pilot, lambda: shown(pilot) is not None)
            labelled = len(seen)
            assert f"{labelled} / 80" in line(pilot, "header")
            assert "second" not in line(pilot, "header") + line(pilot, "last")
            assert ORIGIN_HIDDEN in pilot.app.screen.query_one(DocumentInfo).text
            await pilot.press("3")
            assert "previous ● Forum · second reading: you said Advertising before · demo-" in line(
                pilot, "last"
            )
            assert f"{labelled} / 80" in line(pilot, "header")
            await pilot.press("u", "2")
            assert "previous ● Advertising · second reading: same answer as before" in line(pilot, "last")
    repeats = [decision for decision in read(tmp_path / "labels").recent() if decision.look == 2]
    # the first reading was disclosed before the undo
    assert [decision.blind for decision in repeats] == [False]


async def test_a_session_of_second_looks_shows_labelled_documents_and_no_earlier_label(
    tmp_path: Path,
) -> None:
    with Scribe(tmp_path / "labels", "s1", "ann") as scribe:
        for draw in range(30):
            scribe.label(draw, "News")
    workspace = a_workspace(tmp_path)
    plan = workspace.plan_relabelling((), 3)
    assert plan.size == 3
    with workspace.ledger.opened():

        def first(workspace: Workspace) -> LabellingScreen:
            return LabellingScreen(workspace, Relabelling(workspace, plan))

        async with CorpuscopeApp(workspace, first=first).run_test(size=(140, 30)) as pilot:
            await until(pilot, lambda: shown(pilot) is not None)
            assert "second readings  0 / 3" in line(pilot, "header")
            assert "News" not in line(pilot, "last")
            await pilot.press("left")
            assert "no earlier document" in line(pilot, "last")
            await pilot.press("4")
            assert "previous ● News · second reading: same answer as before" in line(pilot, "last")
            await until(pilot, lambda: shown(pilot) is not None)
            await pilot.press("3")
            await until(pilot, lambda: shown(pilot) is not None)
            await pilot.press("s")
            assert "2 / 3" in line(pilot, "header")
            assert shown(pilot) is None
    decisions = read(tmp_path / "labels")
    assert decisions.counts("web") == {"News": 30}
    assert decisions.counts("web", look=2) == {"News": 1, "Forum": 1}
    assert workspace.plan_relabelling((), 3).size == 0
    assert workspace.plan_relabelling((), 5).size == 2


async def test_documents_of_a_split_category_are_relabelled_from_the_ledger(
    tmp_path: Path,
) -> None:
    with Scribe(tmp_path / "labels", "s1", "ann") as scribe:
        for draw in range(4):
            scribe.label(draw, "News" if draw % 2 else "Talk")
    categories = (Category(str(i), name, name) for i, name in enumerate(("News", "Chat", "Comments"), 1))
    workspace = a_workspace(tmp_path, CategoryScheme(tuple(categories), split=("Talk",)))
    plan = workspace.plan_relabelling((), split=True)
    with workspace.ledger.opened():
        screen = LabellingScreen(workspace, Relabelling(workspace, plan))
        async with CorpuscopeApp(workspace, first=lambda _: screen).run_test(size=(100, 30)) as pilot:
            await until(pilot, lambda: shown(pilot) is not None)
            assert "0 / 2" in line(pilot, "header")
            await pilot.press("2")
            await until(pilot, lambda: shown(pilot) is not None)
            await pilot.press("3")
            assert "2 / 2" in line(pilot, "header")
    assert read(tmp_path / "labels").counts("web", scheme=workspace.scheme) == {
        "News": 2,
        "Chat": 1,
        "Comments": 1,
    }
    assert workspace.plan_relabelling((), split=True).size == 0
