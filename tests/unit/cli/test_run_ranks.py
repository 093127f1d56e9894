"""Tests of a run on this machine whose ranks are done, and of what keeps two runs apart."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from corpuscope.cli.run_ranks import cores, run_here, run_locked
from corpuscope.cli.run_request import RunRequest, requested_run
from corpuscope.corpora.corpus_files import CorpusFile, CorpusFiles
from corpuscope.corpora.parse import corpus_for
from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.scale.rank import run_rank
from scale_fakes import a_run

FILES = {"a.jsonl": ["news", "ads"], "b.jsonl": ["ads", "news news"]}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORPUSCOPE_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize("keep", [None, "News>=0.9"])
def test_a_run_whose_ranks_are_done_says_what_it_holds(
    tmp_path: Path, keep: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = a_run(tmp_path, FILES, tasks=2, keep=keep), tmp_path / "out"
    for rank in (0, 1):
        assert run_rank(folder.where, rank, io.StringIO()) == 0
    assert run_here(folder, folder.run(), out, workers=1) == 0
    kept = [f"1 of them kept in {out / 'kept'}: 25 % of the documents, 25 % of the tokens"] if keep else []
    assert capsys.readouterr().err.splitlines() == [
        f"4 documents in {out / 'rows'}",
        *kept,
        f"the shares of the whole corpus: corpuscope estimate web --from {out}",
    ]


@pytest.mark.slow
def test_a_rank_that_cannot_be_done_is_given_up_and_the_others_stay_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = a_run(tmp_path, FILES, tasks=2), tmp_path / "out"
    assert run_rank(folder.where, 0, io.StringIO()) == 0
    (tmp_path / "web" / "b.jsonl").write_text("")
    assert run_here(folder, folder.run(), out, workers=1) == 1
    given_up, hint, *rest = capsys.readouterr().err.splitlines()[-4:]
    assert given_up.startswith("rank 1 was given up after 1 try: ")
    assert "b.jsonl is not the file that was listed" in given_up
    assert hint
    assert rest == ["not done: 1 of 2 ranks; the same command tries again", f"logs: {out / 'logs'}"]


def test_two_processes_do_not_run_the_ranks_of_one_run(tmp_path: Path) -> None:
    with run_locked(tmp_path):
        with pytest.raises(UsageError, match="another process runs the ranks of"), run_locked(tmp_path):
            pass
        assert (tmp_path / ".lock").exists()
    with pytest.raises(CorpuscopeError, match="nowhere: cannot be written"), run_locked(tmp_path / "nowhere"):
        pass


def test_there_is_a_core_to_run_on() -> None:
    assert cores() >= 1


@pytest.mark.parametrize(
    ("files", "megabytes", "tasks", "workers", "ranks"),
    [
        (10, 1, None, 4, 4),  # small files: as many ranks as workers
        (10, 64, None, 4, 10),  # 64 MB each are worth a rank
        (10, 32, None, 4, 5),
        (3, 1000, None, 8, 3),  # a rank reads whole files
        (2000, 1000, None, 4, 1024),
        (10, 1, 7, 4, 7),
        (10, 1, 10, 4, 10),
    ],
)
def test_a_run_has_ranks_for_its_workers_and_its_size(
    files: int, megabytes: int, tasks: int | None, workers: int, ranks: int
) -> None:
    listed = CorpusFiles(
        corpus_for("web.jsonl"),
        "r",
        tuple(CorpusFile(f"{i}.jsonl", megabytes << 20, None, "") for i in range(files)),
        None,
    )
    request = RunRequest("web", None, None, None, tasks, workers)
    assert requested_run(request, "web", listed).tasks == ranks
