"""Run ranks as processes on this machine, and run those again whose process died."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from corpuscope.files import reason

ATTEMPTS = 3
"""Times that a rank is tried."""

MOST_FAILURES = 15
"""Tries in a row that may fail for want of network, disk or memory before no rank is tried any more."""

PAUSE = 5.0
"""Seconds to wait after a process that reported a fault; one that died is replaced at once."""

GRACE = 5.0
"""Seconds that a process has to end before it is killed."""

Command = Callable[[int], Sequence[str]]
"""Returns the command line that runs a rank."""


@dataclass(frozen=True, slots=True)
class RankFailure:
    """A rank that was given up."""

    rank: int
    """Number of the rank."""
    attempts: int
    """Times that it was tried."""
    message: str
    """Why the last attempt failed."""
    hint: str = ""
    """What to do about it; "" when the message says it."""


@dataclass(frozen=True, slots=True)
class RankEvent:
    """News of a rank: documents so far, or its end."""

    rank: int
    """Number of the rank."""
    documents: int = 0
    """Documents that the attempt under way has done."""
    state: str = "running"
    """`running`, `finished`, `retried` or `failed`."""
    message: str = ""
    """Why it will be tried again or was given up."""


class Supervisor:
    """Runner of ranks as processes, `workers` at a time."""

    def __init__(
        self,
        command: Command,
        is_finished: Callable[[int], bool],
        *,
        workers: int,
        log: Path,
        attempts: int = ATTEMPTS,
        pause: float = PAUSE,
    ) -> None:
        """Take the command of a rank, the test whether it is finished, and the folder `log` of what processes print."""
        self._command = command
        self._is_finished = is_finished
        self._workers = workers
        self._log = log
        self._attempts = attempts
        self._pause = pause
        self._waiting: deque[int] = deque()
        self._events: SimpleQueue[RankEvent] = SimpleQueue()
        self._failures: list[RankFailure] = []
        self._failed_in_a_row = 0
        self._tries: Counter[int] = Counter()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._stop = threading.Event()
        self._lock = threading.Lock()

    @property
    def processes(self) -> tuple[int, ...]:
        """Ids of the processes that run at the moment."""
        with self._lock:
            return tuple(process.pid for process in self._processes)

    def run(
        self, ranks: Iterable[int], on_event: Callable[[RankEvent], None] = lambda _: None
    ) -> tuple[RankFailure, ...]:
        """Run these ranks and return those that were given up. Blocks; every process ends with it, also after ctrl-c.

        After `MOST_FAILURES` failures in a row no other rank is tried: the network or the disk is gone.

        `on_event` is called in the calling thread.
        """
        self._waiting.extend(ranks)
        self._log.mkdir(parents=True, exist_ok=True)
        count = min(self._workers, len(self._waiting))
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(count)]
        try:
            for thread in threads:
                thread.start()
            while any(thread.is_alive() for thread in threads) or not self._events.empty():
                with suppress(Empty):
                    on_event(self._events.get(timeout=0.1))
        finally:
            self._end_all()
            for thread in threads:
                thread.join()
        return tuple(self._failures)

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                rank = self._waiting.popleft()
            except IndexError:
                return
            self._try(rank)

    def _try(self, rank: int) -> None:
        """Run a rank once. After a failure it comes again after the others, so that what hit it may have passed."""
        self._tries[rank] += 1
        code, fault, hint = self._attempt(rank)
        if self._stop.is_set():
            return
        if code == 0 and self._is_finished(rank):
            self._failed_in_a_row = 0
            self._events.put(RankEvent(rank, state="finished"))
            return
        message = fault or _ending(code)
        self._failed_in_a_row += code != 2  # a damaged file says nothing about the others
        if self._failed_in_a_row >= MOST_FAILURES:
            self._waiting.clear()
        elif code != 2 and self._tries[rank] < self._attempts:
            self._events.put(RankEvent(rank, state="retried", message=message))
            if fault:
                self._stop.wait(self._pause)
            self._waiting.append(rank)
            return
        self._failures.append(RankFailure(rank, self._tries[rank], message, hint))
        self._events.put(RankEvent(rank, state="failed", message=message))

    def _attempt(self, rank: int) -> tuple[int, str, str]:
        """Run the process of a rank to its end, and return its exit code and the fault that it reported."""
        fault = hint = ""
        errors = self._log / f"rank-{rank:05d}.txt"
        try:
            with errors.open("ab") as log:
                process = subprocess.Popen(  # noqa: S603  our own command
                    self._command(rank),
                    stdin=subprocess.PIPE,  # its end tells the process that this one is gone
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
                    start_new_session=True,  # ctrl-c is for this process, which ends the others
                )
        except OSError as error:
            return 1, f"no process could be started: {reason(error)}", ""
        with self._lock:
            self._processes.add(process)
        if self._stop.is_set():
            process.terminate()
        assert process.stdout is not None and process.stdin is not None, "both are pipes"
        for line in process.stdout:
            with suppress(ValueError, TypeError, KeyError):
                news = json.loads(line)
                if "documents" in news:
                    self._events.put(RankEvent(rank, int(news["documents"])))
                else:
                    fault, hint = str(news["fault"]), str(news["hint"])
        code = process.wait()
        process.stdin.close()
        process.stdout.close()
        with self._lock:
            self._processes.discard(process)
        if not fault and code > 0:
            fault = _last_line(errors)
        return code, fault, hint

    def _end_all(self) -> None:
        """End every process: nobody waits for a rank that is done again anyway."""
        self._stop.set()
        with self._lock:
            processes = tuple(self._processes)
        for process in processes:
            with suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + GRACE
        for process in processes:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()


def rank_command(folder: Path) -> Command:
    """Return the command that runs a rank of the run in `folder`."""
    return lambda rank: (sys.executable, "-m", "corpuscope.scale.rank", str(folder), str(rank))


def _ending(code: int) -> str:
    """Describe the end of a process that reported no fault."""
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
        return f"its process was killed ({name})" + (
            ", perhaps for want of memory" if code == -signal.SIGKILL else ""
        )
    return f"its process ended with exit code {code}, and its results are not there"


def _last_line(log: Path) -> str:
    """Return the last line that a process wrote to its log; "" when it wrote none."""
    with suppress(OSError):
        lines = log.read_bytes()[-4096:].decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""
    return ""
