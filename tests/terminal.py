"""A real terminal for tests: starts the app in a pty and reads what a person would see."""

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
"""Variables of the developer's own terminal and settings, which the app must not see."""

TIMEOUT = 60.0
"""Seconds after which something that was waited for counts as missing; far more than it takes."""


CORPUSCOPE = (sys.executable, "-m", "corpuscope")
"""The app as the tests start it."""


class Terminal:
    """One run of `corpuscope`, or of another command, in a pty of the given size."""

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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.close(force=True)

    @property
    def pid(self) -> int:
        """The process that was started."""
        return int(self._child.pid)

    @property
    def text(self) -> str:
        """What is on screen now."""
        self._read()
        # not `display`, which fails on the empty cells that a mark drawn over another leaves
        rows = (self.screen.buffer[y] for y in range(self.screen.lines))
        return "\n".join("".join(row[x].data for x in range(self.screen.columns)) for row in rows)

    def wait_for(self, wanted: str | Callable[[str], bool]) -> str:
        """Waits until the screen holds some text or fits a condition; the screen then."""
        deadline = time.monotonic() + TIMEOUT
        fits = wanted if callable(wanted) else lambda text: wanted in text
        while time.monotonic() < deadline:
            text = self.text
            if fits(text):
                return text
            if not self._child.isalive() and fits(self.text):
                return self.text
        raise AssertionError(f"never saw {wanted!r}; the screen was:\n{self.text}")

    def wait_until_idle(self) -> str:
        """Waits until nothing more is painted; the screen then."""
        text = self.text
        for _ in range(200):
            quiet = [self.text for _ in range(10)]
            if all(each == text for each in quiet):
                return text
            text = quiet[-1]
        raise AssertionError(f"the screen never came to rest:\n{text}")

    def press(self, keys: str) -> None:
        """Types; control characters and escape sequences as they are."""
        self._child.send(keys)

    def resize(self, columns: int, rows: int) -> None:
        """Makes the window another size."""
        self.screen.resize(rows, columns)
        self._child.setwinsize(rows, columns)

    def kill(self) -> None:
        """Ends the app as a power cut would."""
        self._child.kill(signal.SIGKILL)
        self._child.wait()

    def quit(self) -> int:
        """Presses q and waits for the end; the exit code."""
        self.press("q")
        self._child.expect(pexpect.EOF)
        self._feed(self._child.before or "")
        self._child.close()
        return int(self._child.exitstatus)

    def wait_for_exit(self) -> int:
        """Waits for the end; the exit code."""
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
