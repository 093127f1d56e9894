"""What going over 100,000 labels costs: opening, filtering, moving, searching, beside the bare operation of each.

Milliseconds depend on the machine; the ratios, each taken in turns with its rival in one run, are what counts. Run
as `python -m benchmarks.review`; `--labels 10000` takes a tenth of the time.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import cycle
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
from benchmarks.ledger import SCHEME, filled, peak
from benchmarks.rows import BenchmarkRow, add_row
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import DataTable

from corpuscope.config.settings import Paths, Settings
from corpuscope.ledger.read.arrow_columns import NEEDED
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.ledger.read.records import LabelQuery
from corpuscope.ledger.read.search import search
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.screens.review import ReviewScreen
from corpuscope.tui.widgets.virtual_list import VirtualList

KEYS = 60
"""Moves of each kind that are measured."""
MOVES = ("one row down, painted", "one page down, painted", "to the other end, painted")
NEEDLE = "lazy again and"
FILTERS = {
    "category": LabelQuery(category="News"),
    "disputed": LabelQuery(disputed=True),
    "bookmarked": LabelQuery(bookmarked=True),
    "latest first": LabelQuery(latest=True),
}

Measured = tuple[str, float, str, float]
"""What was measured in milliseconds, its rival, and that one's milliseconds."""


def main() -> None:
    """Prints one table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--labels", type=int, default=100_000)
    labels: int = asked.parse_args().labels
    with tempfile.TemporaryDirectory() as name:
        folder = filled(Path(name) / "labels", labels)
        print(f"{labels:,} labels, texts of 3,000 characters in all of them\n")
        print(f"{'':44}{'ms':>9}  {'rival':40}{'ms':>9}{'ratio':>8}")
        for what, own, rival, bare in (*headless(folder), *on_screen(folder, labels)):
            ratio = f"{own / bare:8.2f}" if bare else ""
            print(f"{what:44}{own:9.2f}  {rival:40}{bare:9.2f}{ratio}")
            if bare:
                add_row(BenchmarkRow(f"{labels:,} labels: {what}", rival, own / bare))
        print()
        for what, measure in (
            ("an app with nothing in it", _empty_app),
            ("the review", _review_app),
            ("a DataTable of the same rows", _table_app),
        ):
            print(f"peak memory of {what:30}{_peak(measure, folder, labels):8.0f} MB")


def headless(folder: Path) -> Iterator[Measured]:
    """Without a screen."""
    reader = LedgerReader(folder)
    files = sorted(folder.glob("*/*.parquet"))
    own = _timed(reader.read)
    bare = _timed(lambda: [pq.read_table(file, columns=list(NEEDED)) for file in files])
    yield "open: read what decides", own, "pyarrow reads the same columns", bare
    decisions = reader.read()
    yield "open: make the list", _timed(lambda: decisions.label_index(SCHEME)), "the same", bare
    catalogue = decisions.label_index(SCHEME)
    column = pq.read_table(files, columns=["category"])["category"]
    bare = _median(lambda: pc.filter(column, pc.equal(column, "News")))
    for name, sought in FILTERS.items():
        yield f"filter: {name}", _median(lambda s=sought: catalogue.find(s)), "pyarrow filters a column", bare  # type: ignore[misc]

    def scan() -> int:
        found = 0
        for file in files:
            texts = pq.read_table(file, columns=["text"])["text"]
            found += pc.sum(pc.match_substring(texts, NEEDLE, ignore_case=True)).as_py() or 0
        return found

    own = _median(lambda: [each.events for each in search(folder, NEEDLE)], 3)
    yield "search every text", own, "pyarrow matches the text column", _median(scan, 3)


def on_screen(folder: Path, labels: int) -> Iterator[Measured]:
    """Both apps in one process without a terminal."""
    own, bare = asyncio.run(_keys(_workspace(folder), labels))
    for key in own:
        yield key, own[key], "a DataTable of the same rows" if key in bare else "", bare.get(key, 0.0)


class Table(App[None]):
    """A DataTable, as one would write it first."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._decisions = workspace.decisions()

    def compose(self) -> ComposeResult:
        """One table."""
        yield DataTable[str](cursor_type="row")

    def on_mount(self) -> None:
        """All rows at once."""
        table = self.query_one(DataTable)
        table.add_columns("category", "corpus", "draw", "who", "characters")
        table.add_rows(
            (d.category or "", d.corpus, f"{d.draw + 1:,}", d.annotator, f"{d.characters:,}")
            for d in self._decisions.by_draw()
        )


def _app(workspace: Workspace) -> CorpuscopeApp:
    return CorpuscopeApp(workspace, first=ReviewScreen)


def _workspace(folder: Path) -> Workspace:
    paths = Paths(folder, None, folder / "config.toml", folder / "cache", folder / "log")
    return Workspace(paths, Settings(), SCHEME, annotator="me")


async def _keys(workspace: Workspace, labels: int) -> tuple[dict[str, float], dict[str, float]]:
    """Milliseconds by what was done: in the review, in the table."""
    own: dict[str, float] = {}
    bare: dict[str, float] = {}
    start = time.perf_counter()
    async with _app(workspace).run_test(size=(120, 40)) as pilot:
        listing = pilot.app.screen.query_one(VirtualList)
        await _listed(pilot, labels)
        own["the first list"] = 1e3 * (time.perf_counter() - start)
        ends = _in_turns(listing.action_scroll_end, listing.action_scroll_home)
        moves = (listing.action_scroll_down, listing.action_page_down, ends)
        own |= dict(zip(MOVES, (_painted(listing, move) for move in moves), strict=True))
        start = time.perf_counter()
        await pilot.press("t")
        while listing.count == labels:
            await pilot.pause()
        own["a filter's key, to the new list"] = 1e3 * (time.perf_counter() - start)
    start = time.perf_counter()
    async with Table(workspace).run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        bare["the first list"] = 1e3 * (time.perf_counter() - start)
        table = pilot.app.screen.query_one(DataTable)
        ends = _in_turns(table.action_scroll_bottom, table.action_scroll_top)
        steps = (table.action_cursor_down, table.action_page_down, ends)
        bare |= dict(zip(MOVES, (_painted(table, move) for move in steps), strict=True))
    return own, bare


def _in_turns(*moves: Callable[[], object]) -> Callable[[], object]:
    following = cycle(moves)

    def move() -> object:
        return next(following)()

    return move


async def _listed(pilot: Pilot[None], labels: int) -> None:
    while pilot.app.screen.query_one(VirtualList).count != labels:
        await pilot.pause()


def _painted(widget: Widget, move: Callable[[], object]) -> float:
    """Median milliseconds to move and to make every line of the frame after it."""
    window = widget.size.region

    def frame() -> None:
        move()
        widget.render_lines(window)

    return _median(frame, KEYS)


async def _empty_app(folder: Path, labels: int) -> None:  # noqa: ARG001 - measured like the others
    async with App[None]().run_test(size=(120, 40)) as pilot:
        await pilot.pause()


async def _review_app(folder: Path, labels: int) -> None:
    async with _app(_workspace(folder)).run_test(size=(120, 40)) as pilot:
        await _listed(pilot, labels)


async def _table_app(folder: Path, labels: int) -> None:  # noqa: ARG001 - measured like the others
    async with Table(_workspace(folder)).run_test(size=(120, 40)) as pilot:
        await pilot.pause()


def _peak(measure: Callable[[Path, int], Awaitable[None]], folder: Path, labels: int) -> float:
    """Megabytes a process of its own takes at most."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_run_alone, (measure, folder, labels))


def _run_alone(measure: Callable[[Path, int], Awaitable[None]], folder: Path, labels: int) -> float:
    async def run() -> None:
        await measure(folder, labels)

    asyncio.run(run())
    return peak() / 1024**2


def _timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return 1e3 * (time.perf_counter() - start)


def _median(action: Callable[[], object], times: int = 15) -> float:
    return statistics.median(_timed(action) for _ in range(times))


if __name__ == "__main__":
    main()
