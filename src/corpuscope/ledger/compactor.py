"""The thread that turns full journals into parts while the reader goes on reading."""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread

from corpuscope.errors import LedgerError
from corpuscope.files import Files, reason
from corpuscope.ledger.journal import Journal

GIVE_WAY = 0.1
"""Seconds before a thread begins: the key that filled the journal is painted by then."""


class Compactor:
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

    def hand_over(self, journal: Journal) -> None:
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
        from corpuscope.ledger.compaction import compact_journal

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
        from corpuscope.ledger.compaction import merge_parts

        try:
            for sentence in merge_parts(self._folder, self._files):
                self._notice(sentence)
        except (OSError, LedgerError, MemoryError) as error:
            self._notice(f"small parts in {self._folder} were not merged: {_words(error)}")


def _words(error: OSError | LedgerError | MemoryError) -> str:
    if isinstance(error, LedgerError):
        return error.message
    return reason(error) if isinstance(error, OSError) else "not enough memory"
