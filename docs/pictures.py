"""Take the pictures of README and docs: run the app on the demo corpora without a terminal and export its screens."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from sequence import Frame, sequence

from corpuscope.config.category_file import load_scheme
from corpuscope.config.named_schemes import scheme_file
from corpuscope.config.settings import Paths, Settings
from corpuscope.corpora.demo import reference_answer
from corpuscope.corpora.parse import corpus_for
from corpuscope.domain.clock import Clock
from corpuscope.domain.mix import Mix
from corpuscope.session.study_plan import StudyOptions
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp, screen_opener
from corpuscope.tui.screens.labelling import LabellingScreen

PICTURES = Path(__file__).parent / "pictures"
SIZE = (110, 32)
LABELS = 100
"""Labels given before the pictures, each the reference answer to its document."""

SHOWN = 2
"""Number of final keys before which the sequence shows the document."""
DESCRIPTION = (
    "Documents are labelled with one key each, then the summary shows shares with intervals, and the "
    "comparison says which differences are established"
)
"""Text alternative of the animation."""


class ReadingClock(Clock):
    """Clock that adds reading time, so that labels take as long as they take a person."""

    def __init__(self) -> None:
        self.reading = 0.0
        """Seconds of reading added so far."""

    def monotonic(self) -> float:
        """Return monotonic seconds plus the reading time."""
        return super().monotonic() + self.reading


async def take(folder: Path) -> None:
    """Label some demo documents and export the screens on the way."""
    paths = Paths(folder / "labels", None, folder / "config.toml", folder / "cache", folder / "log")
    clock = ReadingClock()
    workspace = Workspace(paths, Settings(), load_scheme(None), annotator="reader", clock=clock)
    names = ("demo-crawl", "demo-filtered", "demo-edu")
    with workspace.ledger.opened():
        app = CorpuscopeApp(workspace, workspace.plan.request(names, options=StudyOptions(seed=20)))
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            frames = []
            for i in range(LABELS):
                key = answer(app, workspace)
                if LABELS - i <= SHOWN:
                    frames.append(Frame(picture(app), f"press {key}", 2.2))
                clock.reading += 9
                await pilot.press(key)
                await pilot.pause(0.05)
            save(app, "labelling")
            frames.append(Frame(picture(app), "the label is on disk, the next document is there", 2.8))
            await pilot.press("g")
            await pilot.pause(0.2)
            save(app, "guide")
            await pilot.press("g", "tab")
            await settle(pilot)
            save(app, "summary")
            frames.append(Frame(picture(app), "tab: shares with intervals", 4))
            await pilot.press("d")
            await settle(pilot)
            save(app, "compare")
            frames.append(Frame(picture(app), "d: which differences are established", 4.5))
            (PICTURES / "sequence.svg").write_text(sequence(frames, DESCRIPTION), "utf-8")
            await pilot.press("tab", "tab", "h")
            await settle(pilot)
            save(app, "corpora")


def answer(app: CorpuscopeApp, workspace: Workspace) -> str:
    """Return the key of the reference answer to the document on screen."""
    screen = app.screen
    assert isinstance(screen, LabellingScreen)
    live = screen._live  # noqa: SLF001 - a screen has no reason to say what it shows
    assert live is not None
    assert live.session.shown is not None
    document = live.session.shown.document
    reference = reference_answer(corpus_for(document.corpus), document.address.row)
    category = workspace.scheme.named(reference.category)
    assert category is not None
    return category.key


async def take_formats(folder: Path) -> None:
    """Label some demo documents in 24 categories, in a small terminal."""
    paths = Paths(folder / "labels", None, folder / "config.toml", folder / "cache", folder / "log")
    scheme = load_scheme(scheme_file("weborganizer-formats"))
    workspace = Workspace(paths, Settings(), scheme, annotator="reader", clock=ReadingClock())
    with workspace.ledger.opened():
        app = CorpuscopeApp(workspace, workspace.plan.request(("demo-crawl",), options=StudyOptions(seed=20)))
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            for key in "i6d":
                await pilot.press(key)
                await pilot.pause(0.05)
            await settle(pilot)
            save(app, "formats")


async def take_mixture(folder: Path) -> None:
    """Mix the published labels, which stand in where nothing is labelled."""
    paths = Paths(folder / "labels", None, folder / "config.toml", folder / "cache", folder / "log")
    workspace = Workspace(paths, Settings(), load_scheme(None), annotator="reader")
    workspace.plan.keep_mix("first", Mix({"c4": 30, "fineweb": 20, "fineweb-edu": 50}, 20e9))
    app = CorpuscopeApp(workspace, first=screen_opener("Mixture"))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("down", "down")
        await settle(pilot)
        save(app, "mixture")


async def settle(pilot: object) -> None:
    """Wait for workers and timers."""
    from textual.pilot import Pilot

    assert isinstance(pilot, Pilot)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause(0.5)


def save(app: CorpuscopeApp, name: str) -> None:
    """Write the screen as an SVG file."""
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / f"{name}.svg").write_text(picture(app), "utf-8")


def picture(app: CorpuscopeApp) -> str:
    """Return the screen as SVG."""
    return app.export_screenshot(title="corpuscope")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(take(Path(temporary)))
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(take_formats(Path(temporary)))
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(take_mixture(Path(temporary)))
