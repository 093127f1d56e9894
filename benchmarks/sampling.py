"""Times the first documents of the sampler beside those of a shuffled stream, on a Hub of real sizes.

    PYTHONPATH=tests python benchmarks/sampling.py [--quick] [--only KEY ...]

The Hub is the loopback stand-in with 50 ms a request and one link of 20 MB/s; its files are made once, in half a
minute and 5 GB (--quick: 0.5 GB of smaller ones, which no target is meant for). Beside each corpus runs
`load_dataset(..., streaming=True).shuffle(seed, buffer_size=10_000)`, once: it has nothing to gain from a second
start. Every start is a process of its own, timed from its first instruction, imports included. The full run takes
nine minutes, half of them waiting for the stream of SYNTH, which also takes 15 GB of memory.
"""

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

from benchmarks.rows import Row, tell

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
"""Draws after the first that bytes and seconds a draw are averaged over."""
PLANNED = 2_000
GROUP = 1_000
"""Rows of a row group of FineWeb."""
STARTS = 3
"""Starts of which the median counts."""
PACE = 2.0
"""Seconds a fast reader takes for a document."""
READ = 6
"""Documents it reads."""


@dataclass(frozen=True, slots=True)
class Target:
    """What the sampler is meant to reach, as multiples of the stream's figures."""

    cold: float
    """Faster to the first document of a first start."""
    warm: float
    """Faster to the first document of a later start."""
    bytes: float
    """Fewer bytes to the first document."""
    memory: float
    """Most GB of memory."""


TARGETS = {
    "c4": Target(1.8, 2.5, 50, 0.25),
    "fineweb": Target(12, 35, 80, 0.4),
    "fineweb-edu": Target(10, 25, 80, 0.35),
    "synth": Target(50, 50, 500, 0.35),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """What it reached."""

    cold: float
    """Times faster to the first document of a first start."""
    warm: float
    """Times faster to the first document of a later start."""
    bytes: float
    """Times fewer bytes to the first document."""
    memory: float
    """GB at the most."""
    fit: float
    """p of a uniform distribution of row positions."""


@dataclass(frozen=True, slots=True)
class Start:
    """One start of one way to get documents."""

    seconds: float
    """To the first document."""
    bytes: int
    """Sent by the Hub until then."""
    further: int
    """Bytes sent after that."""
    files: int
    """Data files that were read."""
    said: dict[str, Any]
    """What the process said when it ended."""


def start(hub: StandIn, home: Path, probe: str, key: str, *arguments: object) -> Start:
    """Runs a probe in a process of its own."""
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
        said = json.loads(process.stdout.readline() or "{}")
    if process.returncode:
        raise SystemExit(f"{probe} {key} failed")
    files = {call.path for call in hub.finished_calls() if call.path.startswith("/storage/")}
    return Start(seconds, first, hub.sent - first, len(files), said)


def say(**facts: object) -> None:
    """Tells the parent process something."""
    print(json.dumps(facts), flush=True)


def memory() -> float:
    """Peak GB of this process; what getrusage says would include the parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1e6


def probe_ours(key: str, cache: str, revision: str) -> None:
    """The first draw, then more."""
    from corpuscope.corpora.hub_source import HubSource

    source = HubSource(KNOWN[key].corpus, revision or None, Path(cache))
    manifest = source.manifest()
    draws = draws_of(manifest, SEED)
    for draw in range(FURTHER + 1):
        visit = draws.first(draw)
        assert visit is not None
        row = draws.row(visit, source.rows(visit.shard), ())
        assert row is not None
        source.fetch(visit.shard, row)
        if draw == 0:
            say(first=True)
            began = time.monotonic()
    say(commit=manifest.revision, memory=memory(), seconds=(time.monotonic() - began) / FURTHER)


def probe_stream(key: str) -> None:
    """The first documents of a shuffled stream."""
    from datasets import load_dataset

    corpus = KNOWN[key].corpus
    stream = load_dataset(corpus.path, data_files={"train": corpus.files}, split="train", streaming=True)
    rows: list[int] = []
    for record in islice(stream.shuffle(seed=SEED, buffer_size=BUFFER), PLANNED):
        if not rows:
            say(first=True)
        mark = record["synth_id"] if key == "synth" else record["url"]
        rows.append(int(mark.replace("_", "/").rpartition("/")[2]))
    say(rows=rows, memory=memory())
    os._exit(0)  # closing a shuffled stream of Parquet sleeps for five seconds


def probe_reader(key: str, cache: str, revision: str) -> None:
    """A fast reader behind the feed: how long each document after the first is waited for."""
    from corpuscope.sampling.feed.open import open_feed

    feed = open_feed(KNOWN[key].corpus, seed=SEED, cache_folder=Path(cache), revision=revision)
    feed.start()
    waits = []
    for _ in range(READ + 1):
        asked = time.monotonic()
        while feed.take() is None:
            time.sleep(0.005)
        waits.append(time.monotonic() - asked)
        time.sleep(PACE)
    feed.close()
    say(first=True)
    say(waits=waits[1:])
    os._exit(0)


PROBES: dict[str, Callable[..., None]] = {
    "ours": probe_ours,
    "stream": probe_stream,
    "reader": probe_reader,
}


def planned(manifest: Manifest, size: Size) -> list[tuple[int, int]]:
    """(shard, row) of the first draws, without reading anything."""
    draws = draws_of(manifest, SEED)
    rows = min(size.rows, manifest.prefix_rows or size.rows)
    visits = (draws.first(draw) for draw in range(PLANNED))
    return [(visit.shard, draws.row(visit, rows, ()) or 0) for visit in visits if visit is not None]


def uniform_p(rows: list[int], count: int) -> float:
    """How well row numbers fit a uniform draw from `count` rows: p of Kolmogorov and Smirnov."""
    from scipy.stats import kstest

    return float(kstest([(row + 0.5) / count for row in rows], "uniform").pvalue)


def measure(hub: StandIn, key: str, size: Size, folder: Path) -> Measured:
    """Prints the figures of one corpus."""
    from corpuscope.corpora.hub_source import HubSource

    stream = start(hub, folder / "stream", "stream", key)
    cold, warm = [], []
    for number in range(STARTS):
        home, cache = folder / f"home{number}", folder / f"cache{number}"
        cold.append(start(hub, home, "ours", key, cache / "hub", ""))
        commit = cold[-1].said["commit"]
        warm.append(start(hub, home, "ours", key, cache / "hub", commit))
    reader = start(hub, home, "reader", key, cache, commit)

    manifest = HubSource(KNOWN[key].corpus, commit, cache / "hub").manifest()
    places = planned(manifest, size)
    frame = min(size.rows, manifest.prefix_rows or size.rows)
    in_file = 356_317 if key == "c4" else size.rows
    seen = stream.said["rows"]

    def median(starts: list[Start]) -> float:
        return statistics.median(one.seconds for one in starts)

    most = max(one.said["memory"] for one in cold + warm)
    first_bytes = max(one.bytes for one in cold)
    draw_bytes = statistics.median(one.further for one in warm) / FURTHER
    draw_seconds = statistics.median(one.said["seconds"] for one in warm)
    waits = sorted(reader.said["waits"])
    print(
        f"\n{KNOWN[key].corpus.title}: {len(size.names):,} files of {manifest.shards[0].bytes / 1e6:,.0f} MB"
    )
    line = "  {:<34}{:>14}{:>14}{:>14}".format
    print(line("", "stream", "cold", "warm"))
    print(line("first document, s", f"{stream.seconds:.2f}", f"{median(cold):.2f}", f"{median(warm):.2f}"))
    first_warm = max(one.bytes for one in warm)
    print(line("first document, MB", *(f"{b / 1e6:.2f}" for b in (stream.bytes, first_bytes, first_warm))))
    print(line("peak memory, GB", f"{stream.said['memory']:.2f}", "", f"{most:.2f}"))
    print(line("a further draw, MB and s", "", f"{draw_bytes / 1e6:.2f}", f"{draw_seconds:.2f}"))
    print(line(f"longest wait at {PACE:.0f} s a document, s", "", "", f"{waits[-1]:.2f}"))
    print(line(f"files in {PLANNED:,} draws", stream.files, "", len({shard for shard, _ in places})))
    if manifest.prefix_rows is None:
        groups = len({(shard, row // GROUP) for shard, row in places})
        near = stream.files * len({row // GROUP for row in seen})
        print(line("row groups in them", f"<= {near}", "", groups))
    fit = uniform_p([row for _, row in places], frame)
    print(line("p of uniform positions", f"{uniform_p(seen, in_file):.3f}", "", f"{fit:.3f}"))
    measured = Measured(
        stream.seconds / median(cold), stream.seconds / median(warm), stream.bytes / first_bytes, most, fit
    )
    for what, times in (
        ("first document of a first start, times faster", measured.cold),
        ("first document of a later start, times faster", measured.warm),
        ("bytes to a first document, times fewer", measured.bytes),
        ("peak memory, times less", stream.said["memory"] / most),
    ):
        tell(Row(f"{key}: {what}", "a shuffled stream", times, ">="))
    tell(Row(f"{key}: p of uniform positions", "", fit, ">=", 0.01))
    tell(Row(f"{key}: seconds waited at {PACE:.0f} s a document", "", waits[-1], "<=", 0.05))
    return measured


def judge(key: str, measured: Measured) -> bool:
    """Prints a corpus's targets with what was reached; True when all are met."""
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
    """Measures all corpora, or runs one probe for the process that does."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--quick", action="store_true", help="smaller files")
    arguments.add_argument("--only", nargs="+", choices=list(TARGETS), default=list(TARGETS), metavar="KEY")
    arguments.add_argument("--root", type=Path, help="where the files are made and kept")
    arguments.add_argument("--probe", nargs="+", help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.probe:
        probe, *rest = chosen.probe
        PROBES[probe](*rest)
        return
    scale = "quick" if chosen.quick else "full"
    root = chosen.root or Path(tempfile.gettempdir()) / f"corpuscope-hub-{scale}"
    table = sizes(quick=chosen.quick)
    for key in chosen.only:
        build_scaled(root, key, table[key])
    hub = StandIn(root, latency=LATENCY, bandwidth=BANDWIDTH)
    hub.start()
    os.environ["HF_ENDPOINT"] = hub.endpoint
    with tempfile.TemporaryDirectory() as folder:
        measured = {key: measure(hub, key, table[key], Path(folder) / key) for key in chosen.only}
    if not chosen.quick:
        print("\nTargets")
        met = [judge(key, figures) for key, figures in measured.items()]
        print("all met" if all(met) else "not all met")


if __name__ == "__main__":
    main()
