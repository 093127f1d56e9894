"""Soak test: label thousands of documents in a pty while everything around the app fails.

    PYTHONPATH=tests:. python benchmarks/soak.py [--labels 5000]

A local corpus and two on a loopback Hub are labelled as one blind queue. Meanwhile the Hub answers with errors,
drops connections, truncates bodies, stalls and sends what was not asked for; the disk is full, tears writes, fails to
sync or is slow; the labels folder is moved away; the clock is an hour off; the window is resized; the app is
suspended and resumed, opened a second time, ended by signals and killed. Between the sessions, hostile and damaged
files of others lie beside the study and in its labels folder (`foreign_files`).

In the end every label that the screen acknowledged must be in the ledger exactly once, with the text that its corpus
has, or without one where a bit was flipped in that text or in the footer of its file; every label that was refused
must have been said; the terminal must be restored, and memory, threads, file handles and temporary files must not have
grown.
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
from itertools import cycle, islice
from pathlib import Path

from benchmarks.foreign_files import ATTACKS, Study
from benchmarks.rows import BenchmarkRow, add_row

from corpuscope.errors import LedgerError
from corpuscope.ledger.check import check
from corpuscope.ledger.read.reader import LedgerReader
from hub.faults import Fault
from hub.layouts import C4, FINEWEB, build_all
from hub.server import StandIn
from terminal import DEVELOPER_VARIABLES, Terminal

CORPORA = ("web.jsonl", "c4", "fineweb")
SIZES = ((80, 24), (120, 40), (60, 20), (200, 60))
"""Columns and rows of the window, in rotation."""
TROUBLE = (
    Fault("status", status=503, times=3),
    Fault("status", "GET /storage", status=200, times=1),
    Fault("drop", times=2),
    Fault("status", "GET /storage", status=206, headers={"Content-Range": "bytes 0-13/14"}, times=1),
    Fault("half", "GET /storage", times=2),
    Fault("status", status=302, headers={"Location": "/login"}, times=1),
    Fault("shift", "GET /storage", times=1),
    Fault("status", "GET /storage", status=206, headers={"Content-Encoding": "gzip"}, times=1),
    Fault("status", status=429, headers={"Retry-After": "1"}, times=1),
    Fault("status", status=429, headers={"Retry-After": "-1e999, soon"}, times=1),
    Fault("slow", "GET /storage", seconds=1.0, times=2),
)
"""Faults of the Hub, in rotation; half of them are lies."""
DISK = ("write ENOSPC", "fsync EIO", "write EDQUOT", "moved", "write EROFS", "write EIO")
"""Faults of the disk that refuse a label, in rotation; `moved` is a labels folder moved away and back."""
CONDITIONS = ("", "slow 0.02", "folder EINVAL", "clock -3600", "cache in the way", "clock 86400")
"""What is wrong with the machine during a session, in rotation."""
LEAVINGS = ("q", "SIGKILL", "SIGTERM", "SIGKILL", "SIGHUP", "q", "SIGQUIT")
"""How sessions end, in rotation."""
SESSION = 125
"""Labels of a session, in the first half of a run; the second half is one session, in which nothing may grow."""
LEAST_SESSIONS = 4
"""Sessions in the first half, however short a run is."""
LINE = "The quick brown fox jumps over the lazy dog, and the text goes on for a while.\n"
FAILING_MACHINE = Path(__file__).with_name("failing_machine.py")


@dataclass
class Observations:
    """Measurements and counts of a run."""

    acknowledged: int = 0
    """Number of labels that the screen acknowledged."""
    events: dict[str, int] = field(default_factory=dict)
    """Number of faults caused, by kind."""
    memory: list[float] = field(default_factory=list)
    """Resident memory of the app in MiB, after every hundredth label of the last session."""
    threads: list[int] = field(default_factory=list)
    """Number of threads at the same moments."""
    handles: list[int] = field(default_factory=list)
    """Number of open file handles at the same moments."""

    def begin_growth(self) -> None:
        """Forget the measurements so far: what follows is one session."""
        self.memory.clear()

    def count_fault(self, kind: str) -> None:
        """Count a fault."""
        self.events[kind] = self.events.get(kind, 0) + 1


class Annotator:
    """A simulated annotator in one session of the app, started from a shell."""

    def __init__(self, study: Study, target: int, condition: str) -> None:
        self.faults = study.folder / "faults"
        self.condition = "" if condition == "cache in the way" else condition
        self.set_faults()
        environment = dict(study.environment)
        if condition == "cache in the way":
            environment["XDG_CACHE_HOME"] = environment["XDG_STATE_HOME"] = "/dev/null"
        self.terminal = Terminal("-i", folder=study.folder, command=("sh",), environment=environment)
        self.terminal.wait_for("shell> ")
        self.command = f"label {' '.join(CORPORA)} -n {target} --seed 7 --second-looks 0 --annotator ann"
        # a second reading would not raise the count that acknowledges a label
        self.terminal.press(f"{sys.executable} {FAILING_MACHINE} {self.faults} {self.command}\n")

    def set_faults(self, *faults: str) -> None:
        """Let the machine have these faults, and those of the session."""
        self.faults.write_text("\n".join((self.condition, *faults)))

    def wait_until_labelled(self, count: int) -> None:
        """Wait until the header counts `count` labels and the document after them is shown.

        The label is painted first: a key that comes before the next document has no document to label.
        """
        self.terminal.wait_for(
            lambda text: (
                f" {count} / " in text.replace(",", "") and f"document {count + 1} " in text.replace(",", "")
            )
        )

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
    annotator: Annotator, observations: Observations, study: Study, first: int, last: int, hub: StandIn
) -> None:
    """Label the documents from `first` to `last` with one key each, and cause faults meanwhile."""
    for number in range(first, last):
        if number % 37 == 0:
            hub.faults.clear()
            hub.faults.add(TROUBLE[number // 37 % len(TROUBLE)])
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
        if number % 41 == 0:
            fail_to_save(annotator, study, DISK[number // 41 % len(DISK)])
            annotator.wait_until_labelled(number)
            observations.count_fault("label refused by the disk")
        annotator.press(study.chance.choice("1234567"))
        annotator.wait_until_labelled(number + 1)
        observations.acknowledged = number + 1
        if number % 100 == 99:
            measure(annotator.process, observations)


def fail_to_save(annotator: Annotator, study: Study, fault: str) -> None:
    """Press a key while the disk takes no label, and wait until the screen says so."""
    moved = study.labels.with_name("labels-moved")
    if fault == "moved":
        study.labels.rename(moved)
    else:
        annotator.set_faults(fault)
    annotator.press("1")
    annotator.terminal.wait_for("not saved")
    if fault == "moved":
        moved.rename(study.labels)
    annotator.set_faults()


def open_again(study: Study, command: str) -> None:
    """Open the app a second time under the same name, which must be refused."""
    with Terminal(*command.split(), folder=study.folder, environment=study.environment) as second:
        if second.wait_for_exit() != 1 or "in another window" not in " ".join(second.raw.split()):
            study.complaints.append(f"a second window was not refused: {second.raw[-300:]}")


def suspend(annotator: Annotator) -> None:
    """Suspend the app with ctrl-z and resume it with fg."""
    before = annotator.terminal.raw.count("shell> ")
    annotator.press("\x1a")
    wait_for_shell(annotator, before)
    annotator.press("fg\n")
    annotator.terminal.wait_for(" words")


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


def soak(folder: Path, wanted: int, seed: int) -> tuple[Observations, Study, dict[str, tuple[str, bool]]]:
    """Label `wanted` documents in several sessions; return the observations, the study and the verdicts.

    A verdict maps its name to the value as text and whether it holds.
    """
    chance = random.Random(seed)
    texts = [f"<{n}> \x1b[31m [/nope] {LINE * chance.randint(1, 60)}" for n in range(wanted)]
    (folder / "web.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    observations = Observations()
    half = wanted // 2
    ends = [*range(0, half, min(SESSION, half // LEAST_SESSIONS)), half, wanted][1:]
    attacks = cycle(ATTACKS)
    with a_hub(folder / "hub") as hub:
        environment = {key: v for key, v in os.environ.items() if not key.startswith(DEVELOPER_VARIABLES)}
        environment |= {"PS1": "shell> ", "HOME": str(folder / "home"), "HF_ENDPOINT": hub.endpoint}
        environment |= {"HF_HOME": str(folder / "hf")}
        study = Study(folder, environment, chance)
        first, restored = 0, True
        for number, last in enumerate(ends):
            condition = CONDITIONS[number % len(CONDITIONS)]
            observations.count_fault(condition or "a sound machine")
            annotator = Annotator(study, wanted, condition)
            annotator.wait_until_labelled(first)
            if number % 5 == 1:
                open_again(study, annotator.command)
                observations.count_fault("second window")
            if last == wanted:
                observations.begin_growth()
            label(annotator, observations, study, first, last, hub)
            leaving = "q" if last == wanted else LEAVINGS[number % len(LEAVINGS)]
            observations.count_fault(leaving)
            restored &= leave(annotator, leaving)
            first = last
            if leaving == "SIGKILL":
                tear_journals(study)
            for attack in islice(attacks, max(2, -(-len(ATTACKS) // len(ends)))):
                observations.count_fault(attack.__name__.replace("_", " "))
                attack(study)
        hub.faults.clear()
        outcome = verdicts(study, observations, wanted, texts, restored=restored)
    return observations, study, outcome


def leave(annotator: Annotator, leaving: str) -> bool:
    """End the app by a key or a signal, and tell whether the terminal was restored or could not be."""
    if leaving == "SIGKILL":
        process = annotator.process
        os.kill(int(process.name), signal.SIGKILL)
        while process.exists():  # not read: what was being painted ends within an escape sequence
            time.sleep(0.01)
        annotator.terminal.__exit__(None, None, None)
        return True
    before = annotator.terminal.raw.count("shell> ")
    if leaving == "q":
        annotator.press("q")
    else:
        os.kill(int(annotator.process.name), signal.Signals[leaving])
    wait_for_shell(annotator, before)
    raw = annotator.terminal.raw
    annotator.terminal.__exit__(None, None, None)
    return raw.rfind("?1049l") > raw.rfind("?1049h") and raw.rfind("?25h") > raw.rfind("?25l")


def tear_journals(study: Study) -> None:
    """Append to the journals of a killed session what a power failure leaves of a line that was being written."""
    for journal in study.labels.glob("*.journal"):
        with journal.open("ab") as file:
            file.write(study.chance.choice([bytes(5_000), b'0badc0de {"event_id": "01', b"\xff"]))


def verdicts(
    study: Study, observations: Observations, wanted: int, texts: list[str], *, restored: bool
) -> dict[str, tuple[str, bool]]:
    """Verify the ledger, the texts, the terminal and the resources at the end."""
    study.run("ledger", "compact", exits=(0, 1))
    own = [decision for decision in LedgerReader(study.labels).read().recent() if decision.annotator == "ann"]
    labels = [decision for decision in own if decision.category is not None]
    documents = {decision.document_id for decision in labels}
    report = check(study.labels)
    left = [path for path in study.labels.rglob("*") if path.suffix in (".tmp", ".journal")]
    wrong, missing = compare_texts(study, texts)
    memory = observations.memory
    growth = statistics.mean(memory[-5:]) / statistics.mean(memory[1:6]) if len(memory) > 10 else 1.0
    return {
        "labels acknowledged": (f"{observations.acknowledged:,}", observations.acknowledged == wanted),
        "labels in the ledger": (f"{len(labels):,}", len(labels) == wanted),
        "documents labelled twice": (f"{len(labels) - len(documents)}", len(labels) == len(documents)),
        "of them from the Hub": (
            f"{sum(decision.corpus != 'web' for decision in labels):,} of {sum(C4.rows + FINEWEB.rows):,} rows",
            {decision.corpus for decision in labels} == {"web", "c4", "fineweb"},
        ),
        "texts other than their corpus has": (f"{wrong}", wrong == 0),
        "texts lost to flipped bits": (
            f"{len(missing)} of {len(study.texts_at_risk)} at risk",
            missing <= study.texts_at_risk,
        ),
        "files damaged or left over": (
            f"{len(report.problems)} and {len(left)}",
            not report.problems and not left,
        ),
        "commands beside files of others": (
            f"{study.runs} run, {len(study.complaints)} complaints",
            not study.complaints,
        ),
        "memory, last 500 labels to first, x": (f"{growth:.2f}", growth < 1.25),
        "most threads and file handles": (
            f"{max(observations.threads)} and {max(observations.handles)}",
            max(observations.threads) <= 24 and max(observations.handles) <= 80,
        ),
        "terminal restored after every leaving": ("yes" if restored else "no", restored),
    }


def compare_texts(study: Study, texts: list[str]) -> tuple[int, set[str]]:
    """Read the text of every label; count those that differ from their corpus, and return the events without one."""
    reader = LedgerReader(study.labels)
    wrong, missing = 0, set[str]()
    for decision in reader.read().recent():
        if decision.annotator != "ann":
            continue
        try:
            document = reader.document(decision.event_id)
        except LedgerError:
            missing.add(decision.event_id)
            continue
        layout = {"c4": C4, "fineweb": FINEWEB}.get(document.corpus)
        address = document.address
        if layout is None:
            expected = texts[address.row]
        else:
            expected = layout.record(layout.shards.index(address.shard), address.row)["text"]
        wrong += document.text != expected
    return wrong, missing


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
        observations, study, outcome = soak(Path(folder), arguments.labels, arguments.seed)
    print("caused: " + ", ".join(f"{count} x {kind}" for kind, count in observations.events.items()))
    for name, (words, good) in outcome.items():
        print(f"{name:<40}{words:>28}  {'holds' if good else 'DOES NOT HOLD'}")
    for complaint in study.complaints:
        print(f"  {complaint}")
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
