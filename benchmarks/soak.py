"""Labels thousands of documents in a pty while everything around the app fails, and counts what is left.

    PYTHONPATH=tests:. python benchmarks/soak.py [--labels 5000]

A local corpus and one on a loopback Hub are labelled as one blind queue. On the way: the Hub answers with errors,
drops connections, cuts bodies and is silent; the window changes its size; the app is suspended with ctrl-z and
brought back; it is killed with SIGKILL and started again; every fsync takes twenty times as long for a while. At the
end every label that the screen acknowledged has to be in the ledger once, the terminal has to be as it was, and
memory, threads, file handles and temporary files must not have grown.
"""

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

from benchmarks.rows import Row, tell

from corpuscope.ledger.check import check
from corpuscope.ledger.read.reader import LedgerReader
from hub.faults import Fault
from hub.layouts import C4, build_all
from hub.server import StandIn
from terminal import Terminal

SIZES = ((80, 24), (120, 40), (60, 20), (200, 60))
"""Columns and rows the window is given in turns."""
TROUBLE = (
    Fault("status", status=503, times=3),
    Fault("drop", times=2),
    Fault("half", "GET /storage", times=2),
    Fault("status", status=429, headers={"Retry-After": "1"}, times=1),
    Fault("slow", "GET /storage", seconds=1.0, times=2),
)
"""What the Hub does in turns."""
SLOW_DISK = 0.02
"""Seconds every fsync takes longer in the sessions that have a slow disk."""
LINE = "The quick brown fox jumps over the lazy dog, and the text goes on for a while.\n"
SLOWLY = f"""
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
class Seen:
    """What was noticed on the way."""

    acknowledged: int = 0
    """Labels the screen counted."""
    events: dict[str, int] = field(default_factory=dict)
    """How often each kind of trouble was caused."""
    memory: list[float] = field(default_factory=list)
    """Megabytes of the app at regular moments, of sessions of some length."""
    threads: list[int] = field(default_factory=list)
    """Threads at the same moments."""
    handles: list[int] = field(default_factory=list)
    """Open files at the same moments."""

    def caused(self, kind: str) -> None:
        """Counts some trouble."""
        self.events[kind] = self.events.get(kind, 0) + 1


class Reader:
    """Somebody who presses keys in one session of the app, started from a shell."""

    def __init__(self, folder: Path, corpora: list[str], hub: StandIn, target: int, *, slow: bool) -> None:
        self.target = target
        start = f"-c '{SLOWLY}'" if slow else "-m corpuscope"
        names = " ".join(corpora)
        self.terminal = Terminal(
            "-i",
            folder=folder,
            command=("sh",),
            environment={"PS1": "shell> ", "HF_ENDPOINT": hub.endpoint, "HF_HOME": str(folder / "hf")},
        )
        self.terminal.wait_for("shell> ")
        # a second look would not raise the count by which a label is known to be acknowledged
        self.terminal.press(f"{sys.executable} {start} label {names} -n {target} --seed 7 --second-looks 0\n")

    def reach(self, count: int) -> None:
        """Waits until the header counts so many labels and a document is there."""
        self.terminal.wait_for(lambda text: f" {count} of " in text.replace(",", "") and "chars" in text)

    def press(self, key: str) -> None:
        """Types."""
        self.terminal.press(key)

    @property
    def process(self) -> Path:
        """The app in /proc: the youngest child of the shell."""
        shell = self.terminal.pid
        children = Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
        return Path("/proc") / children[-1]


def labels(reader: Reader, seen: Seen, first: int, last: int, hub: StandIn, chance: random.Random) -> None:
    """Presses one key a document from `first` to `last`, with trouble on the way."""
    for number in range(first, last):
        if number % 97 == 0:
            hub.faults.clear()
            hub.faults.add(TROUBLE[number // 97 % len(TROUBLE)])
            seen.caused("Hub trouble")
        if number % 211 == 0:
            reader.terminal.resize(*SIZES[number // 211 % len(SIZES)])
            seen.caused("resize")
        if number % 401 == 0:
            suspend(reader)
            seen.caused("ctrl-z and fg")
        if number % 53 == 0:
            for extra in ("b", "b", "s", "u", "v", "v", " ", "/zzz\r"):
                reader.press(extra)
            reader.terminal.wait_for("no match")
            reader.press("\x1b")  # alone: with a key right behind it, it would be alt and that key
            reader.terminal.wait_for(lambda text: "no match" not in text)
        reader.press(chance.choice("1234567"))
        reader.reach(number + 1)
        seen.acknowledged = number + 1
        if number % 100 == 99:
            measure(reader.process, seen)


def suspend(reader: Reader) -> None:
    """ctrl-z, then fg."""
    before = reader.terminal.raw.count("shell> ")
    reader.press("\x1a")
    in_shell(reader, before)
    reader.press("fg\n")
    reader.terminal.wait_for(lambda text: "chars" in text)


def in_shell(reader: Reader, before: int) -> None:
    """Waits until the shell prompts once more than `before`."""
    reader.terminal.wait_for(lambda _: reader.terminal.raw.count("shell> ") > before)


def measure(process: Path, seen: Seen) -> None:
    """Notes memory, threads and handles of the app."""
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines() if ":" in line)
    seen.memory.append(int(status["VmRSS"].split()[0]) / 1024)
    seen.threads.append(int(status["Threads"]))
    seen.handles.append(len(list((process / "fd").iterdir())))


@contextmanager
def a_hub(root: Path) -> Iterator[StandIn]:
    """The stand-in, serving."""
    build_all(root)
    hub = StandIn(root, latency=0.005)
    hub.start()
    try:
        yield hub
    finally:
        hub.stop()


def soak(folder: Path, wanted: int, seed: int) -> tuple[Seen, dict[str, tuple[str, bool]]]:
    """Labels `wanted` documents in several sessions. What was seen, and each verdict with its words."""
    chance = random.Random(seed)
    corpus = folder / "web.jsonl"
    with corpus.open("w") as file:
        for number in range(wanted):
            file.write(
                json.dumps({"text": f"<{number}> \x1b[31m [/nope] {LINE * chance.randint(1, 60)}"}) + "\n"
            )
    seen = Seen()
    from_hub = sum(C4.rows)
    ends = sorted({*range(900, wanted, 900), wanted})
    with a_hub(folder / "hub") as hub:
        first, restored = 0, True
        for number, last in enumerate(ends):
            reader = Reader(folder, ["web.jsonl", "c4"], hub, wanted, slow=number == 1)
            reader.reach(first)
            labels(reader, seen, first, last, hub, chance)
            killed = number % 2 == 0 and last != ends[-1]
            before = reader.terminal.raw.count("shell> ")
            if killed:
                os.kill(int(reader.process.name), signal.SIGKILL)
                seen.caused("kill -9")
            else:
                reader.press("q")
                seen.caused("quit")
            in_shell(reader, before)
            if not killed:
                raw = reader.terminal.raw
                restored = restored and raw.rfind("?1049l") > raw.rfind("?1049h")
                restored = restored and raw.rfind("?25h") > raw.rfind("?25l")
            reader.terminal.__exit__(None, None, None)
            first = last
    return seen, verdicts(folder, seen, wanted, from_hub, restored=restored)


def verdicts(
    folder: Path, seen: Seen, wanted: int, from_hub: int, *, restored: bool
) -> dict[str, tuple[str, bool]]:
    """What has to hold at the end."""
    decisions = LedgerReader(folder / "labels").read()
    standing = [decision for decision in decisions.recent() if decision.category is not None]
    documents = {decision.document_id for decision in standing}
    report = check(folder / "labels")
    left = [
        path.name
        for path in (folder / "labels").rglob("*")
        if path.suffix in (".tmp", ".journal", ".damaged")
    ]
    growth = (
        statistics.mean(seen.memory[-5:]) / statistics.mean(seen.memory[1:6])
        if len(seen.memory) > 10
        else 1.0
    )
    return {
        "labels acknowledged": (f"{seen.acknowledged:,}", seen.acknowledged == wanted),
        "labels in the ledger": (f"{len(standing):,}", len(standing) == wanted),
        "documents labelled twice": (f"{len(standing) - len(documents)}", len(standing) == len(documents)),
        "of them from the Hub": (
            f"{sum(decision.corpus == 'c4' for decision in standing):,} of {from_hub:,} rows",
            any(decision.corpus == "c4" for decision in standing),
        ),
        "files damaged or left over": (
            f"{len(report.problems)} and {len(left)}",
            not report.problems and not left,
        ),
        "memory, last 500 labels to first, x": (f"{growth:.2f}", growth < 1.25),
        "most threads and file handles": (
            f"{max(seen.threads)} and {max(seen.handles)}",
            max(seen.threads) <= 24 and max(seen.handles) <= 80,
        ),
        "terminal restored after every leaving": ("yes" if restored else "no", restored),
    }


def main() -> int:
    """Prints what was caused and what is left; 1 when something does not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--labels", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="corpuscope-soak-") as folder:
        seen, found = soak(Path(folder), chosen.labels, chosen.seed)
    print("caused: " + ", ".join(f"{count} x {kind}" for kind, count in seen.events.items()))
    for name, (words, good) in found.items():
        print(f"{name:<40}{words:>28}  {'holds' if good else 'DOES NOT HOLD'}")
    tell(Row("labels acknowledged through every trouble", "", seen.acknowledged, ">=", chosen.labels))
    wrong = [f"{name}: {words}" for name, (words, good) in found.items() if not good]
    tell(Row(f"verdicts that do not hold {'; '.join(wrong)}".rstrip(), "", len(wrong), "<=", 0))
    print(f"{time.monotonic() - began:.0f} s")
    return 0 if all(good for _, good in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
