"""Lock that lets one run at a time label as an annotator."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Self
from zlib import crc32

from corpuscope.errors import LedgerNotWritable
from corpuscope.files import Files

PATIENCE = 2.0
"""Seconds to wait for a run that is just ending, as when a page in a browser is loaded again."""


class AnnotatorLock:
    """Held while a run labels as an annotator: a second one would show the same documents and override the first.

    The kernel gives the lock up with the process, however that ends.
    """

    def __init__(self, descriptor: int, files: Files) -> None:
        """Use `take`."""
        self._descriptor = descriptor
        self._files = files

    @classmethod
    def take(cls, folder: Path, annotator: str, files: Files, patience: float = PATIENCE) -> Self:
        """Take the lock. Raises LedgerNotWritable when another run has it, and OSError."""
        name = crc32(annotator.encode("utf-8", "surrogatepass"))
        descriptor = files.open_lock(folder / f".annotator-{name:08x}.lock")
        deadline = time.monotonic() + patience
        while not files.lock(descriptor, wait=False):
            if time.monotonic() > deadline:
                files.close(descriptor)
                raise LedgerNotWritable(
                    f"{annotator} is labelling in {folder} in another window: two runs would override each other",
                    "leave that one first, or say who labels here with --annotator NAME",
                )
            time.sleep(0.05)
        return cls(descriptor, files)

    def release(self) -> None:
        """Let another run label."""
        self._files.close(self._descriptor)
