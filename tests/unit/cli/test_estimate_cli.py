"""Tests of `corpuscope estimate` as scripts use it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import corpuscope
from corpuscope.annotate.answer_log import AnswerLog
from corpuscope.cli import main
from corpuscope.domain.answer import Answer
from corpuscope.errors import CorpusError, UsageError
from corpuscope.learning.model_file import from_bytes
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.sampling.pool import find_pool, pool_path
from ledger_fakes import Scribe
from study_fakes import TOPICS, LabelledStudy, a_labelled_study

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> LabelledStudy:
    """Sixty labels of a corpus of 400 documents."""
    return a_labelled_study(tmp_path_factory.mktemp("study"))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command on the labels of a study."""

    def command(study: LabelledStudy, *arguments: str) -> Result:
        monkeypatch.setenv("CORPUSCOPE_CACHE", str(study.cache))
        return CliRunner().invoke(main, [*arguments, "--labels", str(study.labels)])

    return command


def test_the_table_has_the_labels_own_shares_beside_the_assisted_ones(run: Run, study: LabelledStudy) -> None:
    result = run(study, "estimate", "web", "--pool", "200")
    assert result.exit_code == 0, result.output
    title, heading, row = result.stdout.splitlines()[:3]
    assert title.startswith("web: 60 labels + 200 read by a classifier: worth ")
    assert heading.split("  ")[0] == "category"
    assert [word for word in heading.split() if word in ("labels", "share", "assisted", "worth")] == [
        "labels",
        "share",
        "assisted",
        "worth",
    ]
    assert row.split()[0] == "Educational"
    assert "right on unseen documents" in result.stdout
    assert "the classifier was written to" in result.stderr
    assert from_bytes((study.labels / "model.safetensors").read_bytes()).categories[0] == "Educational"


def test_json_holds_the_unrounded_numbers_and_csv_the_cells(run: Run, study: LabelledStudy) -> None:
    numbers = json.loads(run(study, "estimate", "web", "--pool", "200", "--format", "json").stdout)
    (corpus,) = numbers["corpora"]
    assert sum(share["assisted"]["share"] for share in corpus["shares"]) == pytest.approx(1)
    assert corpus["shares"][0]["n_effective"] == pytest.approx(60 * corpus["shares"][0]["gain"])
    assert numbers["classifier"]["labels"] == {"web": 60}
    result = run(study, "estimate", "web", "--pool", "200", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["category"] for row in rows] == [share["category"] for share in corpus["shares"]]
    assert {row["pool"] for row in rows} == {"200"}


def test_python_and_the_card_of_a_dataset_have_the_same_shares(
    run: Run, study: LabelledStudy, tmp_path: Path
) -> None:
    printed = json.loads(run(study, "estimate", "web", "--pool", "200", "--format", "json").stdout)
    result = corpuscope.open_study(study.labels).estimate("web")
    assert json.loads(json.dumps(result.to_dict())) == printed
    assert (result.corpora[0].pool, result.refused) == (200, ())
    export = ("export", "--format", "dataset", "--assisted", "-o", str(tmp_path / "web"))
    assert run(study, *export).exit_code == 0
    card = (tmp_path / "web" / "README.md").read_text()
    assert "## Assisted shares" in card
    assert "assisted: 200 further draws of the plan read by a classifier" in card
    fault = run(study, "export", "--format", "csv", "--assisted").exception
    assert isinstance(fault, UsageError)
    assert "corpuscope estimate --format csv" in fault.hint


def test_a_mixture_has_assisted_shares_beside_those_of_the_labels_alone(
    run: Run, study: LabelledStudy
) -> None:
    run(study, "estimate", "web", "--pool", "200")
    mix = ("mix", "web=1", "--by", "documents", "--categories", str(study.folder / "categories.yaml"))
    (study.folder / "categories.yaml").write_text(
        "categories:\n" + "".join(f"  - {{name: {topic}, definition: about it}}\n" for topic in TOPICS)
    )
    alone = json.loads(run(study, *mix, "--format", "json").stdout)
    mixture = json.loads(run(study, *mix, "--assisted", "--format", "json").stdout)
    assert mixture["corpora"][0]["pool"] == 200
    for share, own in zip(mixture["shares"], alone["shares"], strict=True):
        assert share["labels_alone"] == {key: own[key] for key in ("low", "high", "share")}
        assert share["high"] - share["low"] < own["high"] - own["low"]
    table = run(study, *mix, "--assisted").stdout
    assert "labels alone" in table
    assert "assisted, web by 200 documents that a classifier read" in " ".join(table.split())
    assert alone["shares"][0]["labels_alone"] is None


def test_a_study_of_too_few_labels_is_refused_in_words_and_draws_nothing(run: Run, tmp_path: Path) -> None:
    few = a_labelled_study(tmp_path, labels=10, documents=60)
    result = run(few, "estimate", "web")
    assert isinstance(result.exception, UsageError)
    assert "web has 10 labels; assisted shares need 50." in result.stderr
    assert not (few.labels / "pool").exists()


def test_a_corpus_that_is_too_small_for_a_pool_is_refused(run: Run, tmp_path: Path) -> None:
    small = a_labelled_study(tmp_path, labels=60, documents=100)
    result = run(small, "estimate", "web")
    assert isinstance(result.exception, UsageError)
    assert "60 labels need twice as many, 120: the corpus has no more." in result.stderr


def test_labels_of_a_corpus_outside_the_plan_are_refused(run: Run, tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path, labels=50, documents=60)
    (study.labels / "plan.json").unlink()
    result = run(study, "estimate", "web")
    assert isinstance(result.exception, UsageError)
    assert "web is not in the plan, so its next draws are not known" in result.stderr


def test_when_the_corpus_is_gone_a_sufficient_pool_is_used_and_that_is_said(run: Run, tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path)
    assert run(study, "estimate", "web", "--pool", "150").exit_code == 0
    (study.folder / "web.jsonl").unlink()
    result = run(study, "estimate", "web", "--pool", "200")
    assert result.exit_code == 0
    said, hint, *_ = result.stderr.splitlines()
    assert said.startswith("the pool of web is not complete: ")
    assert "web.jsonl" in said + hint
    assert "60 labels + 150 read by a classifier" in result.stdout


def test_skipped_documents_are_out_of_the_labels_and_said(run: Run, tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path)
    with Scribe(study.labels, "s2") as scribe:
        for draw in range(100_000, 100_005):
            scribe.skip(draw)
    result = run(study, "estimate", "--pool", "200")
    assert "web: 60 labels" in result.stdout
    assert "were skipped (7.7 %)" in result.stdout
    assert "The pool holds documents like those that were skipped" in result.stdout


def test_an_unknown_corpus_is_named_with_the_nearest(run: Run, study: LabelledStudy) -> None:
    result = run(study, "estimate", "webb")
    assert isinstance(result.exception, CorpusError)
    assert "web" in result.exception.hint


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> LabelledStudy:
    """Fifty labels of each of two corpora."""
    return a_labelled_study(tmp_path_factory.mktemp("two"), 50, 160, ("web", "news"))


def test_compare_adds_assisted_differences_without_verdicts(run: Run, two: LabelledStudy) -> None:
    assert run(two, "estimate", "--pool", "100").exit_code == 0
    result = run(two, "compare", "web", "news", "--assisted")
    assert result.exit_code == 0, result.output
    title, heading = result.stdout.split("news minus web: assisted shares")[1].splitlines()[:2]
    assert title == ""
    assert heading.split()[:4] == ["category", "web", "news", "difference"]
    assert "verdict" not in heading
    rows = run(two, "compare", "web", "news", "--assisted", "--format", "csv").stdout
    assert "news minus web: assisted shares,Educational" in rows


def test_a_report_has_a_section_of_assisted_shares(run: Run, two: LabelledStudy) -> None:
    assert run(two, "estimate", "--pool", "100").exit_code == 0
    file = two.folder / "found.md"
    result = run(two, "report", str(file), "--assisted")
    assert result.exit_code == 0, result.output
    text = file.read_text("utf-8")
    assert "## Assisted shares" in text
    assert "web: 50 labels + 100 read by a classifier: worth" in text


@pytest.mark.parametrize("command", [("compare",), ("report", "found.md")])
def test_assisted_shares_of_one_annotator_are_refused(
    run: Run, two: LabelledStudy, command: tuple[str, ...]
) -> None:
    result = run(two, *command, "--assisted", "--mine")
    assert isinstance(result.exception, UsageError)


def test_a_models_answers_are_read_too_and_both_gains_printed(run: Run, study: LabelledStudy) -> None:
    assert "there are no answers of 'bot'" in str(run(study, "estimate", "--llm", "bot").exception)
    run(study, "estimate", "web", "--pool", "200")
    pool = find_pool(pool_path(study.labels, "web"))
    assert pool is not None
    labelled = [decision.document_id for decision in LedgerReader(study.labels).read().by_draw()]
    drawn = pool.facts["document_id"].to_pylist()
    with AnswerLog(study.labels, "bot") as log:
        log.add_all(
            Answer(
                f"0190a1b2-0000-7000-8000-{i:012x}",
                "",
                "web",
                document,
                "of another text" if document == drawn[-1] else "",
                "bot",
                "",
                "p",
                "{}",
                "s",
                "Forum",
            )
            for i, document in enumerate((*labelled, *drawn))
        )
    result = run(study, "estimate", "web", "--pool", "200", "--llm", "bot")
    assert result.exit_code == 0, result.output
    title = result.stdout.splitlines()[0]
    assert title.startswith("web: 60 labels + 199 read by a classifier with the answers of bot: worth ")
    assert "1 answer of bot is about another text of the same documents, and not counted" in result.stderr
    assert title.endswith(" without the answers")
    assert "the classifier is in" not in result.stderr
    assert isinstance(run(study, "estimate", "--llm", "bot", "--model", "x").exception, UsageError)
