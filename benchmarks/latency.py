"""How long a reader waits: from a key to the painted change and from the shell to the first frame, in a real pty.

Milliseconds depend on the machine and on what else it does; the ratios to a hello-world Textual app, measured in
turns with it, are what counts. Run as `python -m benchmarks.latency`; `--quick` takes a tenth of the samples.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.rows import BenchmarkRow, add_row
from benchmarks.waits import WARM_UP, Subject, Terminal, Waits, measure_keys, measure_start
from benchmarks.whole_app import LINE, TEXTS, app_command, labelling

HERE = Path(__file__).parent
HELLO = Subject("hello", [sys.executable, str(HERE / "hello.py")], "x", lambda n: b"<%d>" % n)
"""A Textual app that shows one line and counts keys in it."""
HEAD = f"{'':34} {'p50 ms':>8} {'p99 ms':>8} {'p50 x':>7} {'p99 x':>7}"
"""Over the lines of a table."""
REST = {"10 MB": 2.0, "1 MB": 0.4, "one 1 MB line": 0.4, "1 MB CJK and emoji": 0.4, "100 KB": 0.1}
"""Seconds between two keys, in which a reader would read; 0.03 for what is not named."""
COUNTS = {"10 MB": 4, "1 MB": 10, "one 1 MB line": 10, "1 MB CJK and emoji": 10, "100 KB": 20}
"""A tenth of the keys for each; 30 for what is not named."""
MEMORY_LABELS = 5_000
"""Labels over which memory has to stay flat."""
FLAT = 1.05
"""What memory may grow by over them."""
KEY = (2.0, 3.0)
"""Times hello's key echo that a key may take: p50, p99."""
START = 1.25
"""Times hello's start that a first frame may take."""
FIRST_FRAMES = ("corpuscope, first frame", "corpuscope demo, first frame")
"""The starts that have a target."""


def main() -> None:
    """Measures starts, then keys by document and by labels already given, then memory."""
    tables: dict[str, Callable[[Path, int], None]] = {
        "start": _starts,
        "keys": _keys,
        "pane": _pane,
        "peers": _peers,
        "memory": _memory,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the samples")
    parser.add_argument("--only", nargs="+", choices=tables, default=list(tables), help="these tables")
    asked = parser.parse_args()
    for name in asked.only:
        print(f"\n{name:34} {HEAD[35:]}")
        with tempfile.TemporaryDirectory() as folder:
            tables[name](Path(folder), 1 if asked.quick else 10)


def _report(waits: Waits, base: Waits, most: Sequence[float | None] = (None, None)) -> None:
    """Prints waits and their ratios to those of the base, measured in turns with them; `most` is p50's, then p99's."""
    ratios = (waits.p50 / base.p50, waits.p99 / base.p99)
    numbers = f"{waits.p50:8.2f} {waits.p99:8.2f} {ratios[0]:7.2f} {ratios[1]:7.2f}"
    print(f"{waits.name:34} {numbers}", flush=True)
    if waits.name != base.name:
        for rank, ratio, target in zip(("p50", "p99"), ratios, most, strict=True):
            add_row(BenchmarkRow(f"{waits.name}, {rank}", "a hello-world app", ratio, target=target))


def _starts(folder: Path, scale: int) -> None:
    """From the shell to the first frame, of the corpora, of labelling, and of the first document."""
    demo = app_command(folder, "demo")
    commands: dict[str, tuple[Sequence[str], bytes]] = {
        "hello": (HELLO.command, HELLO.marker(0)),
        "corpuscope, first frame": (app_command(folder, "home"), b"corpuscope"),
        "corpuscope demo, first frame": (demo, b"corpuscope"),
        "corpuscope demo, first document": (demo, b" words"),
    }
    commands |= {name: (each, b"") for name, each in _peer_commands(folder).items()}
    _measure_starts(commands, {"HOME": str(folder)}, 4 * scale)


def _measure_starts(
    commands: Mapping[str, tuple[Sequence[str], bytes]], environment: Mapping[str, str], count: int
) -> None:
    waits = {name: Waits(name) for name in commands}
    for _ in range(count + 1):
        for name, (command, ready) in commands.items():
            waits[name].samples.append(measure_start(command, ready, environment=environment))
    for each in waits.values():
        del each.samples[0]  # compiles what was not compiled yet
        _report(each, waits["hello"], (START if each.name in FIRST_FRAMES else None, None))


def _keys(folder: Path, scale: int) -> None:
    """Key to painted next document, the label fsynced in between."""
    for name in TEXTS:
        _measure_app(folder, name, scale)
    _measure_app(folder, "3 KB", scale, labels=10_000)


def _measure_app(folder: Path, text: str, scale: int, labels: int = 0) -> None:
    count = COUNTS.get(text, 30) * scale
    name = f"app, {text}{f', {labels:,} labels' if labels else ''}"
    app = labelling(folder, name, TEXTS[text], count + WARM_UP + 20, labels)
    hello, waits = measure_keys([HELLO, app], count=count, rest=REST.get(text, 0.03))
    _report(waits, hello, KEY)


def _pane(folder: Path, scale: int) -> None:  # noqa: ARG001 - every table is called alike
    """The document pane alone, with documents nobody could prepare."""
    from benchmarks.pane import KINDS, RING

    for kind in KINDS:
        command = [sys.executable, str(HERE / "pane.py"), kind]
        pane = Subject(f"pane, {kind}", command, "x", lambda n: b"<%d> " % (n % RING))
        hello, waits = measure_keys([HELLO, pane], count=30 * scale)
        _report(waits, hello, KEY)


def _peers(folder: Path, scale: int) -> None:
    """What a key costs in other apps of the terminal, where they are installed."""
    for name, command in _peer_commands(folder).items():
        key = {"visidata, next row": "j"}.get(name, "x")
        peer = Subject(name, command, key, lambda _: b"", {"HOME": str(folder)})
        try:
            hello, waits = measure_keys([HELLO, peer], count=10 * scale, rest=0.3)
        except TimeoutError as error:
            print(f"{name:34} was not measured: {error}")
        else:
            _report(waits, hello)


def _peer_commands(folder: Path) -> dict[str, Sequence[str]]:
    rows = folder / "rows.tsv"
    rows.write_text("number\ttext\n" + "".join(f"{number}\t{LINE}" for number in range(10_000)))
    peers = {"visidata, next row": ["vd", str(rows)], "posting, key": ["posting"]}
    return {name: command for name, command in peers.items() if shutil.which(command[0])}


def _memory(folder: Path, scale: int) -> None:
    """What the app's memory grows by while labels are given."""
    count = MEMORY_LABELS * scale // 10
    app = labelling(folder, "memory", TEXTS["3 KB"], count + 50)
    sizes: list[int] = []
    with Terminal(app.command, app.environment) as terminal:
        terminal.wait_for(app.ready)
        terminal.drain(1.0)
        for number in range(1, count + 1):
            terminal.press(app.key)
            terminal.wait_for(app.marker(number))
            if number in {count // 10, count}:
                terminal.drain(3.0)
                sizes.append(terminal.resident)
                print(f"{f'after {number:,} labels':34} {sizes[-1] / 1024:8.1f} MiB", flush=True)
    what = f"memory after {count:,} labels"
    add_row(BenchmarkRow(what, f"after {count // 10:,}", sizes[-1] / sizes[0], target=FLAT))


if __name__ == "__main__":
    main()
