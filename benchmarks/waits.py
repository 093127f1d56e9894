"""Commands in a pty of their own, and how long they take to paint what a key or their start brings."""

import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

SIZE = (40, 120)
"""Rows and columns of the terminal."""
FRAME_GAP = 0.004
"""Seconds without output that end a frame."""
WARM_UP = 5
"""Keys that only fill caches."""
PATIENCE = 60.0
"""Seconds after which a change that does not come is an error."""

Marker = Callable[[int], bytes]
"""What is on screen after so many keys, and not before; b"" where any output will do."""


class Terminal:
    """A command in a pty of its own, as a person would run it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self.started = time.perf_counter()
        """When the command was started."""
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
            os.execvpe(command[0], list(command), _variables() | dict(environment or {}))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._fd)

    @property
    def resident(self) -> int:
        """KiB of memory the command has now."""
        status = Path(f"/proc/{self._pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))

    def press(self, key: str) -> float:
        """Sends a key; when."""
        now = time.perf_counter()
        os.write(self._fd, key.encode())
        return now

    def wait_for(self, marker: bytes) -> float:
        """Reads until the marker was painted and its frame ended; when its last byte came."""
        seen = b""
        deadline = time.perf_counter() + PATIENCE
        while not seen or marker not in seen:
            if not self._readable(deadline - time.perf_counter()):
                raise TimeoutError(f"{marker!r} was not painted; the last output was {seen[-500:]!r}")
            seen += self._read()
        last = time.perf_counter()
        while self._readable(FRAME_GAP):
            self._read()
            last = time.perf_counter()
        return last

    def drain(self, seconds: float) -> None:
        """Lets the command finish what it does between two keys."""
        deadline = time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            if self._readable(left):
                self._read()

    def _read(self) -> bytes:
        try:
            return os.read(self._fd, 1 << 16)
        except OSError as error:  # how Linux says that the other end of a pty is closed
            raise TimeoutError("the command has ended") from error

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
    ready: bytes = b""
    """What is on screen when it can be asked; b"" where the marker of no key tells."""


def measure_keys(subjects: Sequence[Subject], *, count: int, rest: float = 0.03) -> list[Waits]:
    """From a key to the last byte of the frame it changes, `count` times each and `rest` seconds apart.

    All run at once and are asked in turns, so that a busy moment of the machine hits all alike.
    """
    waits = [Waits(subject.name) for subject in subjects]
    with ExitStack() as stack:
        terminals = [stack.enter_context(Terminal(s.command, s.environment)) for s in subjects]
        for subject, terminal in zip(subjects, terminals, strict=True):
            terminal.wait_for(subject.ready or subject.marker(0))
        for terminal in terminals:
            terminal.drain(1.0)
        for number in range(1, WARM_UP + count + 1):
            for subject, terminal, waited in zip(subjects, terminals, waits, strict=True):
                terminal.drain(rest)
                pressed = terminal.press(subject.key)
                painted = terminal.wait_for(subject.marker(number))
                if number > WARM_UP:
                    waited.samples.append((painted - pressed) * 1000)
    return waits


def measure_start(
    command: Sequence[str], ready: bytes, *, environment: Mapping[str, str] | None = None
) -> float:
    """Milliseconds from starting a command to the end of the frame that shows `ready`."""
    with Terminal(command, environment) as terminal:
        return (terminal.wait_for(ready) - terminal.started) * 1000


def _variables() -> dict[str, str]:
    """The environment of a person's terminal: Python may keep what it compiled."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
