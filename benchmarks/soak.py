"""Soak test: label thousands of documents in a pty while everything around the app fails.

    PYTHONPATH=tests:. python benchmarks/soak.py [--labels 5000]

A local corpus and one on a loopback Hub are labelled as one blind queue. Meanwhile the Hub answers with
errors, drops connections, truncates bodies and stalls; the window is resized; the app is suspended with
ctrl-z and resumed; it is killed with SIGKILL and restarted; in one session every fsync takes twenty
milliseconds longer. In the end every label that the screen acknowledged must be in the ledger exactly once,
the terminal must be restored, and memory, threads, file handles and temporary files must not have grown.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.rows import BenchmarkRow, add_row

from corpuscope.ledger.check import check
from corpuscope.ledger.read.reader import LedgerReader
from hub.faults import Fault
from hub.layouts import C4, build_all
from hub.server import StandIn
from terminal import Terminal

SIZES = ((80, 24), (120, 40), (60, 20), (200, 60))
"""Columns and rows of the window, in rotation."""
TROUBLE = (
    Fault("status", status=503, times=3),
    Fault("drop", times=2),
    Fault("half", "GET /storage", times=2),
    Fault("status", status=429, headers={"Retry-After": "1"}, times=1),
    Fault("slow", "GET /storage", seconds=1.0, times=2),
)
"""Faults of the Hub, in rotation."""
SLOW_DISK = 0.02
"""Seconds added to every fsync in a session with a slow disk."""
LINE = "The quick brown fox jumps over the lazy dog, and the text goes on for a while.\n"
SLOW_DISK_PROGRAM = f"""
import os, sys, time
fsync = os.fsync
def slow(descriptor):
    time.sleep({SLOW_DISK})
    fsync(descriptor)
os.fsync = slow
sys.argv = ["corpuscope", *sys.argv[1:]]
from corpuscope.__main__ import main
main()
"""


@dataclass
class Observations:
    """Measurements and counts of a run."""

    acknowledged: int = 0
    """Number of labels that the screen acknowledged."""
    events: dict[str, int] = field(default_factory=dict)
    """Number of faults caused, by kind."""
    memory: list[float] = field(default_factory=list)
    """Resident memory of the app in MiB, after every hundredth label."""
    threads: list[int] = field(default_factory=list)
    """Number of threads at the same moments."""
    handles: list[int] = field(default_factory=list)
    """Number of open file handles at the same moments."""

    def count_fault(self, kind: str) -> None:
        """Count a fault."""
        self.events[kind] = self.events.get(kind, 0) + 1


class Annotator:
    """A simulated annotator in one session of the app, started from a shell."""

    def __init__(self, folder: Path, corpora: list[str], hub: StandIn, target: int, *, slow: bool) -> None:
        self.target = target
        start = f"-c '{SLOW_DISK_PROGRAM}'" if slow else "-m corpuscope"
        names = " ".join(corpora)
        self.terminal = Terminal(
            "-i",
            folder=folder,
            command=("sh",),
            environment={"PS1": "shell> ", "HF_ENDPOINT": hub.endpoint, "HF_HOME": str(folder / "hf")},
        )
        self.terminal.wait_for("shell> ")
        # a second reading would not raise the count that acknowledges a label
        self.terminal.press(f"{sys.executable} {start} label {names} -n {target} --seed 7 --second-looks 0\n")

    def wait_until_labelled(self, count: int) -> None:
        """Wait until the header counts `count` labels and a document is shown."""
        self.terminal.wait_for(lambda text: f" {count} / " in text.replace(",", "") and "chars" in text)

    def press(self, key: str) -> None:
        """Press keys."""
        self.terminal.press(key)

    @property
    def process(self) -> Path:
        """The folder of the app in /proc: the youngest child of the shell."""
        shell = self.terminal.pid
        children = Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
        return Path("/proc") / children[-1]


def label(
    annotator: Annotator,
    observations: Observations,
    first: int,
    last: int,
    hub: StandIn,
    chance: random.Random,
) -> None:
    """Label the documents from `first` to `last` with one key each, and cause faults meanwhile."""
    for number in range(first, last):
        if number % 97 == 0:
            hub.faults.clear()
            hub.faults.add(TROUBLE[number // 97 % len(TROUBLE)])
            observations.count_fault("Hub trouble")
        if number % 211 == 0:
            annotator.terminal.resize(*SIZES[number // 211 % len(SIZES)])
            observations.count_fault("resize")
        if number % 401 == 0:
            suspend(annotator)
            observations.count_fault("ctrl-z and fg")
        if number % 53 == 0:
            for extra in ("b", "b", "s", "u", "v", "v", " ", "/zzz\r"):
                annotator.press(extra)
            annotator.terminal.wait_for("no match")
            annotator.press("\x1b")  # alone: directly before another key it would mean alt and that key
            annotator.terminal.wait_for(lambda text: "no match" not in text)
        annotator.press(chance.choice("1234567"))
        annotator.wait_until_labelled(number + 1)
        observations.acknowledged = number + 1
        if number % 100 == 99:
            measure(annotator.process, observations)


def suspend(annotator: Annotator) -> None:
    """Suspend the app with ctrl-z and resume it with fg."""
    before = annotator.terminal.raw.count("shell> ")
    annotator.press("\x1a")
    wait_for_shell(annotator, before)
    annotator.press("fg\n")
    annotator.terminal.wait_for(lambda text: "chars" in text)


def wait_for_shell(annotator: Annotator, before: int) -> None:
    """Wait until the shell has prompted more often than `before`."""
    annotator.terminal.wait_for(lambda _: annotator.terminal.raw.count("shell> ") > before)


def measure(process: Path, observations: Observations) -> None:
    """Record memory, threads and file handles of the app."""
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines() if ":" in line)
    observations.memory.append(int(status["VmRSS"].split()[0]) / 1024)
    observations.threads.append(int(status["Threads"]))
    observations.handles.append(len(list((process / "fd").iterdir())))


@contextmanager
def a_hub(root: Path) -> Iterator[StandIn]:
    """Build and serve a stand-in for the Hub."""
    build_all(root)
    hub = StandIn(root, latency=0.005)
    hub.start()
    try:
        yield hub
    finally:
        hub.stop()


def soak(folder: Path, wanted: int, seed: int) -> tuple[Observations, dict[str, tuple[str, bool]]]:
    """Label `wanted` documents in several sessions; return the observations and the verdicts.

    A verdict maps its name to the value as text and whether it holds.
    """
    chance = random.Random(seed)
    corpus = folder / "web.jsonl"
    with corpus.open("w") as file:
        for number in range(wanted):
            file.write(
                json.dumps({"text": f"<{number}> \x1b[31m [/nope] {LINE * chance.randint(1, 60)}"}) + "\n"
            )
    observations = Observations()
    from_hub = sum(C4.rows)
    ends = sorted({*range(900, wanted, 900), wanted})
    with a_hub(folder / "hub") as hub:
        first, restored = 0, True
        for number, last in enumerate(ends):
            annotator = Annotator(folder, ["web.jsonl", "c4"], hub, wanted, slow=number == 1)
            annotator.wait_until_labelled(first)
            label(annotator, observations, first, last, hub, chance)
            killed = number % 2 == 0 and last != ends[-1]
            before = annotator.terminal.raw.count("shell> ")
            if killed:
                os.kill(int(annotator.process.name), signal.SIGKILL)
                observations.count_fault("kill -9")
            else:
                annotator.press("q")
                observations.count_fault("quit")
            wait_for_shell(annotator, before)
            if not killed:
                raw = annotator.terminal.raw
                restored = restored and raw.rfind("?1049l") > raw.rfind("?1049h")
                restored = restored and raw.rfind("?25h") > raw.rfind("?25l")
            annotator.terminal.__exit__(None, None, None)
            first = last
    return observations, verdicts(folder, observations, wanted, from_hub, restored=restored)


def verdicts(
    folder: Path, observations: Observations, wanted: int, from_hub: int, *, restored: bool
) -> dict[str, tuple[str, bool]]:
    """Verify the ledger, the terminal and the resources at the end."""
    decisions = LedgerReader(folder / "labels").read()
    labels = [decision for decision in decisions.recent() if decision.category is not None]
    documents = {decision.document_id for decision in labels}
    report = check(folder / "labels")
    left = [
        path.name
        for path in (folder / "labels").rglob("*")
        if path.suffix in (".tmp", ".journal", ".damaged")
    ]
    growth = (
        statistics.mean(observations.memory[-5:]) / statistics.mean(observations.memory[1:6])
        if len(observations.memory) > 10
        else 1.0
    )
    return {
        "labels acknowledged": (f"{observations.acknowledged:,}", observations.acknowledged == wanted),
        "labels in the ledger": (f"{len(labels):,}", len(labels) == wanted),
        "documents labelled twice": (f"{len(labels) - len(documents)}", len(labels) == len(documents)),
        "of them from the Hub": (
            f"{sum(decision.corpus == 'c4' for decision in labels):,} of {from_hub:,} rows",
            any(decision.corpus == "c4" for decision in labels),
        ),
        "files damaged or left over": (
            f"{len(report.problems)} and {len(left)}",
            not report.problems and not left,
        ),
        "memory, last 500 labels to first, x": (f"{growth:.2f}", growth < 1.25),
        "most threads and file handles": (
            f"{max(observations.threads)} and {max(observations.handles)}",
            max(observations.threads) <= 24 and max(observations.handles) <= 80,
        ),
        "terminal restored after every leaving": ("yes" if restored else "no", restored),
    }


def main() -> int:
    """Print the faults and the verdicts; return 1 when a verdict does not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--labels", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="corpuscope-soak-") as folder:
        observations, outcome = soak(Path(folder), arguments.labels, arguments.seed)
    print("caused: " + ", ".join(f"{count} x {kind}" for kind, count in observations.events.items()))
    for name, (words, good) in outcome.items():
        print(f"{name:<40}{words:>28}  {'holds' if good else 'DOES NOT HOLD'}")
    add_row(
        BenchmarkRow(
            "labels acknowledged through every trouble", "", observations.acknowledged, ">=", arguments.labels
        )
    )
    wrong = [f"{name}: {words}" for name, (words, good) in outcome.items() if not good]
    add_row(BenchmarkRow(f"verdicts that do not hold {'; '.join(wrong)}".rstrip(), "", len(wrong), "<=", 0))
    print(f"{time.monotonic() - began:.0f} s")
    return 0 if all(good for _, good in outcome.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
