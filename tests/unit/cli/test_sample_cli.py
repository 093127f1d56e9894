"""Tests of `corpuscope sample` and `corpuscope doctor` as scripts use them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from command_lines import Finished, finished
from corpuscope.cli.sample import SampleProgress
from corpuscope.sampling.feed.status import FeedState, FeedStatus
from hub.faults import Fault
from hub.layouts import C4, FINEWEB
from hub.server import StandIn


def environment(folder: Path, **more: str) -> dict[str, str]:
    folders = {"HOME": str(folder / "home"), "CORPUSCOPE_CACHE": str(folder / "cache")}
    return {name: value for name, value in os.environ.items() if name[:4] != "XDG_"} | folders | more


def corpuscope(*arguments: str, folder: Path) -> Finished:
    without = {name: None for name in os.environ if name[:4] == "XDG_"}
    home, cache = str(folder / "home"), str(folder / "cache")
    return finished(*arguments, folder=folder, HOME=home, CORPUSCOPE_CACHE=cache, **without)


def plan_of(folder: Path) -> dict[str, object]:
    plan: dict[str, object] = json.loads((folder / "labels" / "plan.json").read_text())
    return plan


LOG = Path("home", ".local", "state", "corpuscope", "corpuscope.log")
"""Where messages of libraries go, which would stand between the data."""


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A folder with a local corpus of 40 documents."""
    lines = (json.dumps({"text": f"document {n}", "body": f"body {n}"}) + "\n" for n in range(40))
    (tmp_path / "web.jsonl").write_text("".join(lines))
    return tmp_path


def test_a_sample_goes_into_a_pipe_as_it_is_drawn(web: Path) -> None:
    os.mkfifo(web / "pipe")
    reader = subprocess.Popen(["cat", web / "pipe"], stdout=subprocess.PIPE, text=True)
    sampled = corpuscope("sample", "web.jsonl", "-n", "3", "-o", "pipe", folder=web)
    assert sampled.returncode == 0, sampled.stderr
    assert "3 documents of web in pipe" in sampled.stderr
    piped = reader.communicate(timeout=60)[0]
    assert piped == corpuscope("sample", "web.jsonl", "-n", "3", "-o", "-", folder=web).stdout
    assert len(piped.splitlines()) == 3
    assert (web / "pipe").is_fifo()
    refused = corpuscope("sample", "web.jsonl", "-o", "pipe", "--format", "parquet", folder=web)
    assert (refused.returncode, "parquet needs a file" in refused.stderr) == (2, True)


def test_lines_go_to_stdout_and_what_is_uniform_to_stderr(web: Path) -> None:
    result = corpuscope("sample", "web.jsonl", "-n", "5", folder=web)
    assert result.returncode == 0
    assert [json.loads(line)["draw"] for line in result.stdout.splitlines()] == list(range(5))
    assert result.stderr == (
        "5 documents of web: draws 0 to 4. Exact: every document is equally likely.\n"  # and no progress bar
    )


def test_one_document_is_one_draw(web: Path) -> None:
    result = corpuscope("sample", "web.jsonl", "-n", "1", folder=web)
    assert result.stderr == "1 document of web: draw 0. Exact: every document is equally likely.\n"
    assert (web / LOG).exists()


@pytest.mark.parametrize(
    ("arguments", "documents", "words"),
    [
        ("-n 3 --from 5", 3, "3 documents of web: draws 5 to 7"),
        ("-n 1 --from 39", 1, "1 document of web: draw 39"),
        (
            "-n 2 --from 40",
            0,
            "0 documents of web: no document from draw 40 on; 2 were asked for, no more can be drawn",
        ),
        ("-n 40", 40, "40 documents of web: draws 0 to 39"),
        ("-n 41", 40, "40 documents of web: draws 0 to 39; 41 were asked for, no more can be drawn"),
        ("", 40, "40 documents of web: draws 0 to 39; 100 were asked for, no more can be drawn"),
        ("-n 2 -o x", 0, "2 documents of web in x: draws 0 to 1"),
        ("-n 2 -o x.JSON", 0, "2 documents of web in x.JSON: draws 0 to 1"),
        ("-n 2 -o x.csv --format jsonl", 0, "2 documents of web in x.csv: draws 0 to 1"),
    ],
)
def test_a_sample_says_which_draws_it_holds(web: Path, arguments: str, documents: int, words: str) -> None:
    result = corpuscope("sample", "web.jsonl", *arguments.split(), folder=web)
    assert (result.returncode, len(result.stdout.splitlines())) == (0, documents)
    assert result.stderr == f"{words}. Exact: every document is equally likely.\n"


def test_documents_with_bytes_that_no_text_holds_are_counted(tmp_path: Path) -> None:
    (tmp_path / "half.jsonl").write_bytes(b'{"text": "\\ud83d b"}\n{"text": "c"}\n{"text":"\xff"}\n')
    result = corpuscope("sample", "half.jsonl", "-n", "3", folder=tmp_path)
    assert result.stderr.splitlines()[-1].startswith(
        "2 documents with bytes that are not UTF-8 or half characters"
    )


def test_an_unreachable_hub_is_reported_once(capsys: pytest.CaptureFixture[str]) -> None:
    progress = SampleProgress()
    for _ in range(3):
        progress.status(FeedStatus(FeedState.OFFLINE, 0, "the Hub did not answer"))
    assert (
        capsys.readouterr().err.count("offline; retrying for up to five minutes: the Hub did not answer") == 1
    )


def test_two_files_of_one_name_can_be_told_apart(web: Path) -> None:
    (web / "other").mkdir()
    (web / "other" / "web.jsonl").write_text('{"text": "elsewhere"}\n')
    corpuscope("sample", "web.jsonl", "-n", "1", folder=web)
    refused = corpuscope("sample", "other/web.jsonl", "-n", "1", folder=web)
    assert "give this one a name of its own (NAME=PATH)" in refused.stderr
    named = corpuscope("sample", "second", "--path", "other/web.jsonl", "-n", "1", folder=web)
    assert json.loads(named.stdout)["text"] == "elsewhere"


def test_the_first_sample_writes_the_plan_and_later_ones_keep_to_it(web: Path) -> None:
    first = corpuscope("sample", "web.jsonl", "-n", "9", "--seed", "5", "--text", "body", folder=web)
    plan = plan_of(web)
    assert plan["seed"] == 5
    assert plan["corpora"]["web"]["revision"]  # type: ignore[index]
    second = corpuscope("sample", "web", "--from", "3", "-n", "2", folder=web)
    assert second.stdout.splitlines() == first.stdout.splitlines()[3:5]
    assert json.loads(second.stdout.splitlines()[0])["text"].startswith("body ")
    assert plan_of(web) == plan
    other = corpuscope("sample", "web", "--seed", "6", folder=web)
    assert (other.returncode, other.stdout) == (2, "")
    assert "plan.json says seed is 5, but 6 was asked for" in other.stderr


@pytest.mark.slow
def test_the_same_plan_draws_the_same_documents(hub: StandIn, tmp_path: Path) -> None:
    mine, yours = tmp_path / "mine", tmp_path / "yours"
    (yours / "labels").mkdir(parents=True)
    mine.mkdir()
    first = corpuscope("sample", "c4", "-n", "6", folder=mine)
    assert hub.commit(C4.dataset) in (mine / "labels" / "plan.json").read_text()
    (yours / "labels" / "plan.json").write_bytes((mine / "labels" / "plan.json").read_bytes())
    assert corpuscope("sample", "c4", "-n", "6", folder=yours).stdout == first.stdout != ""
    assert "one of its first 48 rows: uniform as far as the order" in first.stderr


@pytest.mark.slow
def test_parquet_needs_a_named_file_and_records_what_was_set_aside(hub: StandIn, tmp_path: Path) -> None:
    gone = FINEWEB.shards[2]  # with seed 3 draw 4 is the first of this file
    hub.faults.add(Fault("status", gone, status=404))
    refused = corpuscope("sample", "fineweb", "--format", "parquet", folder=tmp_path)
    assert (refused.returncode, "--output" in refused.stderr) == (2, True)
    result = corpuscope("sample", "fineweb", "-n", "12", "-o", "f.parquet", "--seed", "3", folder=tmp_path)
    assert (result.returncode, result.stdout) == (0, "")
    rows = pq.read_table(tmp_path / "f.parquet").to_pylist()
    assert [row["draw"] for row in rows] == list(range(12))
    for row in rows:
        assert row["text"] == FINEWEB.record(FINEWEB.shards.index(row["shard"]), row["row"])["text"]
    drawing = json.loads(pq.read_schema(tmp_path / "f.parquet").metadata[b"corpuscope"])
    assert (drawing["seed"], drawing["uniform"]) == (rows[0]["seed"], rows[0]["uniform"])
    assert drawing["set_aside"] == pytest.approx(0.28, abs=0.02)
    assert [warning.split()[0] for warning in drawing["warnings"]] == [gone]


@pytest.mark.slow
def test_a_sample_stopped_with_ctrl_c_goes_on_where_it_was(hub: StandIn, tmp_path: Path) -> None:
    command = ("sample", "fineweb", "-n", "60", "-o", "f.jsonl", "--seed", "3")
    # with this seed draw 6 is the first of this file: nothing can be drawn beyond it until the faults are cleared
    hub.faults.add(Fault("hold", "GET /storage/.*/000_00000.parquet"))
    running = subprocess.Popen(
        [sys.executable, "-m", "corpuscope", *command],
        cwd=tmp_path,
        env=environment(tmp_path, HF_HUB_DOWNLOAD_TIMEOUT="60"),
        stderr=subprocess.PIPE,
        text=True,
    )
    partial = tmp_path / "f.jsonl.partial"
    deadline = time.monotonic() + 60
    while not partial.exists() or partial.read_bytes().count(b'"draw":') < 6:
        assert time.monotonic() < deadline, "the first six documents never came"
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    stderr = running.communicate(timeout=60)[1]
    assert running.returncode == 130
    assert "of 60 documents; the same command resumes from there; they are in f.jsonl.partial" in stderr
    assert partial.read_bytes().count(b'"draw":') == 6
    assert not (tmp_path / "f.jsonl").exists()
    hub.faults.clear()
    assert corpuscope(*command, folder=tmp_path).returncode == 0
    whole = corpuscope("sample", "fineweb", "-n", "60", folder=tmp_path)
    assert (tmp_path / "f.jsonl").read_text() == whole.stdout
    assert not partial.exists()


@pytest.mark.slow
def test_a_closed_pipe_ends_the_sample_quietly(web: Path) -> None:
    line = f"{sys.executable} -m corpuscope sample web.jsonl -n 40 | head -1"
    result = subprocess.run(line, shell=True, cwd=web, env=environment(web), capture_output=True, timeout=60)
    assert result.stdout.count(b"\n") == 1
    assert b"Traceback" not in result.stderr


@pytest.mark.slow
def test_a_terminal_shows_a_bar_that_is_removed_at_the_end(web: Path) -> None:
    arguments = ["-m", "corpuscope", "sample", "web.jsonl", "-n", "30", "-o", "w.jsonl"]
    terminal = environment(web, TERM="xterm-256color")
    child = pexpect.spawn(sys.executable, arguments, cwd=str(web), env=terminal, encoding="utf-8", timeout=60)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "/30" in child.before
    assert child.before.rstrip().endswith("every document is equally likely.")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("web.jsonl", "-o", "nowhere/x.jsonl"), "make it, or name another file"),
        (("web.jsonl", "-o", "web.jsonl"), "choose another name"),
        (("web.jsonl", "--format", "parquet"), "name one: --output sample.parquet"),
        (("web.jsonl", "-o", "x.csv"), "known: jsonl, parquet; or choose with --format"),
        (("nosuch",), "known: c4"),
        (("web.jsonl", "--text", "boddy"), "did you mean body?"),
    ],
)
def test_an_impossible_sample_is_an_error_with_a_hint(
    web: Path, arguments: tuple[str, ...], hint: str
) -> None:
    result = corpuscope("sample", *arguments, folder=web)
    assert (result.returncode, result.stdout) == (2, "")
    assert hint in result.stderr
    assert "Traceback" not in result.stderr


def test_doctor_prints_one_line_per_check_and_ends_with_the_verdict(web: Path) -> None:
    assert corpuscope("sample", "web.jsonl", "-n", "1", folder=web).returncode == 0
    (web / LOG).unlink()
    good = corpuscope("doctor", "--offline", folder=web)
    assert (web / LOG).exists()
    assert (good.returncode, good.stderr) == (0, "")
    states = [line[:12].strip() for line in good.stdout.splitlines()]
    assert states == ["ok"] * 5
    (web / "labels" / "plan.json").write_text("{")
    (web / "categories.yaml").write_text("categories: []\n")
    bad = corpuscope("doctor", "--offline", folder=web)
    assert bad.returncode == 1
    assert bad.stderr == "2 checks failed\n"
    errors = [line for line in bad.stdout.splitlines() if line.startswith("error ")]
    assert [line.split()[1] for line in errors] == ["categories:", "plan:"]
    assert "restore it from a copy" in errors[1]


@pytest.mark.slow
@pytest.mark.usefixtures("hub")
def test_doctor_audits_the_order_of_a_corpus(tmp_path: Path) -> None:
    result = corpuscope("doctor", "--audit-order", "c4", folder=tmp_path)
    assert result.returncode == 0
    assert result.stdout.startswith("ok          c4 order: en/c4-train.00000-of-00008.json.gz: the first 48 ")
    assert not (tmp_path / "labels").exists()
    assert (tmp_path / LOG).exists()
    assert corpuscope("doctor", "--audit-order", "c4", "--offline", folder=tmp_path).returncode == 2


def test_a_corpus_that_could_not_be_opened_leaves_no_trace_in_the_plan(tmp_path: Path) -> None:
    (tmp_path / "wrong.jsonl").write_text('{"title": "x"}\n')
    result = corpuscope("sample", "wrong.jsonl", "-n", "1", folder=tmp_path)
    assert result.returncode == 2
    plan = json.loads((tmp_path / "labels" / "plan.json").read_text())
    assert plan["corpora"] == {}


def test_a_sample_that_is_not_whole_says_so_and_fails(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    for name in ("good", "damaged"):
        table = pa.table({"text": [f"{name} {n} " * 50 for n in range(30)]})
        pq.write_table(table, tmp_path / "web" / f"{name}.parquet", compression="gzip")
    content = bytearray((tmp_path / "web" / "damaged.parquet").read_bytes())
    content[40:200] = bytes(160)
    (tmp_path / "web" / "damaged.parquet").write_bytes(content)
    result = corpuscope("sample", "web", "-n", "60", folder=tmp_path)
    assert result.returncode == 1
    assert len(result.stdout.splitlines()) == 30
    assert "damaged.parquet was set aside: " in result.stderr
    assert "set aside: 50 % of web, which this sample says nothing about" in result.stderr
    assert "60 were asked for, the others were set aside" in result.stderr
    assert "Not a sample of the whole corpus: 50 % of it was set aside." in result.stderr
    assert "Exact" not in result.stderr
    assert corpuscope("sample", "web", "-n", "20", folder=tmp_path).returncode == 0


def test_several_files_are_a_sample_of_one_corpus(web: Path) -> None:
    (web / "more.jsonl").write_text('{"text": "more"}\n')
    result = corpuscope("sample", "web.jsonl", "more.jsonl", "-n", "500", folder=web)
    assert result.returncode == 0
    shards = {json.loads(line)["shard"] for line in result.stdout.splitlines()}
    assert shards == {"more.jsonl", "web.jsonl"}
    refused = corpuscope("sample", "a=web.jsonl", "b=more.jsonl", folder=web)
    assert refused.returncode == 2
    assert "a sample is of one corpus, not of a and b" in refused.stderr


def test_all_documents_in_the_order_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "errors.jsonl").write_text("".join(f'{{"text": "error {n}"}}\n' for n in range(150)))
    result = corpuscope("sample", "errors.jsonl", "--in-order", folder=tmp_path)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(row["draw"], row["row"]) for row in rows] == [(n, n) for n in range(150)]
    assert result.stderr == (
        "150 documents of errors: draws 0 to 149. In the order of the files: a census once all documents are "
        "labelled, and no sample before.\n"
    )
    again = corpuscope("sample", "errors", "-n", "2", folder=tmp_path)
    assert again.stdout.splitlines() == result.stdout.splitlines()[:2]
    planned = json.loads((tmp_path / "labels" / "plan.json").read_text())["corpora"]["errors"]
    assert (planned["target"], planned["documents"], planned["in_order"]) == (150, 150, True)
