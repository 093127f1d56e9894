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
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

HERE = Path(__file__).parent
SIZE = (40, 120)
"""Rows and columns of the terminal."""
FRAME_GAP = 0.004
"""Seconds without output that end a frame."""
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


def measure_keys(
    command: Sequence[str],
    key: str,
    marker: Marker,
    *,
    count: int,
    rest: float = 0.03,
    environment: Mapping[str, str] | None = None,
) -> list[float]:
    """Milliseconds from a key to the last byte of the frame it changes, `count` times, `rest` seconds apart."""
    waits: list[float] = []
    with Terminal(command, environment) as terminal:
        terminal.wait_for(marker(0))
        terminal.drain(0.5)
        for number in range(1, count + 1):
            pressed = terminal.press(key)
            waits.append((terminal.wait_for(marker(number)) - pressed) * 1000)
            terminal.drain(rest)
    return waits[min(5, count // 4) :]  # the first ones still fill caches


def measure_start(
    command: Sequence[str], ready: bytes, *, count: int, environment: Mapping[str, str] | None = None
) -> list[float]:
    """Milliseconds from starting a command to the end of the frame that shows `ready`."""
    waits: list[float] = []
    for _ in range(count):
        with Terminal(command, environment) as terminal:
            waits.append((terminal.wait_for(ready) - terminal.started) * 1000)
    return waits


def table(base: Waits, others: Sequence[Waits]) -> str:
    """Waits and their ratios to the base."""
    lines = [f"{'':34} {'p50 ms':>8} {'p99 ms':>8} {'p50 x':>7} {'p99 x':>7}"]
    for waits in (base, *others):
        ratios = f"{waits.p50 / base.p50:7.2f} {waits.p99 / base.p99:7.2f}"
        lines.append(f"{waits.name:34} {waits.p50:8.2f} {waits.p99:8.2f} {ratios}")
    return "\n".join(lines)


def main() -> None:
    """Measures the document pane alone; whoever has a whole app passes it to `measure_keys`."""
    from benchmarks.pane import KINDS, RING

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the samples")
    scale = 1 if parser.parse_args().quick else 10
    python = sys.executable
    hello_command = [python, str(HERE / "hello.py")]
    hello = Waits("hello: key echo")
    kinds = {kind: Waits(f"document pane: {kind}") for kind in KINDS}
    for _ in range(5):  # in turns, so that a busy moment of the machine hits all alike
        hello.samples += measure_keys(hello_command, "x", lambda n: b"<%d>" % n, count=5 + 4 * scale)
        for kind, waits in kinds.items():
            command = [python, str(HERE / "pane.py"), kind]
            waits.samples += measure_keys(command, "x", lambda n: b"<%d> " % (n % RING), count=5 + 4 * scale)
    print(table(hello, list(kinds.values())), end="\n\n")

    first_hello = Waits("hello: first frame")
    first_pane = Waits("document pane: first frame")
    for _ in range(scale):
        first_hello.samples += measure_start(hello_command, b"<0>", count=1)
        first_pane.samples += measure_start([python, str(HERE / "pane.py"), "3 KB"], b"<0> ", count=1)
    print(table(first_hello, [first_pane]))


if __name__ == "__main__":
    main()
