"""Run the app on a disk and a clock that fail: `failing_machine.py FAULTS [ARGUMENT...]`.

FAULTS is a file of one fault a line, which may change while the app runs:

- `write ENOSPC`: half of what goes into the labels folder is written, then the write fails with this error;
- `fsync EIO`: an fsync of a file in the labels folder fails with this error;
- `folder EINVAL`: an fsync of a folder fails with this error, as on some network disks;
- `slow 0.02`: every fsync takes so many seconds longer;
- `clock -3600`: the clock is so many seconds off, once the app starts.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from datetime import timedelta
from pathlib import Path

from corpuscope.domain.clock import Clock

PLACES = ("/labels/", "/labels-moved/")
"""What the paths of files in the labels folder contain."""


class FailingMachine:
    """The calls of the operating system that the app makes, with the faults that a file names."""

    def __init__(self, faults: Path) -> None:
        self._faults = faults
        self._write, self._fsync, self._now = os.write, os.fsync, Clock.now
        self._offset = timedelta(seconds=float(self._faults_by_name().get("clock", "0")))

    def install(self) -> None:
        """Let every later call of this process go through here."""
        vars(os).update(write=self.write, fsync=self.fsync)
        Clock.now = lambda clock: self._now(clock) + self._offset  # type: ignore[method-assign, assignment]

    def write(self, descriptor: int, data: bytes | memoryview) -> int:
        """Write, or tear the write and fail."""
        if _is_label_file(descriptor) and (name := self._faults_by_name().get("write")):
            self._write(descriptor, bytes(data)[: len(data) // 2])
            raise _error(name)
        return self._write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        """Sync, slowly or not at all."""
        faults = self._faults_by_name()
        time.sleep(float(faults.get("slow", "0")))
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            if name := faults.get("folder"):
                raise _error(name)
        elif _is_label_file(descriptor) and (name := faults.get("fsync")):
            raise _error(name)
        self._fsync(descriptor)

    def _faults_by_name(self) -> dict[str, str]:
        lines = self._faults.read_text().splitlines()
        return dict(line.split(" ", 1) for line in lines if line)


def _is_label_file(descriptor: int) -> bool:
    try:
        path = str(Path(f"/proc/self/fd/{descriptor}").readlink())
    except OSError:
        return False
    return any(place in path for place in PLACES)


def _error(name: str) -> OSError:
    number: int = getattr(errno, name)
    return OSError(number, os.strerror(number))


def main() -> None:
    """Run the app."""
    FailingMachine(Path(sys.argv[1])).install()
    sys.argv = ["corpuscope", *sys.argv[2:]]
    from corpuscope.__main__ import main as run

    run()


if __name__ == "__main__":
    main()
