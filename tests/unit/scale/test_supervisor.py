"""Tests of ranks as processes: every one is done once, whatever happens to its process."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from corpuscope.scale.supervisor import RankEvent, Supervisor


def program(code: str) -> Sequence[str]:
    return (sys.executable, "-I", "-S", "-c", code)


def finishing(folder: Path, rank: int) -> str:
    """Return a program that does a rank: it adds a line to the rank's file."""
    return f"open({str(folder / str(rank))!r}, 'a').write('row\\n')"


class Ranks:
    """A supervisor over programs, with the events that it reported."""

    def __init__(self, folder: Path, code: Callable[[int, int], str], workers: int = 2) -> None:
        self.folder = folder
        self.tries: dict[int, int] = {}
        self.events: list[RankEvent] = []
        self._code = code
        self.supervisor = Supervisor(
            self._command,
            lambda rank: (folder / str(rank)).exists(),
            workers=workers,
            log=folder / "log",
            pause=0,
        )

    def _command(self, rank: int) -> Sequence[str]:
        self.tries[rank] = self.tries.get(rank, 0) + 1
        return program(self._code(rank, self.tries[rank]))

    def run(self, count: int) -> tuple[object, ...]:
        return tuple(self.supervisor.run(range(count), self.events.append))

    def rows(self) -> dict[str, int]:
        files = [file for file in self.folder.iterdir() if file.is_file()]
        return {file.name: len(file.read_text().splitlines()) for file in sorted(files)}


KILL = f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})"


def test_every_rank_is_done_once(tmp_path: Path) -> None:
    ranks = Ranks(tmp_path, lambda rank, _: finishing(tmp_path, rank))
    assert ranks.run(4) == ()
    assert ranks.rows() == {"0": 1, "1": 1, "2": 1, "3": 1}
    assert sorted(event.rank for event in ranks.events if event.state == "finished") == [0, 1, 2, 3]


def test_a_rank_whose_process_is_killed_is_done_again(tmp_path: Path) -> None:
    ranks = Ranks(
        tmp_path, lambda rank, attempt: KILL if rank == 1 and attempt < 3 else finishing(tmp_path, rank)
    )
    assert ranks.run(3) == ()
    assert ranks.rows() == {"0": 1, "1": 1, "2": 1}
    retried = [event for event in ranks.events if event.state == "retried"]
    assert [event.rank for event in retried] == [1, 1]
    assert "was killed (SIGKILL)" in retried[0].message


def test_a_rank_is_done_again_after_the_others(tmp_path: Path) -> None:
    order: list[int] = []

    def code(rank: int, attempt: int) -> str:
        order.append(rank)
        return KILL if rank == 0 and attempt == 1 else finishing(tmp_path, rank)

    assert Ranks(tmp_path, code, workers=1).run(3) == ()
    assert order == [0, 1, 2, 0]


def test_a_rank_is_given_up_after_three_tries_and_the_others_go_on(tmp_path: Path) -> None:
    ranks = Ranks(tmp_path, lambda rank, _: KILL if rank == 0 else finishing(tmp_path, rank), workers=1)
    (failure,) = ranks.supervisor.run(range(3), ranks.events.append)
    assert (failure.rank, failure.attempts) == (0, 3)
    assert ranks.rows() == {"1": 1, "2": 1}


@pytest.mark.parametrize(("code", "tries"), [(1, 3), (2, 1)])
def test_a_fault_that_no_second_try_can_mend_is_tried_once(tmp_path: Path, code: int, tries: int) -> None:
    fault = '{"fault": "web.jsonl is damaged", "hint": "copy it again"}'
    ranks = Ranks(tmp_path, lambda _, __: f"import sys; print({fault!r}); sys.exit({code})")
    (failure,) = ranks.supervisor.run([0])
    assert (failure.attempts, failure.message, failure.hint) == (
        tries,
        "web.jsonl is damaged",
        "copy it again",
    )


def test_ranks_are_not_tried_one_after_the_other_when_the_network_is_gone(tmp_path: Path) -> None:
    fault = '{"fault": "not reached", "hint": ""}'
    ranks = Ranks(tmp_path, lambda _, __: f"import sys; print({fault!r}); sys.exit(1)", workers=1)
    assert len(ranks.run(20)) == 1
    assert sum(ranks.tries.values()) == 15
    damaged = Ranks(tmp_path, lambda _, __: f"import sys; print({fault!r}); sys.exit(2)", workers=1)
    assert len(damaged.run(7)) == 7


def test_a_process_that_ends_well_without_results_has_not_done_its_rank(tmp_path: Path) -> None:
    ranks = Ranks(tmp_path, lambda _, __: "pass")
    (failure,) = ranks.supervisor.run([0])
    assert "its results are not there" in failure.message


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGTERM, "its process was killed (SIGTERM)"),
        (signal.SIGKILL, "its process was killed (SIGKILL), perhaps for want of memory"),
        (40, "its process was killed (signal 40)"),
    ],
)
def test_the_signal_that_ended_a_process_is_named(tmp_path: Path, number: int, words: str) -> None:
    ranks = Ranks(tmp_path, lambda _, __: f"import os; os.kill(os.getpid(), {int(number)})")
    (failure,) = ranks.supervisor.run([0])
    assert (failure.message, failure.hint) == (words, "")


def test_a_process_has_a_session_of_its_own_and_one_core(tmp_path: Path) -> None:
    """Ctrl-c of the terminal does not reach it, and ranks side by side do not share their cores out again."""
    alone = "import os; assert os.getsid(0) == os.getpid() and os.environ['OMP_NUM_THREADS'] == '1'; "
    assert Ranks(tmp_path, lambda rank, _: alone + finishing(tmp_path, rank)).run(1) == ()


def test_a_process_that_cannot_be_started_is_a_failure_in_words(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda _: ["/no/such/program"], lambda _: True, workers=1, log=tmp_path, pause=0)
    (failure,) = supervisor.run([0])
    assert failure.message == "no process could be started: No such file or directory"


def test_the_last_line_of_a_crash_is_the_reason(tmp_path: Path) -> None:
    ranks = Ranks(tmp_path, lambda _, __: "raise SystemError('no such thing')")
    (failure,) = ranks.supervisor.run([0])
    assert failure.message == "SystemError: no such thing"


def test_documents_under_way_are_reported(tmp_path: Path) -> None:
    lines = 'print(\'{"documents": 7}\'); print("noise"); '
    ranks = Ranks(tmp_path, lambda rank, _: lines + finishing(tmp_path, rank))
    assert ranks.run(1) == ()
    assert [event.documents for event in ranks.events if event.state == "running"] == [7]


def test_a_stop_ends_every_process(tmp_path: Path) -> None:
    waiting = "import time; print('{\"documents\": 1}', flush=True); time.sleep(60)"
    ranks = Ranks(tmp_path, lambda _, __: waiting)
    seen: list[int] = []
    threads = threading.active_count()

    def interrupt(_: RankEvent) -> None:
        seen.extend(ranks.supervisor.processes)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ranks.supervisor.run(range(4), interrupt)
    assert seen
    for process in seen:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)
    assert threading.active_count() == threads
