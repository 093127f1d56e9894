"""Pseudo-terminal for tests: runs the app and returns the screen as a user sees it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pexpect
import pyte

DEVELOPER_VARIABLES = ("CORPUSCOPE", "XDG", "NO_COLOR", "COLUMNS", "LINES")
"""Prefixes of environment variables of the developer's terminal and settings, hidden from the app."""

TIMEOUT = 60.0
"""Seconds after which an expected screen counts as missing; far longer than any takes to appear."""


CORPUSCOPE = (sys.executable, "-m", "corpuscope")
"""Command line that starts the app."""


def a_document_and(progress: str) -> Callable[[str], bool]:
    """Return a condition: this progress and a document are on screen. The header alone appears a moment earlier."""
    return lambda text: progress in text and " words" in text


def the_document_after(labelled: int, planned: int) -> Callable[[str], bool]:
    """Return a condition: so many documents are labelled, and the one after them is on screen.

    The count is painted first. A key that comes before the next document has no document to label.
    """
    return lambda text: f"{labelled} / {planned}" in text and f"document {labelled + 1} " in text


class Terminal:
    """One run of `corpuscope`, or of another command, in a pty of the given size.

    It sees none of the developer's settings: HOME is `folder / "home"`. Leaving the context ends the process.
    """

    def __init__(
        self,
        *arguments: str,
        folder: Path,
        columns: int = 80,
        rows: int = 24,
        environment: Mapping[str, str] | None = None,
        command: Sequence[str] = CORPUSCOPE,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.raw = ""
        self._stream = pyte.Stream(self.screen)
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(DEVELOPER_VARIABLES)}
        home = {"HOME": str(folder / "home"), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self._child = pexpect.spawn(
            command[0],
            [*command[1:], *arguments],
            cwd=str(folder),
            env={**inherited, **home, **(environment or {})},
            dimensions=(rows, columns),
            encoding="utf-8",
            codec_errors="surrogateescape",
            timeout=TIMEOUT,
        )
        self._child.delaybeforesend = None  # by default 0.05 s before each key, for password prompts

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.close(force=True)

    @property
    def pid(self) -> int:
        """Id of the child process."""
        return int(self._child.pid)

    @property
    def text(self) -> str:
        """Current screen, one line per row."""
        self._read()
        # not pyte's `display`: it fails on empty cells, which a mark drawn over another leaves
        rows = (self.screen.buffer[y] for y in range(self.screen.lines))
        return "\n".join("".join(row[x].data for x in range(self.screen.columns)) for row in rows)

    def wait_for(self, expected: str | Callable[[str], bool]) -> str:
        """Wait until the screen contains a text or meets a condition, and return it.

        Raises AssertionError with the last screen after TIMEOUT seconds.
        """
        deadline = time.monotonic() + TIMEOUT
        matches = expected if callable(expected) else lambda text: expected in text
        while time.monotonic() < deadline:
            text = self.text
            if matches(text):
                return text
            if not self._child.isalive() and matches(self.text):
                return self.text
        raise AssertionError(f"never saw {expected!r}; the screen was:\n{self.text}")

    def wait_until_idle(self) -> str:
        """Wait until nothing more is painted, and return the screen."""
        text = self.text
        for _ in range(200):
            quiet = [self.text for _ in range(10)]
            if all(screen == text for screen in quiet):
                return text
            text = quiet[-1]
        raise AssertionError(f"the screen never came to rest:\n{text}")

    def press(self, keys: str) -> None:
        """Type keys, control characters and escape sequences included."""
        self._child.send(keys)

    def resize(self, columns: int, rows: int) -> None:
        """Resize the window."""
        self.screen.resize(rows, columns)
        self._child.setwinsize(rows, columns)

    def kill(self) -> None:
        """Kill the process, as a power cut would."""
        self._child.kill(signal.SIGKILL)
        self._child.wait()

    def quit(self) -> int:
        """Press q, wait for the exit and return the exit code."""
        self.press("q")
        return self.wait_for_exit()

    def wait_for_exit(self) -> int:
        """Wait for the exit and return the exit code."""
        self._child.expect(pexpect.EOF)
        self._feed(self._child.before or "")
        self._child.close()
        return int(self._child.exitstatus)

    def _read(self) -> None:
        try:
            self._feed(self._child.read_nonblocking(65536, timeout=0.02))
        except (pexpect.TIMEOUT, pexpect.EOF):
            return

    def _feed(self, data: str) -> None:
        self.raw += data
        self._stream.feed(data)
