"""Measure the latency of the app in a pty: from a key to the painted change, and from the shell to the first frame.

Milliseconds depend on the machine and its load, so the result is the ratio to a hello-world Textual app that is
measured alternately with it. Run as `python -m benchmarks.latency`; `--quick` takes a tenth of the samples.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.rows import BenchmarkRow, add_row
from benchmarks.waits import WARM_UP, Subject, Terminal, Waits, measure_keys, measure_start
from benchmarks.whole_app import LINE, TEXTS, app_command, labelling
from benchmarks.without import TECHNIQUES

HERE = Path(__file__).parent
HELLO = Subject("hello", [sys.executable, str(HERE / "hello.py")], "x", lambda n: b"<%d>" % n)
"""Textual app that shows one line and counts keys in it."""
HEAD = f"{'':34} {'p50 ms':>8} {'p99 ms':>8} {'p50 x':>7} {'p99 x':>7}"
"""Column heads of a table."""
REST = {"10 MB": 2.0, "1 MB": 0.4, "one 1 MB line": 0.4, "1 MB CJK and emoji": 0.4, "100 KB": 0.1}
"""Seconds between two keys, for reading the document, by text; 0.03 for all other texts."""
COUNTS = {"10 MB": 4, "1 MB": 10, "one 1 MB line": 10, "1 MB CJK and emoji": 10, "100 KB": 20}
"""Keys of a quick run by text; 30 for all other texts."""
MEMORY_LABELS = 5_000
"""Labels over which memory has to stay flat."""
MEMORY_TARGET = 1.05
"""Memory after these labels, relative to that after a tenth of them."""
KEY_TARGETS = (2.0, 3.0)
"""Latency of a key relative to the key echo of hello: p50, p99."""
SHORT_TARGETS = (1.8, 3.0)
"""The same for a document of ordinary length."""
START_TARGETS = {
    "corpuscope, first frame": 1.25,
    "corpuscope demo, first frame": 1.25,
    "corpuscope demo, first document": 1.9,
}
"""Time from the shell relative to the first frame of hello."""


def main() -> None:
    """Measure starts, keys by document and by number of labels, and memory."""
    tables: dict[str, Callable[[Path, int], None]] = {
        "start": _starts,
        "keys": _keys,
        "pane": _pane,
        "peers": _peers,
        "memory": _memory,
        "techniques": _techniques,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the samples")
    parser.add_argument("--only", nargs="+", choices=tables, default=list(tables), help="these tables")
    options = parser.parse_args()
    for name in options.only:
        print(f"\n{name:34} {HEAD[35:]}")
        with tempfile.TemporaryDirectory() as folder:
            tables[name](Path(folder), 1 if options.quick else 10)


def _report(
    waits: Waits,
    base: Waits,
    targets: Sequence[float | None] = (None, None),
    baseline: str = "a hello-world app",
) -> None:
    """Print waits and their ratios to the base, which was measured alternately; `targets` are for p50 and p99."""
    ratios = (waits.p50 / base.p50, waits.p99 / base.p99)
    numbers = f"{waits.p50:8.2f} {waits.p99:8.2f} {ratios[0]:7.2f} {ratios[1]:7.2f}"
    print(f"{waits.name:34} {numbers}", flush=True)
    if waits.name != base.name:
        for rank, ratio, target in zip(("p50", "p99"), ratios, targets, strict=True):
            add_row(BenchmarkRow(f"{waits.name}, {rank}", baseline, ratio, target=target))


def _starts(folder: Path, scale: int) -> None:
    """Measure from the shell to the first frame of the corpora, of labelling, and of the first document."""
    demo = app_command(folder, "demo")
    commands: dict[str, tuple[Sequence[str], bytes]] = {
        "hello": (HELLO.command, HELLO.marker(0)),
        "corpuscope, first frame": (app_command(folder, "home"), b"corpuscope"),
        "corpuscope demo, first frame": (demo, b"corpuscope"),
        "corpuscope demo, first document": (demo, b" words"),
    }
    commands |= {name: (command, b"") for name, command in _peer_commands(folder).items()}
    _measure_starts(commands, {"HOME": str(folder)}, 4 * scale)


def _measure_starts(
    commands: Mapping[str, tuple[Sequence[str], bytes]], environment: Mapping[str, str], count: int
) -> None:
    waits_by_name = {name: Waits(name) for name in commands}
    for _ in range(count + 1):
        for name, (command, ready) in commands.items():
            waits_by_name[name].samples.append(measure_start(command, ready, environment=environment))
    for name, waits in waits_by_name.items():
        del waits.samples[0]  # this start compiled the modules
        _report(waits, waits_by_name["hello"], (START_TARGETS.get(name), None))


def _keys(folder: Path, scale: int) -> None:
    """Measure from a category key to the next document painted, with the label fsynced in between."""
    for name in TEXTS:
        _measure_app(folder, name, scale)
    _measure_app(folder, "3 KB", scale, labels=10_000)
    _measure_app(folder, "3 KB", scale, scheme="weborganizer-formats")


def _measure_app(folder: Path, text: str, scale: int, labels: int = 0, scheme: str = "") -> None:
    count = COUNTS.get(text, 30) * scale
    name = f"app, {text}{f', {labels:,} labels' if labels else ''}{f', {scheme}' if scheme else ''}"
    app = labelling(folder, name, TEXTS[text], count + WARM_UP + 20, labels, scheme=scheme)
    hello, waits = measure_keys([HELLO, app], count=count, rest=REST.get(text, 0.03))
    _report(waits, hello, SHORT_TARGETS if text == "3 KB" else KEY_TARGETS)


def _pane(folder: Path, scale: int) -> None:  # noqa: ARG001 - all tables have the same parameters
    """Measure the document pane alone, with documents that were not prepared."""
    from benchmarks.pane import DOCUMENTS, KINDS

    for kind in KINDS:
        command = [sys.executable, str(HERE / "pane.py"), kind]
        pane = Subject(f"pane, {kind}", command, "x", lambda n: b"<%d> " % (n % DOCUMENTS))
        hello, waits = measure_keys([HELLO, pane], count=30 * scale)
        _report(waits, hello, KEY_TARGETS)


def _techniques(folder: Path, scale: int) -> None:
    """Measure a key without each of the techniques that keep it fast, as a ratio to a key with all of them."""
    apps = [
        labelling(folder, f"without {name}", TEXTS["3 KB"], 40 * scale + WARM_UP + 20, without=name)
        for name in TECHNIQUES
    ]
    base, *others = measure_keys(apps, count=40 * scale, rest=0.05)
    for waits in (base, *others):
        _report(waits, base, baseline="with everything")


def _peers(folder: Path, scale: int) -> None:
    """Measure a key in other terminal apps, if they are installed."""
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
    """Measure how much the memory of the app grows while documents are labelled."""
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
    name = f"memory after {count:,} labels"
    add_row(BenchmarkRow(name, f"after {count // 10:,}", sizes[-1] / sizes[0], target=MEMORY_TARGET))


if __name__ == "__main__":
    main()
