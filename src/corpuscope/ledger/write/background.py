"""Compact journals in the background: the full ones of this session, and those of dead sessions."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import mkdtemp
from threading import Event, Lock, Thread
from typing import NamedTuple

from corpuscope import latency
from corpuscope.errors import LedgerError
from corpuscope.files import Files, reason
from corpuscope.ledger.folder import list_ledger
from corpuscope.ledger.journal import VERSION, Journal, Scan, scan_file
from corpuscope.text.quantities import quantity


class BackgroundCompaction:
    """Compacts submitted journals one after another, in a thread that runs only while there is work.

    A journal that cannot be compacted stays as it is and is retried at `finish`. When that fails too, a
    notice says so, and the next session retries. Its events are durable and readable all the time.
    """

    def __init__(self, folder: Path, files: Files, notice: Callable[[str], None]) -> None:
        """Call `notice`, from any thread, with each sentence for the screen."""
        self._folder = folder
        self._files = files
        self._notice = notice
        self._lock = Lock()
        self._waiting: deque[Journal] = deque()
        self._failed: list[Journal] = []
        self._thread: Thread | None = None
        self._hurry = Event()

    def submit(self, journal: Journal) -> None:
        """Queue `journal` for compaction; nothing may be appended to it any more. Non-blocking."""
        with self._lock:
            self._waiting.append(journal)
            if self._thread is None:
                # Not a daemon: at exit the interpreter waits for the current journal.
                self._thread = Thread(target=self._run, name="ledger-compactor")
                self._thread.start()

    def finish(self, *, merge: bool) -> None:
        """Compact the remaining journals, then merge small parts if `merge`. Never raises OSError."""
        self._hurry.set()
        if (thread := self._thread) is not None:
            thread.join()
        failed, self._failed = self._failed, []
        for journal in failed:
            self._compact(journal, last_try=True)
        if merge and not self._failed:
            self._merge()
        for journal in self._failed:
            journal.release()

    def _run(self) -> None:
        self._hurry.wait(latency.COMPACT_AFTER)
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                journal = self._waiting.popleft()
            self._compact(journal)

    def _compact(self, journal: Journal, *, last_try: bool = False) -> None:
        from corpuscope.ledger.write.compaction import compact_journal

        try:
            notices = compact_journal(self._folder, journal, self._files)
        except (OSError, LedgerError, MemoryError) as error:
            self._failed.append(journal)
            if last_try:
                self._notice(
                    f"{journal.path.name} could not be made into Parquet ({_error_text(error)}); {_kept(journal)}"
                )
        else:
            for sentence in notices:
                self._notice(sentence)

    def _merge(self) -> None:
        from corpuscope.ledger.write.compaction import merge_parts

        try:
            for sentence in merge_parts(self._folder, self._files):
                self._notice(sentence)
        except (OSError, LedgerError, MemoryError) as error:
            self._notice(f"small parts in {self._folder} were not merged: {_error_text(error)}")


def _kept(journal: Journal) -> str:
    """Return where the events of a journal are that could not be compacted; a detached one is copied first."""
    if not journal.detached:
        return "its events count all the same, and the next start tries again"
    try:
        copy = Path(mkdtemp(prefix="corpuscope-")) / journal.path.name
        copy.write_bytes(journal.content())
    except OSError as error:
        return f"it was removed while it was open, and saving it elsewhere failed too ({reason(error)})"
    return f"it was removed while it was open and is kept as {copy}: move it into a labels folder"


def _error_text(error: OSError | LedgerError | MemoryError) -> str:
    if isinstance(error, LedgerError):
        return error.message
    return reason(error) if isinstance(error, OSError) else "not enough memory"


class LeftoverJournals(NamedTuple):
    """The journals in a folder at the start of a session."""

    journals: tuple[Journal, ...]
    """Journals of dead sessions with content to keep, now locked by this process."""
    live: tuple[Path, ...]
    """Journals of sessions that are open elsewhere."""
    last_event: str | None
    """The greatest event id in any journal, None when there is none."""
    notices: tuple[str, ...]
    """What was recovered or cut, in sentences."""


def take_over_dead_journals(folder: Path, files: Files) -> LeftoverJournals:
    """Lock the journals of dead sessions, removing empty ones; leave live ones alone. Raises OSError."""
    journals: list[Journal] = []
    live: list[Path] = []
    notices: list[str] = []
    last = ""
    with ExitStack() as on_error:
        for path in list_ledger(folder).journals:
            journal = Journal.take_over(path, files)
            if journal is None:
                live.append(path)
                last = max(last, *_ids(scan_file(path)), "")
                continue
            on_error.callback(journal.release)
            scan = journal.scan()
            ids = _ids(scan)
            last = max(last, *ids, "")
            if scan.version > VERSION:
                notices.append(
                    f"{path} was written by a newer corpuscope and stays as it is: upgrade corpuscope to compact it"
                )
                journal.release()
                continue
            if scan.torn:
                notices.append(
                    f"the last line of {path.name} was cut ({scan.torn:,} bytes): it was being written when its"
                    " session died, and had not been acknowledged"
                )
            if ids:
                events = quantity(len(ids), "event")
                notices.append(f"{events} of a session that was cut off recovered from {path.name}")
            if ids or scan.damaged:
                journals.append(journal)
            else:
                journal.remove()
        on_error.pop_all()
    return LeftoverJournals(tuple(journals), tuple(live), last or None, tuple(notices))


def _ids(scan: Scan) -> list[str]:
    return [record["event_id"] for record in scan.events]
