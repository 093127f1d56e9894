"""Benchmark of the first documents of the sampler against those of a shuffled stream, on a Hub of real sizes.

    PYTHONPATH=tests:. python benchmarks/sampling.py [--quick] [--only KEY ...]

The Hub is the loopback stand-in with 50 ms per request and one link of 20 MB/s. Its files are written once, in half
a minute and 5 GB. With --quick they are smaller, take 0.5 GB, and no target applies. The baseline of each corpus is
`load_dataset(..., streaming=True).shuffle(seed, buffer_size=10_000)`, which runs once, since a second start would
not be faster. Every start is a separate process, timed from its first instruction, including imports. The full run
takes nine minutes, half of them for the stream of SYNTH, which also takes 15 GB of memory.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.rows import BenchmarkRow, add_row

from corpuscope.corpora.known import KNOWN
from corpuscope.corpora.source import Manifest
from corpuscope.sampling.draws import draws_of
from hub.scale import Size, build_scaled, sizes
from hub.server import StandIn

SEED = 7
LATENCY = 0.05
BANDWIDTH = 20e6
BUFFER = 10_000
FURTHER = 10
"""Number of draws after the first over which bytes and seconds per draw are averaged."""
DRAWS = 2_000
GROUP = 1_000
"""Number of rows in a row group of FineWeb."""
STARTS = 3
"""Number of starts of which the median is reported."""
PACE = 2.0
"""Seconds a fast reader spends on a document."""
READ = 6
"""Number of documents the fast reader reads."""


@dataclass(frozen=True, slots=True)
class Target:
    """Targets of the sampler for one corpus, as ratios to the stream."""

    cold: float
    """Speed-up to the first document of a first start."""
    warm: float
    """Speed-up to the first document of a later start."""
    bytes: float
    """Reduction of the bytes to the first document."""
    memory: float
    """Largest peak memory in GB."""


TARGETS = {
    "c4": Target(1.8, 2.5, 50, 0.25),
    "fineweb": Target(12, 35, 80, 0.4),
    "fineweb-edu": Target(10, 25, 80, 0.35),
    "synth": Target(50, 50, 500, 0.35),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Measurements of the sampler for one corpus."""

    cold: float
    """Speed-up to the first document of a first start."""
    warm: float
    """Speed-up to the first document of a later start."""
    bytes: float
    """Reduction of the bytes to the first document."""
    memory: float
    """Peak memory in GB."""
    fit: float
    """p-value of a test that row positions are uniform."""


@dataclass(frozen=True, slots=True)
class Start:
    """One start of the sampler or of the stream."""

    seconds: float
    """Seconds to the first document."""
    bytes: int
    """Bytes that the Hub sent until then."""
    further: int
    """Bytes that the Hub sent after that."""
    files: int
    """Number of data files that were read."""
    facts: dict[str, Any]
    """Facts that the process reported when it ended."""


def start(hub: StandIn, home: Path, probe: str, key: str, *arguments: object) -> Start:
    """Run a probe in a separate process."""
    hub.reset()
    environment = os.environ | {
        "HF_ENDPOINT": hub.endpoint,
        "HF_HOME": str(home),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_UPDATE_DOWNLOAD_COUNTS": "0",
    }
    command = [sys.executable, __file__, "--probe", probe, key, *map(str, arguments)]
    began = time.monotonic()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        seconds, first = time.monotonic() - began, hub.sent
        facts = json.loads(process.stdout.readline() or "{}")
    if process.returncode:
        raise SystemExit(f"{probe} {key} failed")
    files = {call.path for call in hub.finished_calls() if call.path.startswith("/storage/")}
    return Start(seconds, first, hub.sent - first, len(files), facts)


def report(**facts: object) -> None:
    """Report facts to the parent process."""
    print(json.dumps(facts), flush=True)


def memory() -> float:
    """Return the peak memory of this process in GB, without the parent's, which getrusage would include."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1e6


def probe_ours(key: str, cache: str, revision: str) -> None:
    """Fetch the first draw, then more; at a later start those after them, of which nothing is cached."""
    from corpuscope.corpora.hub_source import HubSource

    source = HubSource(KNOWN[key].corpus, revision or None, Path(cache))
    manifest = source.manifest()
    draws = draws_of(manifest, SEED)
    first = FURTHER + 1 if revision else 0
    for draw in range(first, first + FURTHER + 1):
        target = draws.first(draw)
        assert target is not None
        row = draws.row(target, source.rows(target.shard), ())
        assert row is not None
        source.fetch(target.shard, row)
        if draw == first:
            report(first=True)
            began = time.monotonic()
    report(commit=manifest.revision, memory=memory(), seconds=(time.monotonic() - began) / FURTHER)


def probe_stream(key: str) -> None:
    """Read the first documents of a shuffled stream."""
    from datasets import load_dataset

    corpus = KNOWN[key].corpus
    stream = load_dataset(corpus.path, data_files={"train": corpus.files}, split="train", streaming=True)
    rows: list[int] = []
    for record in islice(stream.shuffle(seed=SEED, buffer_size=BUFFER), DRAWS):
        if not rows:
            report(first=True)
        mark = record["synth_id"] if key == "synth" else record["url"]
        rows.append(int(mark.replace("_", "/").rpartition("/")[2]))
    report(rows=rows, memory=memory())
    os._exit(0)  # closing a shuffled stream of Parquet sleeps for five seconds


def probe_reader(key: str, cache: str, revision: str) -> None:
    """Read like a fast reader and report the wait for each document after the first."""
    from corpuscope.sampling.feed.open import open_feed

    done = range(2 * (FURTHER + 1))  # of which something may be cached
    feed = open_feed(KNOWN[key].corpus, seed=SEED, cache_folder=Path(cache), revision=revision, done=done)
    feed.start()
    waits = []
    for _ in range(READ + 1):
        requested = time.monotonic()
        while feed.take() is None:
            time.sleep(0.005)
        waits.append(time.monotonic() - requested)
        time.sleep(PACE)
    feed.close()
    report(first=True)
    report(waits=waits[1:])
    os._exit(0)


PROBES: dict[str, Callable[..., None]] = {
    "ours": probe_ours,
    "stream": probe_stream,
    "reader": probe_reader,
}


def draw_addresses(manifest: Manifest, size: Size) -> list[tuple[int, int]]:
    """Return (shard, row) of the first draws without reading any file."""
    draws = draws_of(manifest, SEED)
    rows = min(size.rows, manifest.prefix_rows or size.rows)
    targets = (draws.first(draw) for draw in range(DRAWS))
    return [(target.shard, draws.row(target, rows, ()) or 0) for target in targets if target is not None]


def uniform_p(rows: list[int], count: int) -> float:
    """Return the Kolmogorov-Smirnov p-value of row numbers against a uniform draw from `count` rows."""
    from scipy.stats import kstest

    return float(kstest([(row + 0.5) / count for row in rows], "uniform").pvalue)


def measure(hub: StandIn, key: str, size: Size, folder: Path) -> Measured:
    """Measure one corpus and print its figures."""
    from corpuscope.corpora.hub_source import HubSource

    stream = start(hub, folder / "stream", "stream", key)
    cold, warm = [], []
    for number in range(STARTS):
        home, cache = folder / f"home{number}", folder / f"cache{number}"
        cold.append(start(hub, home, "ours", key, cache / "hub", ""))
        commit = cold[-1].facts["commit"]
        warm.append(start(hub, home, "ours", key, cache / "hub", commit))
    reader = start(hub, home, "reader", key, cache, commit)

    manifest = HubSource(KNOWN[key].corpus, commit, cache / "hub").manifest()
    addresses = draw_addresses(manifest, size)
    frame = min(size.rows, manifest.prefix_rows or size.rows)
    in_file = 356_317 if key == "c4" else size.rows
    stream_rows = stream.facts["rows"]

    def median(starts: list[Start]) -> float:
        return statistics.median(run.seconds for run in starts)

    peak = max(run.facts["memory"] for run in cold + warm)
    first_bytes = max(run.bytes for run in cold)
    draw_bytes = statistics.median(run.further for run in warm) / FURTHER
    draw_seconds = statistics.median(run.facts["seconds"] for run in warm)
    waits = sorted(reader.facts["waits"])
    print(
        f"\n{KNOWN[key].corpus.title}: {len(size.names):,} files of {manifest.shards[0].bytes / 1e6:,.0f} MB"
    )
    line = "  {:<34}{:>14}{:>14}{:>14}".format
    print(line("", "stream", "cold", "warm"))
    print(line("first document, s", f"{stream.seconds:.2f}", f"{median(cold):.2f}", f"{median(warm):.2f}"))
    first_warm = max(run.bytes for run in warm)
    print(line("first document, MB", *(f"{b / 1e6:.2f}" for b in (stream.bytes, first_bytes, first_warm))))
    print(line("peak memory, GB", f"{stream.facts['memory']:.2f}", "", f"{peak:.2f}"))
    print(line("a further draw, MB and s", "", f"{draw_bytes / 1e6:.2f}", f"{draw_seconds:.2f}"))
    print(line(f"longest wait at {PACE:.0f} s a document, s", "", "", f"{waits[-1]:.2f}"))
    print(line(f"files in {DRAWS:,} draws", stream.files, "", len({shard for shard, _ in addresses})))
    if manifest.prefix_rows is None:
        groups = len({(shard, row // GROUP) for shard, row in addresses})
        near = stream.files * len({row // GROUP for row in stream_rows})
        print(line("row groups in them", f"<= {near}", "", groups))
    fit = uniform_p([row for _, row in addresses], frame)
    print(line("p of uniform positions", f"{uniform_p(stream_rows, in_file):.3f}", "", f"{fit:.3f}"))
    measured = Measured(
        stream.seconds / median(cold), stream.seconds / median(warm), stream.bytes / first_bytes, peak, fit
    )
    for what, times in (
        ("first document of a first start, times faster", measured.cold),
        ("first document of a later start, times faster", measured.warm),
        ("bytes to a first document, times fewer", measured.bytes),
        ("peak memory, times less", stream.facts["memory"] / peak),
    ):
        add_row(BenchmarkRow(f"{key}: {what}", "a shuffled stream", times, ">="))
    add_row(BenchmarkRow(f"{key}: p of uniform positions", "", fit, ">=", 0.01))
    add_row(BenchmarkRow(f"{key}: seconds waited at {PACE:.0f} s a document", "", waits[-1], "<=", 0.05))
    return measured


def judge(key: str, measured: Measured) -> bool:
    """Print the targets of a corpus with its measurements, and return whether all are met."""
    target = TARGETS[key]
    lines = (
        ("first document cold, times faster", measured.cold, ">", target.cold),
        ("first document warm, times faster", measured.warm, ">", target.warm),
        ("bytes to it, times fewer", measured.bytes, ">", target.bytes),
        ("memory, GB", measured.memory, "<", target.memory),
        ("p of uniform positions", measured.fit, ">", 0.01),
    )
    met = [(value > limit) == (sign == ">") for _, value, sign, limit in lines]
    for (what, value, sign, limit), good in zip(lines, met, strict=True):
        print(f"  {key:<12}{what:<36}{value:>9,.2f}  {sign} {limit:<6g}{'met' if good else 'MISSED'}")
    return all(met)


def main() -> None:
    """Measure all corpora, or run one probe for the measuring process."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--quick", action="store_true", help="smaller files")
    arguments.add_argument("--only", nargs="+", choices=list(TARGETS), default=list(TARGETS), metavar="KEY")
    arguments.add_argument("--latency", type=float, default=LATENCY, help="seconds before each answer")
    arguments.add_argument("--root", type=Path, help="where the files are made and kept")
    arguments.add_argument("--probe", nargs="+", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.probe:
        probe, *rest = options.probe
        PROBES[probe](*rest)
        return
    scale = "quick" if options.quick else "full"
    root = options.root or Path(tempfile.gettempdir()) / f"corpuscope-hub-{scale}"
    table = sizes(quick=options.quick)
    for key in options.only:
        build_scaled(root, key, table[key])
    hub = StandIn(root, latency=options.latency, bandwidth=BANDWIDTH)
    hub.start()
    os.environ["HF_ENDPOINT"] = hub.endpoint
    with tempfile.TemporaryDirectory() as folder:
        measured = {key: measure(hub, key, table[key], Path(folder) / key) for key in options.only}
    if not options.quick:
        print("\nTargets")
        met = [judge(key, figures) for key, figures in measured.items()]
        print("all met" if all(met) else "not all met")


if __name__ == "__main__":
    main()
