"""How long a reader waits: from a key to the painted change and from the shell to the first frame, in a real pty.

Milliseconds depend on the machine and on what else it does; the ratios to a hello-world Textual app, measured in
turns with it, are what counts. Run as `python -m benchmarks.latency`; `--quick` takes a tenth of the samples.
"""

import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

HERE = Path(__file__).parent
SIZE = (40, 120)
"""Rows and columns of the terminal."""
FRAME_GAP = 0.004
"""Seconds without output that end a frame."""
WARM_UP = 5
"""Keys that only fill caches."""
PATIENCE = 60.0
"""Seconds after which a change that does not come is an error."""

Marker = Callable[[int], bytes]
"""What is on screen after so many keys, and not before."""


class Terminal:
    """A command in a pty of its own, as a person would run it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self.started = time.perf_counter()
        """When the command was started."""
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
            colours = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
            os.execvpe(command[0], list(command), {**os.environ, **colours, **(environment or {})})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._fd)

    def press(self, key: str) -> float:
        """Sends a key; when."""
        now = time.perf_counter()
        os.write(self._fd, key.encode())
        return now

    def wait_for(self, marker: bytes) -> float:
        """Reads until the marker was painted and its frame ended; when its last byte came."""
        seen = b""
        deadline = time.perf_counter() + PATIENCE
        while marker not in seen:
            if not self._readable(deadline - time.perf_counter()):
                raise TimeoutError(f"{marker!r} was not painted; the last output was {seen[-500:]!r}")
            seen += os.read(self._fd, 1 << 16)
        last = time.perf_counter()
        while self._readable(FRAME_GAP):
            os.read(self._fd, 1 << 16)
            last = time.perf_counter()
        return last

    def drain(self, seconds: float) -> None:
        """Lets the command finish what it does between two keys."""
        deadline = time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            if self._readable(left):
                os.read(self._fd, 1 << 16)

    def _readable(self, seconds: float) -> bool:
        return bool(select.select([self._fd], [], [], max(0.0, seconds))[0])


@dataclass
class Waits:
    """Measured waits of one kind, in milliseconds."""

    name: str
    """What was measured."""
    samples: list[float] = field(default_factory=list)
    """One wait each."""

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.samples)

    @property
    def p99(self) -> float:
        """The wait that one in a hundred exceeds."""
        return sorted(self.samples)[max(0, round(len(self.samples) * 0.99) - 1)]


@dataclass(frozen=True)
class Subject:
    """An app that answers a key."""

    name: str
    """What is measured."""
    command: Sequence[str]
    """How to start it."""
    key: str
    """What to press."""
    marker: Marker
    """What a number of keys brings to the screen."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables it needs."""


def measure_keys(subjects: Sequence[Subject], *, count: int, rest: float = 0.03) -> list[Waits]:
    """From a key to the last byte of the frame it changes, `count` times each and `rest` seconds apart.

    All run at once and are asked in turns, so that a busy moment of the machine hits all alike.
    """
    waits = [Waits(subject.name) for subject in subjects]
    with ExitStack() as stack:
        terminals = [stack.enter_context(Terminal(s.command, s.environment)) for s in subjects]
        for subject, terminal in zip(subjects, terminals, strict=True):
            terminal.wait_for(subject.marker(0))
        for number in range(1, WARM_UP + count + 1):
            for subject, terminal, waited in zip(subjects, terminals, waits, strict=True):
                terminal.drain(rest)
                pressed = terminal.press(subject.key)
                painted = terminal.wait_for(subject.marker(number))
                if number > WARM_UP:
                    waited.samples.append((painted - pressed) * 1000)
    return waits


def measure_start(
    command: Sequence[str], ready: bytes, *, count: int, environment: Mapping[str, str] | None = None
) -> list[float]:
    """Milliseconds from starting a command to the end of the frame that shows `ready`."""
    waits: list[float] = []
    for _ in range(count):
        with Terminal(command, environment) as terminal:
            waits.append((terminal.wait_for(ready) - terminal.started) * 1000)
    return waits


HEAD = f"{'':34} {'p50 ms':>8} {'p99 ms':>8} {'p50 x':>7} {'p99 x':>7}"
"""Over the lines of a table."""


def line(waits: Waits, base: Waits) -> str:
    """Waits and their ratios to those of the base, measured in turns with them."""
    ratios = f"{waits.p50 / base.p50:7.2f} {waits.p99 / base.p99:7.2f}"
    return f"{waits.name:34} {waits.p50:8.2f} {waits.p99:8.2f} {ratios}"


def main() -> None:
    """Measures the whole app by size of document and labels already given, then the document pane alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the samples")
    scale = 1 if parser.parse_args().quick else 10
    hello = Subject("hello", [sys.executable, str(HERE / "hello.py")], "x", lambda n: b"<%d>" % n)
    print(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        _whole_app(Path(folder), hello, scale)
    _pane(hello, scale)


def _whole_app(folder: Path, hello: Subject, scale: int) -> None:
    """Key to painted next document, the label fsynced in between; and the first frame of the corpora screen."""
    from benchmarks.whole_app import labelling

    for name, size, count, labels, rest in (
        ("app, 3 KB", 3_000, 30 * scale, 0, 0.03),
        ("app, 3 KB, 10,000 labels", 3_000, 30 * scale, 10_000, 0.03),
        ("app, 100 KB", 100_000, 20 * scale, 0, 0.1),
        ("app, 1 MB", 1_000_000, 5 * scale, 0, 0.4),
        ("app, 10 MB", 10_000_000, 2 * scale, 0, 2.0),
    ):
        app = labelling(folder, name, size, count + WARM_UP + 20, labels)
        base, waits = measure_keys([hello, app], count=count, rest=rest)
        print(line(waits, base), flush=True)

    first_hello, first_app = Waits("hello"), Waits("app, first frame")
    for number in range(2 * scale):
        first_hello.samples += measure_start(hello.command, b"<0>", count=1)
        command = [sys.executable, "-m", "corpuscope", "home", "--labels", str(folder / f"first-{number}")]
        first_app.samples += measure_start(command, b"corpuscope", count=1, environment={"HOME": str(folder)})
    print(line(first_app, first_hello), flush=True)


def _pane(hello: Subject, scale: int) -> None:
    """The document pane alone, by the kind of document."""
    from benchmarks.pane import KINDS, RING

    pane_command = [sys.executable, str(HERE / "pane.py")]
    for kind in KINDS:
        pane = Subject(kind, [*pane_command, kind], "x", lambda n: b"<%d> " % (n % RING))
        base, waits = measure_keys([hello, pane], count=30 * scale)
        print(line(waits, base), flush=True)

    first_hello, first_pane = Waits("hello"), Waits("first frame")
    for _ in range(scale):
        first_hello.samples += measure_start(hello.command, b"<0>", count=1)
        first_pane.samples += measure_start([*pane_command, "3 KB"], b"<0> ", count=1)
    print(line(first_pane, first_hello))


if __name__ == "__main__":
    main()
