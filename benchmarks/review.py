"""Time of reviewing 100,000 labels - open, filter, move, search - relative to the bare operation of each.

Milliseconds depend on the machine; the ratios, each to a baseline in the same run, are what counts. Run as
`python -m benchmarks.review`; `--labels 10000` takes a tenth of the time.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
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
"""Number of moves of each kind to measure."""
MOVES = ("one row down, painted", "one page down, painted", "to the other end, painted")
NEEDLE = "lazy again and"
FILTERS = {
    "category": LabelQuery(category="News"),
    "disputed": LabelQuery(disputed=True),
    "bookmarked": LabelQuery(bookmarked=True),
    "latest first": LabelQuery(latest=True),
}

Measured = tuple[str, float, str, float]
"""Name and milliseconds of a measurement, name and milliseconds of its baseline."""


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=int, default=100_000)
    labels: int = parser.parse_args().labels
    with tempfile.TemporaryDirectory() as temporary:
        folder = filled(Path(temporary) / "labels", labels)
        print(f"{labels:,} labels, texts of 3,000 characters in all of them\n")
        print(f"{'':44}{'ms':>9}  {'rival':40}{'ms':>9}{'ratio':>8}")
        for name, own_ms, baseline, baseline_ms in (*headless(folder), *on_screen(folder, labels)):
            ratio = f"{own_ms / baseline_ms:8.2f}" if baseline_ms else ""
            print(f"{name:44}{own_ms:9.2f}  {baseline:40}{baseline_ms:9.2f}{ratio}")
            if baseline_ms:
                add_row(BenchmarkRow(f"{labels:,} labels: {name}", baseline, own_ms / baseline_ms))
        print()
        for name, measure in (
            ("an app with nothing in it", _empty_app),
            ("the review", _review_app),
            ("a DataTable of the same rows", _table_app),
        ):
            print(f"peak memory of {name:30}{_peak(measure, folder, labels):8.0f} MB")


def headless(folder: Path) -> Iterator[Measured]:
    """Measure reading, filtering and searching without a screen."""
    reader = LedgerReader(folder)
    files = sorted(folder.glob("*/*.parquet"))
    own_ms = _timed(reader.read)
    baseline_ms = _timed(lambda: [pq.read_table(file, columns=list(NEEDED)) for file in files])
    yield "open: read what decides", own_ms, "pyarrow reads the same columns", baseline_ms
    decisions = reader.read()
    yield "open: make the list", _timed(lambda: decisions.label_index(SCHEME)), "the same", baseline_ms
    index = decisions.label_index(SCHEME)
    column = pq.read_table(files, columns=["category"])["category"]
    baseline_ms = _median(lambda: pc.filter(column, pc.equal(column, "News")))
    for name, query in FILTERS.items():
        own_ms = _median(partial(index.find, query))
        yield f"filter: {name}", own_ms, "pyarrow filters a column", baseline_ms

    def scan() -> int:
        matches = 0
        for file in files:
            texts = pq.read_table(file, columns=["text"])["text"]
            matches += pc.sum(pc.match_substring(texts, NEEDLE, ignore_case=True)).as_py() or 0
        return matches

    own_ms = _median(lambda: [result.events for result in search(folder, NEEDLE)], 3)
    yield "search every text", own_ms, "pyarrow matches the text column", _median(scan, 3)


def on_screen(folder: Path, labels: int) -> Iterator[Measured]:
    """Measure the review and a DataTable in one process, without a terminal."""
    review, table = asyncio.run(_keys(_workspace(folder), labels))
    for action in review:
        baseline = "a DataTable of the same rows" if action in table else ""
        yield action, review[action], baseline, table.get(action, 0.0)


class Table(App[None]):
    """The baseline: the same rows in a DataTable."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._decisions = workspace.ledger.decisions()

    def compose(self) -> ComposeResult:
        """Yield the table."""
        yield DataTable[str](cursor_type="row")

    def on_mount(self) -> None:
        """Add all rows."""
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
    """Return milliseconds by action, of the review and of the table."""
    review: dict[str, float] = {}
    table: dict[str, float] = {}
    start = time.perf_counter()
    async with _app(workspace).run_test(size=(120, 40)) as pilot:
        listing = pilot.app.screen.query_one(VirtualList)
        await _listed(pilot, labels)
        review["the first list"] = 1e3 * (time.perf_counter() - start)
        ends = _in_turns(listing.action_scroll_end, listing.action_scroll_home)
        moves = (listing.action_scroll_down, listing.action_page_down, ends)
        review |= dict(zip(MOVES, (_painted(listing, move) for move in moves), strict=True))
        start = time.perf_counter()
        await pilot.press("t")
        while listing.count == labels:
            await pilot.pause()
        review["a filter's key, to the new list"] = 1e3 * (time.perf_counter() - start)
    start = time.perf_counter()
    async with Table(workspace).run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        table["the first list"] = 1e3 * (time.perf_counter() - start)
        data_table = pilot.app.screen.query_one(DataTable)
        ends = _in_turns(data_table.action_scroll_bottom, data_table.action_scroll_top)
        steps = (data_table.action_cursor_down, data_table.action_page_down, ends)
        table |= dict(zip(MOVES, (_painted(data_table, move) for move in steps), strict=True))
    return review, table


def _in_turns(*moves: Callable[[], object]) -> Callable[[], object]:
    following = cycle(moves)

    def move() -> object:
        return next(following)()

    return move


async def _listed(pilot: Pilot[None], labels: int) -> None:
    while pilot.app.screen.query_one(VirtualList).count != labels:
        await pilot.pause()


def _painted(widget: Widget, move: Callable[[], object]) -> float:
    """Return the median milliseconds to move and to render every line of the next frame."""
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
    """Return the peak megabytes of a process of its own."""
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
