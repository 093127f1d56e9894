"""Takes the pictures of the README: runs the app on the demo corpora without a terminal and exports what it shows."""

import asyncio
import tempfile
from pathlib import Path

from corpuscope.config.paths import Paths
from corpuscope.config.settings import Settings
from corpuscope.domain.clock import Clock
from corpuscope.domain.scheme_file import load_scheme
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp

PICTURES = Path(__file__).parent / "pictures"
SIZE = (110, 32)
ANSWERS = "2152435142165234251542165"
"""Keys pressed before the pictures are taken, so that there is something to see."""


class ReadingClock(Clock):
    """A clock on which every look at a document takes a few seconds, as it does for a person."""

    def __init__(self) -> None:
        self.read = 0.0

    def monotonic(self) -> float:
        """Seconds, those of reading added."""
        return super().monotonic() + self.read


async def take(folder: Path) -> None:
    """Labels some demo documents and exports the screens on the way."""
    paths = Paths(folder / "labels", None, folder / "config.toml", folder / "cache", folder / "log")
    clock = ReadingClock()
    workspace = Workspace(paths, Settings(), load_scheme(None), annotator="reader", clock=clock)
    corpora = workspace.plan_corpora(["demo-crawl", "demo-filtered", "demo-edu"], seed=20)
    with workspace.opened():
        app = CorpuscopeApp(workspace, corpora)
        async with app.run_test(size=SIZE) as pilot:
            await settled(pilot)
            for key in ANSWERS:
                clock.read += 9
                await pilot.press(key)
                await pilot.pause(0.05)
            save(app, "labelling")
            await pilot.press("g")
            await pilot.pause(0.2)
            save(app, "guide")
            await pilot.press("g", "tab")
            await settled(pilot)
            save(app, "summary")
            await pilot.press("d")
            await settled(pilot)
            save(app, "compare")
            await pilot.press("tab", "tab", "h")
            await settled(pilot)
            save(app, "corpora")


async def settled(pilot: object) -> None:
    """Lets workers and timers have their say."""
    from textual.pilot import Pilot

    assert isinstance(pilot, Pilot)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause(0.5)


def save(app: CorpuscopeApp, name: str) -> None:
    """Writes what is on screen as SVG."""
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / f"{name}.svg").write_text(app.export_screenshot(title="corpuscope"), "utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(take(Path(temporary)))
