"""What happens behind a session: full journals become parts, and so do those of dead sessions."""

from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread

from corpuscope.errors import LedgerError
from corpuscope.files import Files, reason
from corpuscope.ledger.folder import list_ledger
from corpuscope.ledger.journal import VERSION, Journal, Scan, scan_file

GIVE_WAY = 0.1
"""Seconds before a thread begins: the key that filled the journal is painted by then."""


class BackgroundCompaction:
    """Compacts journals one after another; a thread lives only while there is one to compact.

    A journal that cannot be compacted now stays as it is and is tried again at `finish`, and failing that, which
    is then said, at the next start: its events are durable and read all the while.
    """

    def __init__(self, folder: Path, files: Files, notice: Callable[[str], None]) -> None:
        """`notice` takes a sentence for the screen, from any thread."""
        self._folder = folder
        self._files = files
        self._notice = notice
        self._lock = Lock()
        self._waiting: deque[Journal] = deque()
        self._kept: list[Journal] = []
        self._thread: Thread | None = None
        self._hurry = Event()

    def submit(self, journal: Journal) -> None:
        """Compacts `journal` soon; nothing may be appended to it any more. Returns at once."""
        with self._lock:
            self._waiting.append(journal)
            if self._thread is None:
                # Not a daemon: at exit the interpreter waits for the journal in work, it does not cut it off.
                self._thread = Thread(target=self._run, name="ledger-compactor")
                self._thread.start()

    def finish(self, *, merge: bool) -> None:
        """Compacts what is left, merges small parts when asked to, and gives up every journal. Never raises OSError."""
        self._hurry.set()
        if (thread := self._thread) is not None:
            thread.join()
        kept, self._kept = self._kept, []
        for journal in kept:
            self._compact(journal, last_try=True)
        if merge and not self._kept:
            self._merge()
        for journal in self._kept:
            journal.release()

    def _run(self) -> None:
        self._hurry.wait(GIVE_WAY)
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
            self._kept.append(journal)
            if last_try:
                self._notice(
                    f"{journal.path.name} could not be made into Parquet ({_words(error)});"
                    " its events count all the same, and the next start tries again"
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
            self._notice(f"small parts in {self._folder} were not merged: {_words(error)}")


def _words(error: OSError | LedgerError | MemoryError) -> str:
    if isinstance(error, LedgerError):
        return error.message
    return reason(error) if isinstance(error, OSError) else "not enough memory"


@dataclass(frozen=True, slots=True)
class LeftoverJournals:
    """The journals in a folder at the start of a session."""

    journals: tuple[Journal, ...]
    """Of sessions that did not end by themselves: held by this process now, each with something worth keeping."""
    live: tuple[Path, ...]
    """Of sessions that are open elsewhere."""
    last_event: str | None
    """The greatest event id in any of them, None when they have none."""
    notices: tuple[str, ...]
    """What was found, in sentences."""


def take_over_dead_journals(folder: Path, files: Files) -> LeftoverJournals:
    """Takes over the journals of dead sessions; those of live ones are left alone. Raises OSError."""
    journals: list[Journal] = []
    live: list[Path] = []
    notices: list[str] = []
    last = ""
    with ExitStack() as held:
        for path in list_ledger(folder).journals:
            journal = Journal.take_over(path, files)
            if journal is None:
                live.append(path)
                last = max(last, *_ids(scan_file(path)), "")
                continue
            held.callback(journal.release)
            found = journal.scan()
            ids = _ids(found)
            last = max(last, *ids, "")
            if found.version > VERSION:
                notices.append(
                    f"{path} was written by a newer corpuscope and stays as it is: upgrade corpuscope to compact it"
                )
                journal.release()
                continue
            if found.torn:
                notices.append(
                    f"the last line of {path.name} was cut ({found.torn:,} bytes): it was being written when its"
                    " session died, and had not been acknowledged"
                )
            if ids:
                events = f"{len(ids):,} event{'s' if len(ids) != 1 else ''}"
                notices.append(f"{events} of a session that was cut off recovered from {path.name}")
            if ids or found.damaged:
                journals.append(journal)
            else:
                journal.remove()
        held.pop_all()
    return LeftoverJournals(tuple(journals), tuple(live), last or None, tuple(notices))


def _ids(found: Scan) -> list[str]:
    return [record["event_id"] for record in found.events]
