"""Measurement of commands in a pty: the time from a key, or from the start, to the painted frame."""

from __future__ import annotations

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
"""Seconds without output after which a frame has ended."""
WARM_UP = 5
"""Number of keys before the measurement, which fill caches."""
TIMEOUT = 60.0
"""Seconds after which a missing change of the screen is an error."""

Marker = Callable[[int], bytes]
"""Returns what is on screen after a number of keys and not before; b"" when any output will do."""


class Terminal:
    """A command in its own pty, as a person would run it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self.started = time.perf_counter()
        """Time at which the command was started, by `time.perf_counter`."""
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
        """Resident memory of the command in KiB."""
        status = Path(f"/proc/{self._pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))

    def press(self, key: str) -> float:
        """Send a key; return the time by `time.perf_counter`."""
        now = time.perf_counter()
        os.write(self._fd, key.encode())
        return now

    def wait_for(self, marker: bytes) -> float:
        """Read until the marker is painted and its frame has ended; return the time of the last byte.

        Raises TimeoutError.
        """
        output = b""
        deadline = time.perf_counter() + TIMEOUT
        while not output or marker not in output:
            if not self._readable(deadline - time.perf_counter()):
                raise TimeoutError(f"{marker!r} was not painted; the last output was {output[-500:]!r}")
            output += self._read()
        last = time.perf_counter()
        while self._readable(FRAME_GAP):
            self._read()
            last = time.perf_counter()
        return last

    def drain(self, seconds: float) -> None:
        """Discard output for some seconds, so that the command finishes its work between two keys."""
        deadline = time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            if self._readable(left):
                self._read()

    def _read(self) -> bytes:
        try:
            return os.read(self._fd, 1 << 16)
        except OSError as error:  # Linux reports a closed pty this way
            raise TimeoutError("the command has ended") from error

    def _readable(self, seconds: float) -> bool:
        return bool(select.select([self._fd], [], [], max(0.0, seconds))[0])


@dataclass
class Waits:
    """Measured waiting times of one kind, in milliseconds."""

    name: str
    """What was measured."""
    samples: list[float] = field(default_factory=list)
    """The waiting times in milliseconds."""

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.samples)

    @property
    def p99(self) -> float:
        """The 99th percentile."""
        return sorted(self.samples)[max(0, round(len(self.samples) * 0.99) - 1)]


@dataclass(frozen=True)
class Subject:
    """An app whose response to a key is measured."""

    name: str
    """What is measured."""
    command: Sequence[str]
    """The command that starts it."""
    key: str
    """The key to press."""
    marker: Marker
    """Text that is on screen after a number of keys."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Environment variables it needs."""
    ready: bytes = b""
    """Text that is on screen when it is ready; b"" for the marker of zero keys."""


def measure_keys(subjects: Sequence[Subject], *, count: int, rest: float = 0.03) -> list[Waits]:
    """Measure from a key to the last byte of the frame it changes, `count` times each and `rest` seconds apart.

    All subjects run at once and take turns, so that a busy moment of the machine affects all of them alike.
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
    """Return the milliseconds from starting a command to the end of the frame that shows `ready`."""
    with Terminal(command, environment) as terminal:
        return (terminal.wait_for(ready) - terminal.started) * 1000


def _variables() -> dict[str, str]:
    """Return the environment of a person's terminal, in which Python caches bytecode."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return inherited | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
