"""Measure what durability costs: labels beside bare writes, a summary beside a scan, losses to kills.

Milliseconds depend on the disk and on the machine's load. Every measurement alternates with the bare
operation it is compared to, so only the ratios count. Run as `python -m benchmarks.ledger`; `--quick` takes a
minute instead of ten.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.rows import BenchmarkRow, add_row

from corpuscope.domain.category import Category, CategoryScheme
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.document import Address, Document
from corpuscope.domain.label import Event, EventKind
from corpuscope.files import Files
from corpuscope.ledger import parquet_part
from corpuscope.ledger.check import check
from corpuscope.ledger.event_record import to_record
from corpuscope.ledger.journal import encode
from corpuscope.ledger.parquet_schema import arrow_schema
from corpuscope.ledger.read.arrow_columns import NEEDED
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.ledger.write.compaction import ROWS_A_PART
from corpuscope.ledger.write.writer import LedgerWriter

NAMES = ("Educational", "Advertising", "Forum", "News", "Creative", "Boilerplate", "Nonsensical")
SCHEME = CategoryScheme(tuple(Category(str(i + 1), name, name) for i, name in enumerate(NAMES)))
TEXT = "The quick brown fox jumps over the lazy dog, again and again. " * 48
"""About 3,000 characters, the median web document."""


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the table."""

    name: str
    """The operation measured."""
    measured: str
    """Its result with a unit."""
    bare: str
    """Result of the bare operation; "" when there is none."""
    value: float
    """The ratio, count or size."""
    most: float
    """The target: the greatest acceptable `value`."""


def filled(folder: Path, labels: int) -> Path:
    """Write a ledger of so many labels in full parts, as merging leaves it."""
    random_numbers = np.random.default_rng(7)
    pool = [" ".join(random_numbers.permutation(TEXT.split()[:48])) for _ in range(500)]
    folder.mkdir(parents=True)
    for start in range(0, labels, ROWS_A_PART):
        rows = min(ROWS_A_PART, labels - start)
        (folder / "c4").mkdir(exist_ok=True)
        table = _rows(start, rows, pool, random_numbers)
        parquet_part.write(table, folder / "c4" / f"merged-{table['event_id'][-1].as_py()}.parquet", Files())
    return folder


def _rows(start: int, rows: int, pool: Sequence[str], numbers: np.random.Generator) -> pa.Table:
    ids = (0x0190_0000_0000 << 80) + 0x7000_8000_0000_0000_0000
    events = [f"{ids + (start + i << 80):032x}" for i in range(rows)]
    columns: dict[str, object] = {
        "event_id": [f"{e[:8]}-{e[8:12]}-{e[12:16]}-{e[16:20]}-{e[20:]}" for e in events],
        "at": np.arange(start, start + rows) * 1_000_000,
        "category": numbers.choice(NAMES, rows),
        "reading_ms": numbers.integers(500, 60_000, rows),
        "document_id": [numbers.bytes(16).hex() for _ in range(rows)],
        "shard": [f"en/c4-train.{shard:05d}-of-01024.json.gz" for shard in numbers.integers(0, 1024, rows)],
        "row": numbers.integers(0, 356_317, rows),
        "draw": np.arange(start, start + rows),
        "probability": numbers.random(rows),
        "sha256": [numbers.bytes(32).hex() for _ in range(rows)],
        "text": [pool[i] for i in numbers.integers(0, len(pool), rows)],
        "tokens": numbers.integers(50, 2_000, rows),
        "characters": numbers.integers(300, 9_000, rows),
        "words": numbers.integers(50, 2_000, rows),
    }
    same = {"session": "s", "annotator": "me", "kind": "label", "scheme": SCHEME.hash, "corpus": "c4"}
    same |= {"dataset": "allenai/c4", "name": "en", "split": "train", "revision": "1588ec454efa1a09f29cd18d"}
    columns |= {name: [value] * rows for name, value in same.items()}
    columns |= {"blind": [False] * rows, "look": [1] * rows, "attempt": [0] * rows}
    schema = arrow_schema()
    return pa.table({f.name: pa.array(columns.get(f.name, [None] * rows), f.type) for f in schema}, schema)


class Labeller:
    """A session that labels generated documents."""

    def __init__(self, folder: Path, session: str, events_a_journal: int = 200) -> None:
        self._clock = Clock()
        self.session = session
        self.writer = LedgerWriter.open(folder, session, self._clock, events_a_journal=events_a_journal)
        self._ids = EventIds(self._clock, after=self.writer.last_event_id)

    def event(self, draw: int, text: str = TEXT) -> Event:
        """Create a label without writing it."""
        address = Address("allenai/c4", "en", "train", "c0ffee", "en/c4-train.00000-of-01024.json.gz", draw)
        document = Document("c4", address, draw, 0.001, text, metadata={"url": "https://example.org"})
        moment, category = self._clock.now(), NAMES[draw % len(NAMES)]
        return Event(
            self._ids.next(), self.session, "me", moment, EventKind.LABEL, document, category, SCHEME.hash
        )


def acknowledged(folder: Path, labels: int, samples: int) -> Iterator[Result]:
    """Time `append` beside a bare append and fsync of the same bytes in the same folder."""
    labeller = Labeller(folder, "latency")
    bare_file = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    ours: list[float] = []
    bare: list[float] = []
    for draw in range(samples):
        event = labeller.event(10_000_000 + draw)
        line = encode(to_record(event))
        labeller.writer.prepare(event.document)  # as the app does when the document is painted
        plain, label = partial(_append_bare, bare_file, line), partial(labeller.writer.append, event)
        # Alternate the order, so that neither always follows the other's flush.
        for action, times in ((plain, bare), (label, ours))[:: 1 if draw % 2 else -1]:
            times.append(_timed(action))
    labeller.writer.close()
    os.close(bare_file)
    (folder / "bare").unlink()
    for name, rank, most in (("p50", 0.5, 1.5), ("p99", 0.99, float("inf"))):
        a, b = (float(np.quantile(times, rank)) * 1e3 for times in (ours, bare))
        yield Result(
            f"label acknowledged, {labels:,} before, {name}", f"{a:.2f} ms", f"{b:.2f} ms", a / b, most
        )


def long_documents(folder: Path, samples: int) -> Iterator[Result]:
    """Time labels of long documents, read for a while before the key, beside a bare write of an ordinary one.

    An idle disk answers later than a busy one, so each label has a bare write after the same pause.
    """
    for characters in (10_000, 100_000, 1_000_000, 10_000_000):
        labeller = Labeller(folder / f"{characters}", "long")
        bare_file = os.open(folder / f"{characters}" / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        plain = partial(_append_bare, bare_file, encode(to_record(labeller.event(0))))
        times: dict[str, list[float]] = defaultdict(list)
        for draw in range(samples):
            times["bare at once"].append(_timed(plain))
            event = labeller.event(draw, _long_text(characters, draw))
            times["at once"].append(_timed(partial(labeller.writer.append, event)))
            event = labeller.event(draw, _long_text(characters, -draw - 1))
            labeller.writer.prepare(event.document)
            times["stall"].append(_longest_stall(0.5))
            times["ahead"].append(_timed(partial(labeller.writer.append, event)))
            time.sleep(0.5)
            times["bare ahead"].append(_timed(plain))
        labeller.writer.close()
        os.close(bare_file)
        for name, most in (("at once", float("inf")), ("ahead", 3.0)):
            middle, bare = (statistics.median(times[key]) for key in (name, f"bare {name}"))
            label = f"label of {characters:,} characters, text written {name}"
            yield Result(label, f"{middle * 1e3:.2f} ms", f"{bare * 1e3:.2f} ms", middle / bare, most)
        stall = statistics.median(times["stall"]) * 1e3
        yield Result(
            "  longest wait of the screen meanwhile, ms",
            f"{stall:.1f} ms",
            "",
            stall,
            float("inf"),
        )


def _append_bare(file: int, line: bytes) -> None:
    """Make a line durable with the fewest operations."""
    os.write(file, line)
    os.fsync(file)


def _long_text(characters: int, number: int) -> str:
    return (f"{number} " + TEXT * (characters // len(TEXT) + 1))[:characters]


def _longest_stall(seconds: float) -> float:
    """Return the longest wait for the interpreter, in seconds, of a thread that wakes up every millisecond.

    Time in which the processor ran something else is left out where the system counts it, as Linux does.
    """
    longest = 0.0
    waited, end = _processor_waits(), (last := time.perf_counter()) + seconds
    while last < end:
        time.sleep(0.001)
        now, total = time.perf_counter(), _processor_waits()
        longest = max(longest, now - last - 0.001 - (total - waited))
        last, waited = now, total
    return longest


def _processor_waits() -> float:
    """Return the seconds for which this thread was ready but no processor ran it; 0 where nobody counts them."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return 0.0


def opening(full: Path, empty: Path, samples: int) -> Iterator[Result]:
    """Time a process that opens a ledger for writing and reads its last event id, with and without labels."""
    program = (
        "import sys; from pathlib import Path\n"
        "from corpuscope.domain.clock import Clock\n"
        "from corpuscope.ledger.write.writer import LedgerWriter\n"
        "w = LedgerWriter.open(Path(sys.argv[1]), sys.argv[2], Clock()); w.last_event_id; w.close()\n"
        "assert 'pyarrow' not in sys.modules and 'numpy' not in sys.modules"
    )

    def start(folder: Path, number: int) -> float:
        command = [sys.executable, "-c", program, str(folder), f"start-{number}"]
        return _timed(lambda: subprocess.run(command, check=True))

    def reopen(folder: Path, number: int) -> float:
        begin = time.perf_counter()
        writer = LedgerWriter.open(folder, f"open-{number}", Clock())
        taken = time.perf_counter() - begin
        writer.close()
        return taken

    for name, measure, repeats, most in (
        ("start with 100,000 labels", start, samples, 1.3),
        ("the opening alone", reopen, 10 * samples, float("inf")),
    ):
        pairs = [(measure(full, i), measure(empty, i)) for i in range(repeats)]
        a, b = (statistics.median(times) * 1e3 for times in zip(*pairs, strict=True))
        yield Result(name, f"{a:.2f} ms", f"{b:.2f} ms", a / b, most)


def summary(full: Path, small: Path, labels: int, rounds: int) -> Iterator[Result]:
    """Time reading and counting all labels in a new process beside a bare scan in another."""
    runs = [(_child("summary", full, small), _child("scan", full, small)) for _ in range(rounds)]
    ours, bare = (min(run[side]["seconds"] for run in runs) for side in (0, 1))
    more = statistics.median(run[0]["megabytes"] for run in runs)
    scan = statistics.median(run[1]["megabytes"] for run in runs)
    name = f"summary of {labels:,} labels"
    yield Result(name, f"{ours * 1e3:.0f} ms", f"{bare * 1e3:.0f} ms", ours / bare, 3.0)
    yield Result(f"{name}, MB more", f"{more:.0f} MB", f"{scan:.0f} MB", more, 300.0)


def _child(work: str, full: Path, small: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.ledger", "--child", work, str(full), str(small)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measurement: dict[str, float] = json.loads(done.stdout)
    return measurement


def child(work: str, full: Path, small: Path) -> None:
    """Measure in this process; the small ledger comes first, so that all code is loaded."""
    action = {"summary": _summarise, "scan": _scan}[work]
    action(small)
    before = peak()
    seconds = _timed(lambda: action(full))
    grown = (peak() - before) / 1024**2
    print(json.dumps({"seconds": seconds, "megabytes": grown}))


def peak() -> int:
    """Return the peak memory of this process in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux's getrusage would count the parent's memory too
        return (
            next(int(line.split()[1]) for line in status.read_text().splitlines() if "VmHWM" in line) * 1024
        )
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _summarise(folder: Path) -> None:
    decisions = LedgerReader(folder).read()
    for corpus in decisions.corpora():
        counts = decisions.counts(corpus, scheme=SCHEME)
        columns = decisions.labels(corpus, SCHEME)
        assert sum(counts.values()) == len(columns)


def _scan(folder: Path) -> None:
    # File by file is pyarrow's fastest way here; a dataset over the same files takes longer.
    for path in sorted(folder.glob("*/*.parquet")):
        pq.ParquetFile(path).read(columns=list(NEEDED))


def kills(folder: Path, trials: int) -> Iterator[Result]:
    """Kill a process that labels, compacts and merges at random instants, and count the losses."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["corpuscope.ledger.check"])
    acknowledged_draws: set[int] = set()
    for trial in range(trials):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=label_until_killed, args=(folder, trial, sender))
        process.start()
        sender.close()
        receiver.poll(60)
        time.sleep(random.uniform(0, 0.1))
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        acknowledged_draws |= set(_received(receiver))
    LedgerWriter.open(folder, "after", Clock()).close()
    report = check(folder)
    draws = [decision.draw for decision in LedgerReader(folder).read().recent()]
    beyond = len(set(draws) - acknowledged_draws)
    yield Result(f"{trials:,} kills: labels acknowledged", "", "", len(acknowledged_draws), float("inf"))
    yield Result(f"{trials:,} kills: of them lost", "", "", len(acknowledged_draws - set(draws)), 0)
    yield Result(f"{trials:,} kills: counted twice", "", "", len(draws) - len(set(draws)), 0)
    yield Result(f"{trials:,} kills: stored twice", "", "", report.repeated, 0)
    yield Result(f"{trials:,} kills: durable, killed before the answer", "", "", beyond, trials)
    yield Result(f"{trials:,} kills: files damaged or left over", "", "", len(report.problems), 0)


def label_until_killed(folder: Path, trial: int, answers: Connection) -> None:
    """Label in short sessions with small journals, so that a kill hits a compaction as often as an append."""
    draw = trial * 1_000_000
    for session in range(1_000_000):
        labeller = Labeller(folder, f"t{trial}-{session}", events_a_journal=5)
        for _ in range(12):
            labeller.writer.append(labeller.event(draw, f"document {draw}"))
            answers.send(draw)
            draw += 1
        labeller.writer.close()


def _received(receiver: Connection) -> Iterator[int]:
    while True:
        try:
            yield receiver.recv()
        except (EOFError, OSError):
            return


def _timed(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def results(folder: Path, *, quick: bool, trials: int | None) -> Iterator[Result]:
    """Yield the result of every measurement."""
    yield from kills(folder / "killed", trials or (30 if quick else 300))
    small = filled(folder / "small", 1_000)
    yield from long_documents(folder / "long", 10 if quick else 40)
    many = 100_000 if quick else 1_000_000
    for labels in (0, 1_000, 100_000) if quick else (0, 1_000, 100_000, 1_000_000):
        ledger = filled(folder / f"of-{labels}", labels)
        if labels == 100_000:
            yield from opening(ledger, filled(folder / "empty", 0), 10 if quick else 40)
        if labels == many:
            yield from summary(ledger, small, labels, 3 if quick else 7)
        yield from acknowledged(ledger, labels, 400 if quick else 2_000)


def main() -> int:
    """Print the table; return 1 when a target is missed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="fewer samples, 100,000 labels at most")
    arguments.add_argument("--trials", type=int, help="kills; 300 by default, 30 with --quick")
    arguments.add_argument("--folder", type=Path, help="where to write; a temporary folder by default")
    arguments.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.child:
        child(chosen.child[0], *map(Path, chosen.child[1:]))
        return 0
    missed = 0
    with tempfile.TemporaryDirectory(dir=chosen.folder, prefix="corpuscope-ledger-") as folder:
        print(f"{'':<58}{'ledger':>10}{'bare':>10}{'value':>9}  target")
        for row in results(Path(folder), quick=chosen.quick, trials=chosen.trials):
            target = "" if row.most == float("inf") else f"<= {row.most:g}"
            verdict = "  MISSED" if row.value > row.most else ""
            missed += row.value > row.most
            value = f"{row.value:.2f}" if row.bare else f"{row.value:.0f}"
            print(f"{row.name:<58}{row.measured:>10}{row.bare:>10}{value:>9}  {target}{verdict}", flush=True)
            bound = None if row.most == float("inf") else row.most
            add_row(
                BenchmarkRow(
                    row.name.strip(), "the bare operation" if row.bare else "", row.value, target=bound
                )
            )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
