"""Tests of `corpuscope annotate` as people use it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from corpuscope.annotate.answer_log import AnswerLog
from corpuscope.annotate.answers import read_answers
from corpuscope.annotate.second_opinions import SecondOpinions
from corpuscope.cli import main
from corpuscope.config.category_file import load_scheme
from corpuscope.errors import CorpusError, UsageError
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.sampling.plan_file import save_plan
from corpuscope.session.study_pools import draw_next
from ledger_fakes import damage_texts, parts
from llm_server import Scripted, StubServer, naming, refusal
from study_fakes import TOPICS, LabelledStudy, a_labelled_study

Run = Callable[..., Result]

CATEGORIES = "categories:\n" + "".join(
    f"  - {{key: {i + 1}, name: {name}, definition: what {name} is}}\n" for i, name in enumerate(TOPICS)
)


@pytest.fixture
def study(tmp_path: Path) -> LabelledStudy:
    """Six labels of nine planned, of a corpus of 30 documents."""
    return a_labelled_study(tmp_path, labels=6, documents=30, target=9)


@pytest.fixture
def run(study: LabelledStudy, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs `annotate` on the study."""
    (study.folder / "categories.yaml").write_text(CATEGORIES)
    monkeypatch.setenv("CORPUSCOPE_CACHE", str(study.cache))
    monkeypatch.setenv("CORPUSCOPE_CATEGORIES", str(study.folder / "categories.yaml"))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(
            main, ["annotate", "--model", "stub", *arguments, "--labels", str(study.labels)]
        )

    return command


def test_labelled_documents_are_answered_once_and_no_label_changes(run: Run, study: LabelledStudy) -> None:
    before = LedgerReader(study.labels).read().counts("web")
    with StubServer(naming(*TOPICS)) as server:
        first, second = run("--base-url", server.url), run("web", "--base-url", server.url)
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert first.stderr.startswith("6 documents, about")
    assert "answered: 6 of 6 documents (600 tokens in, 30 out)" in first.stderr
    assert second.stderr.strip() == "already answered: 6 of 6 documents"
    assert len(server.requests) == 6
    decisions = LedgerReader(study.labels).read()
    assert decisions.counts("web") == before
    assert decisions.annotators() == ("ann",)


def test_next_draws_what_is_still_to_be_labelled_and_then_the_pool(run: Run, study: LabelledStudy) -> None:
    with StubServer(naming(*TOPICS)) as server:
        result = run("web", "--documents", "next:5", "--documents", "labelled", "--base-url", server.url)
        again = run("web", "--documents", "pool", "--base-url", server.url)
    assert result.exit_code == 0, result.output
    assert len(server.requests) == 11
    assert "already answered: 2 of 2 documents" in again.stderr
    pool = study.labels / "pool" / "web"
    assert sorted(path.name for path in pool.glob("*.parquet")) == ["draws.parquet", "planned.parquet"]
    labelled = {decision.document_key for decision in LedgerReader(study.labels).read().by_draw()}
    assert len(labelled & set(read_answers(study.labels, "stub").by_document)) == 6
    save_plan(replace(study.plan, seed=study.plan.seed + 1), study.labels / "plan.json")
    stale = run("web", "--documents", "pool", "--dry-run").exception
    assert "the pool of web is of another plan" in str(stale)


def test_fewer_documents_than_asked_for_are_said(run: Run) -> None:
    result = run("web", "--documents", "next:99", "--dry-run")
    assert "web has 24 further documents, not 99" in result.stderr
    assert "24 documents, about" in result.stderr


def test_where_the_plan_is_the_whole_corpus_there_is_nothing_beyond_it(tmp_path: Path) -> None:
    whole = a_labelled_study(tmp_path, labels=2, documents=8, target=8)
    decisions = LedgerReader(whole.labels).read()
    (planned,) = draw_next(decisions, whole.plan, "web", labels=whole.labels, cache=whole.cache, count=50)
    assert planned.facts["draw"].to_pylist() == list(range(8))


def test_a_dry_run_prints_prompt_and_price_and_asks_nothing(run: Run, study: LabelledStudy) -> None:
    result = run("--dry-run", "--price-in", "2", "--price-out", "8")
    assert result.exit_code == 0, result.output
    assert "[system]\nYou are an annotator." in result.stdout
    assert "what Advertising is" in result.stdout
    assert "[user]\n=====" in result.stdout
    assert "tokens, about 0.00" in result.stderr
    assert not (study.labels / "models").exists()


def test_ctrl_c_ends_after_the_calls_in_flight_and_the_next_run_asks_the_rest(
    run: Run, study: LabelledStudy
) -> None:
    answer, before = naming(*TOPICS), signal.getsignal(signal.SIGINT)

    def script(call: int, request: Mapping[str, Any]) -> Scripted:
        if call == 3:
            os.kill(os.getpid(), signal.SIGINT)
        return answer(call, request)

    with StubServer(script) as server:
        stopped = run("--base-url", server.url, "--concurrency", "1")
        assert stopped.exit_code == 130
        assert stopped.stdout == ""
        assert "\nending after the calls in flight; ctrl-c again ends at once\n" in stopped.stderr
        assert "stopped with" in stopped.stderr
        assert signal.getsignal(signal.SIGINT) is before
        assert len(server.requests) < 6
        assert run("--base-url", server.url).exit_code == 0
    assert len(server.requests) == len(set(server.documents)) == 6
    assert len(read_answers(study.labels, "stub").by_document) == 6


def test_what_failed_is_said_with_its_size_and_the_exit_code(run: Run) -> None:
    answer = naming(*TOPICS)
    with StubServer(
        lambda call, request: answer(call, request) if call < 6 else refusal(500, "oops \x1b[31m")
    ) as server:
        result = run("--base-url", server.url, "--concurrency", "1")
    assert result.exit_code == 1
    assert "1 failed; the same command asks again; the last one: HTTP 500: oops ␛[31m" in result.stderr


def test_agreement_takes_the_answers_as_a_second_reader(run: Run, study: LabelledStudy) -> None:
    labels = ["--labels", str(study.labels)]
    with StubServer(naming(*TOPICS)) as server:
        run("--base-url", server.url)
    result = CliRunner().invoke(main, ["agreement", "--model", "stub", *labels])
    assert result.exit_code == 0, result.output
    assert "agreement with stub" in result.stdout
    assert "stub: by category" in result.stdout
    people = CliRunner().invoke(main, ["agreement", *labels])
    assert "stub" not in people.stdout
    for mistake in (
        ["--model", "other"],
        ["--at", "3"],
        ["--model", "stub", "--score", "x"],
        ["--score", "x"],
    ):
        assert isinstance(CliRunner().invoke(main, ["agreement", *mistake, *labels]).exception, UsageError)


def test_an_answer_about_another_text_does_not_count_and_is_asked_again(
    run: Run, study: LabelledStudy
) -> None:
    agreement = ["agreement", "--model", "bot", "--labels", str(study.labels)]
    with StubServer(naming(*TOPICS)) as server:
        run("--base-url", server.url)
        first, *others = read_answers(study.labels, "stub").by_document.values()
        with AnswerLog(study.labels, "bot") as log:
            for answer in (replace(first, sha256="of another text"), *others):
                log.append(replace(answer, model="bot"))
        before = CliRunner().invoke(main, agreement)
        opinions = SecondOpinions(study.labels, study.cache, load_scheme(study.folder / "categories.yaml"))
        words = opinions.about((first.corpus, first.document_id), first.sha256, first.category)
        run("--model", "bot", "--base-url", server.url)
        assert len(server.requests) == 7
    after = CliRunner().invoke(main, agreement)
    assert "1 answer of bot is about another text of the same documents, and not counted" in before.stderr
    assert before.stdout.splitlines()[2].split()[:4] == ["ann", "and", "bot", "5"]
    assert words == ("bot answered about another text", "stub agrees")
    assert "another text" not in after.stderr
    assert after.stdout.splitlines()[2].split()[:4] == ["ann", "and", "bot", "6"]


def test_a_batch_goes_out_and_its_results_come_back(run: Run, study: LabelledStudy) -> None:
    requests, results = study.folder / "requests.jsonl", study.folder / "results.jsonl"
    assert "6 requests in" in run("--export-batch", str(requests)).stderr
    lines = []
    for line in requests.read_text().splitlines():
        request = json.loads(line)
        answer = naming(*TOPICS)(0, request["body"]).body
        response = {"status_code": 200, "body": answer}
        lines.append(json.dumps({"custom_id": request["custom_id"], "response": response, "error": None}))
    results.write_text("\n".join([*lines, "nonsense"]))
    imported = run("--import-batch", str(results))
    assert imported.exit_code == 1
    assert imported.stderr.splitlines() == [
        "6 documents answered",
        "1 left out: not in OpenAI's format of results",
    ]
    assert run("--import-batch", str(results)).stderr.splitlines()[1] == "6 answered before"


def test_damaged_lines_of_earlier_answers_are_said(run: Run, study: LabelledStudy) -> None:
    answers = study.labels / "models" / "stub"
    answers.mkdir(parents=True)
    (answers / "x.journal").write_bytes(b"nonsense\n")
    with StubServer(naming(*TOPICS)) as server:
        result = run("--base-url", server.url)
    assert result.exit_code == 0
    assert "x.journal.damaged was set aside (damaged lines: 1)" in result.stderr


def test_documents_whose_text_is_damaged_are_left_out_by_number(run: Run, study: LabelledStudy) -> None:
    (part,) = parts(study.labels)
    damage_texts(part)
    result = run("--dry-run")
    assert "there is no document to read" in str(result.exception)
    left_out, damage = result.stderr.splitlines()
    assert left_out == "6 labelled documents left out because of a damaged text"
    assert damage.endswith("saved 6 of its 6 events, 6 without text")


def test_mistakes_are_named(run: Run) -> None:
    assert isinstance(run("nowhere").exception, CorpusError)
    assert "there is no server to ask" in str(run().exception)
    assert run("--documents", "next:0").exit_code == 2
    assert run("--extra-body", "[1]").exit_code == 2
    assert "has no pool yet" in str(run("--documents", "pool").exception)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("--documents", "next:99999999999999999999"),
            "'next:99999999999999999999' is not labelled, pool or next:N",
        ),
        (("--timeout", "inf"), "inf is not in the range"),
        (("--timeout", "nan"), "'nan' is not a finite number"),
        (("--price-in", "nan"), "'nan' is not a finite number"),
        (("--price-out", "inf"), "'inf' is not a finite number"),
    ],
)
def test_numbers_that_are_none_are_refused_by_name(run: Run, options: tuple[str, ...], message: str) -> None:
    result = run("--dry-run", *options)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_file_without_results_is_no_import(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    result = run("--import-batch", str(tmp_path / "empty.jsonl"))
    assert isinstance(result.exception, UsageError)
    assert result.exception.message.endswith("empty.jsonl: holds no results")
