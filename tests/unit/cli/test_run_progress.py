"""Tests of the progress of a run over a whole corpus, as it is counted and as it is shown in a pipe."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corpuscope.cli.run_progress import ProgressLine, RunProgress
from corpuscope.corpora.corpus_files import CorpusFile, CorpusFiles
from corpuscope.corpora.parse import corpus_for
from corpuscope.scale.run_folder import Run
from corpuscope.scale.supervisor import RankEvent


def a_run(files: int = 10, rows: int | None = None) -> Run:
    """Return a run with a rank per file; `rows` are the rows of each, None where they are not known."""
    listed = tuple(CorpusFile(f"{i}.jsonl", 1000, rows, "") for i in range(files))
    return Run("web", CorpusFiles(corpus_for("web.jsonl"), "r", listed, None), files, None)


def at(*seconds: float) -> Callable[[], float]:
    """Return a clock that shows these times in turn, and the last one for ever."""
    times = list(seconds)
    return lambda: times.pop(0) if len(times) > 1 else times[0]


def test_progress_estimates_the_documents_to_come_from_the_bytes_done() -> None:
    progress = RunProgress(a_run(), {0: 100}, lambda _: 100, at(0, 20))
    assert progress.expected == 1000
    progress.take(RankEvent(1, 60))
    progress.take(RankEvent(2, 80))
    progress.take(RankEvent(2, state="finished"))
    assert progress.documents == 260
    assert progress.per_second == 8
    assert str(progress) == "260 documents, 2 of 10 ranks, 8 documents a second, 0:01:32 left"


def test_documents_that_the_files_count_themselves_are_not_estimated() -> None:
    progress = RunProgress(a_run(files=2, rows=70), {}, lambda _: 70, at(0, 10))
    assert progress.expected == 140
    progress.take(RankEvent(0, 20))
    assert progress.seconds_left == 60


def test_without_a_finished_rank_nobody_knows_how_long_it_takes() -> None:
    progress = RunProgress(a_run(), {}, lambda _: 100, at(0, 20))
    progress.take(RankEvent(0, 40))
    assert (progress.expected, progress.seconds_left) == (None, None)
    assert str(progress) == "40 documents, 0 of 10 ranks, 2 documents a second"


def test_without_a_document_of_this_start_there_is_no_speed() -> None:
    progress = RunProgress(a_run(), {0: 100}, lambda _: 100, at(0, 20))
    assert (progress.per_second, progress.seconds_left) == (0, None)
    assert str(progress) == "100 documents, 1 of 10 ranks, 0 documents a second"


def test_more_documents_than_expected_leave_no_time() -> None:
    progress = RunProgress(a_run(files=2), {0: 10}, lambda _: 10, at(0, 20))
    progress.take(RankEvent(1, 90))
    assert progress.seconds_left == 0
    assert str(progress) == "100 documents, 1 of 2 ranks, 4 documents a second"


def test_a_rank_that_is_done_again_or_given_up_has_no_documents(capsys: pytest.CaptureFixture[str]) -> None:
    progress = RunProgress(a_run(), {}, lambda _: 100, at(0, 20))
    for rank, state in enumerate(("retried", "failed")):
        progress.take(RankEvent(rank, 60))
        progress.take(RankEvent(rank, state=state, message="it was killed"))
    assert progress.documents == 0
    assert capsys.readouterr().err == "rank 0 is done again: it was killed\n"


def test_a_pipe_gets_a_line_for_each_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    progress = RunProgress(a_run(files=2, rows=50), {}, lambda _: 50, at(0, 1))
    with ProgressLine(progress) as line:
        for documents in (4, 9, 10, 11, 19, 35, 39, 40):
            line.event(RankEvent(0, documents))
    lines = capsys.readouterr().err.splitlines()
    assert [text.split()[0] for text in lines] == ["10", "35", "40"]


def test_a_pipe_gets_no_line_before_anybody_knows_how_much_there_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with ProgressLine(RunProgress(a_run(), {}, lambda _: 100, at(0, 20))) as line:
        line.event(RankEvent(0, 40))
        assert capsys.readouterr().err == ""
        line.event(RankEvent(0, state="finished"))
    assert capsys.readouterr().err == "100 documents, 1 of 10 ranks, 5 documents a second, 0:03:00 left\n"
