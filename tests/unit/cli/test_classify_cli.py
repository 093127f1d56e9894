"""Tests of `corpuscope classify` and of what `corpuscope estimate --from` makes of its run."""

from __future__ import annotations

import csv
import io
import json
import runpy
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from corpuscope.cli import main
from corpuscope.corpora.source import percent
from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.learning.model_file import from_bytes, to_bytes
from corpuscope.scale.pipeline_script import EXECUTORS
from corpuscope.scale.rank import run_rank
from corpuscope.scale.run_folder import RunFolder, whole_counts
from study_fakes import LabelledStudy, a_labelled_study

Command = Callable[..., Result]


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> LabelledStudy:
    """Sixty labels of a corpus of 400 documents."""
    return a_labelled_study(tmp_path_factory.mktemp("study"))


@pytest.fixture
def study(labelled: LabelledStudy) -> LabelledStudy:
    """The same without the runs of other tests."""
    for folder in labelled.folder.glob("out*"):
        shutil.rmtree(folder)
    return labelled


@pytest.fixture
def run(study: LabelledStudy, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Return a function that runs a command on the labels of the study, in its folder."""
    monkeypatch.setenv("CORPUSCOPE_CACHE", str(study.cache))
    monkeypatch.chdir(study.folder)

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, "--labels", str(study.labels)])

    return command


def prepared(run: Command, *options: str) -> Path:
    """Begin a run without running its ranks, and return its folder."""
    options = ("--executor", "slurm", "--write-pipeline", "run.py", *options)
    result = run("classify", "web", "-o", "out", *options)
    assert result.exit_code == 0, result.output
    return Path("out").absolute()


def test_what_a_filter_kept_is_said_as_shares_of_documents_and_of_their_size(run: Command) -> None:
    out = prepared(run, "--keep", "Forum>=0.4")
    assert run_rank(str(out), 0, io.StringIO()) == 0
    result = run("classify", "web", "-o", "out")
    kept, rows = (pq.read_table(out / folder / "00000.parquet") for folder in ("kept", "rows"))
    lengths = [len(text) for text in kept["text"].to_pylist()]
    [characters] = {file.characters for file in whole_counts(RunFolder(str(out)), RunFolder(str(out)).run())}
    assert (
        f"{len(lengths)} of them kept in {out / 'kept'}: {percent(len(lengths) / rows.num_rows)} of the documents, "
        f"{percent(sum(lengths) / characters)} of the characters" in result.stderr
    ), result.stderr


@pytest.mark.slow
def test_a_corpus_is_classified_and_its_shares_are_estimated_from_the_run(
    run: Command, study: LabelledStudy
) -> None:
    result = run("classify", "web", "-o", "out", "--keep", "Forum>=0.4", "--workers", "1")
    assert result.exit_code == 0, result.output
    assert "400 documents in" in result.stderr
    rows = pq.read_table(study.folder / "out/rows/00000.parquet")
    assert rows.num_rows == 400
    texts = pq.read_table(study.folder / "out/kept/00000.parquet")["text"].to_pylist()
    assert sum(study.truth[text] == "Forum" for text in texts) > 0.8 * len(texts) > 0
    again = run("classify", "web", "-o", "out")
    assert again.exit_code == 0
    assert "resuming the run" in again.stderr
    estimated = json.loads(run("estimate", "web", "--from", "out", "--format", "json").stdout)
    (corpus,) = estimated["corpora"]
    assert (corpus["pool"], corpus["whole"], corpus["head_order"]) == (400, True, None)
    for share in corpus["shares"]:
        true = sum(topic == share["category"] for topic in study.truth.values()) / 400
        assert share["assisted"]["low"] <= true <= share["assisted"]["high"]


def test_the_table_of_a_whole_corpus_says_that_all_was_read_beside_the_labels_own_shares(
    run: Command,
) -> None:
    assert run_rank(str(prepared(run)), 0, io.StringIO()) == 0
    result = run("estimate", "web", "--from", "out")
    assert result.exit_code == 0, result.output
    title, heading = result.stdout.splitlines()[:2]
    assert title.startswith("web: 60 labels + all 400 documents read by a classifier: worth ")
    assert heading.split()[:3] == ["category", "labels", "share"]
    assert "assisted: all 400 documents read by a classifier, corrected by the labels" in result.stdout
    assert "draws of the plan" not in result.stdout
    assert run("estimate", "web", "--from", "out", "--by", "characters").exit_code == 0
    refused = run("estimate", "web", "--from", "out", "--by", "tokens")
    assert isinstance(refused.exception, UsageError)


def test_labels_that_came_after_the_run_are_predictions_of_its_own_classifier(
    run: Command, study: LabelledStudy
) -> None:
    from corpuscope.analysis.filter_forecast import labelled_scores
    from corpuscope.analysis.samples import samples_of
    from corpuscope.learning.model_file import from_bytes
    from corpuscope.ledger.read.reader import LedgerReader

    model = from_bytes((prepared(run) / "model.safetensors").read_bytes())
    reader = LedgerReader(study.labels)
    decisions = reader.read()
    (sample,) = samples_of(decisions, study.scheme, study.plan)
    scheme = study.scheme.__class__(study.scheme.categories)
    few = model.__class__(
        study.scheme.names,
        model.weights[:, :3],
        model.intercept[:3],
        model.documents[:40],
        model.held_out[:40, :3],
    )
    scores = labelled_scores(
        few, decisions, scheme, sample, lambda ids: [document.text for document in reader.documents(ids)]
    )
    assert scores.later == 20
    assert (scores.held_out[:40] == model.held_out[:40, :3]).all()
    assert (scores.held_out[40:] == scores.seen[40:]).all()
    assert not (scores.held_out[:40] == scores.seen[:40]).any()
    documents = tuple(("another corpus", document) for _, document in few.documents)
    other = labelled_scores(
        replace(few, documents=documents),
        decisions,
        scheme,
        sample,
        lambda ids: [document.text for document in reader.documents(ids)],
    )
    assert other.later == 60  # the same rows, read for another corpus, are other documents
    assert (other.held_out == other.seen).all()


def test_a_dry_run_says_what_the_rule_keeps_and_writes_nothing(run: Command, study: LabelledStudy) -> None:
    result = run("classify", "web", "-o", "out", "--keep", "Educational>=0.5", "--dry-run")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("web: keep Educational>=0.5\n")
    words = [line.split()[0] for line in result.stdout.splitlines() if line]
    assert {"precision", "recall", "documents", "characters", "Educational"} <= set(words)
    assert "1 file, 0.00 GB, in 1 rank" in result.stderr
    assert not (study.folder / "out").exists()
    rows = list(
        csv.DictReader(
            io.StringIO(
                run(
                    "classify", "web", "-o", "out", "--keep", "Forum<0.5", "--dry-run", "--format", "csv"
                ).stdout
            )
        )
    )
    steps = [float(row["threshold"]) for row in rows]
    assert steps[0] == 0.5
    assert steps[1:] == sorted(steps[1:])
    assert float(rows[0]["precision_low"]) <= float(rows[0]["precision"]) <= float(rows[0]["precision_high"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--keep", "Forum>=0.5"), "was started with --keep left out, not Forum>=0.5"),
        (("--tasks", "2"), "was started with --tasks 1, not 2"),
        (("--files", "x.jsonl"), "was started with --files left out, not x.jsonl"),
    ],
)
def test_a_run_that_was_begun_otherwise_is_not_mixed_with_another(
    run: Command, options: tuple[str, ...], message: str
) -> None:
    prepared(run)
    result = run("classify", "web", "-o", "out", *options)
    assert isinstance(result.exception, UsageError)
    assert message in result.exception.message


def test_the_same_command_resumes_a_run_also_by_path_and_with_its_classifier(run: Command) -> None:
    folder = prepared(run)
    shutil.copy(folder / "model.safetensors", "same.safetensors")
    options = ("--executor", "slurm", "--write-pipeline", "run.py")
    for corpus, model in (("./web.jsonl", ()), ("web", ("--model", "same.safetensors"))):
        result = run("classify", corpus, "-o", "out", *options, *model)
        assert result.exit_code == 0, result.output
        assert "resuming the run" in result.stderr


def test_another_classifier_or_corpus_is_not_mixed_with_a_run(run: Command, study: LabelledStudy) -> None:
    folder = prepared(run)
    model = from_bytes((folder / "model.safetensors").read_bytes())
    Path("other.safetensors").write_bytes(to_bytes(replace(model, weights=model.weights + 1)))
    result = run("classify", "web", "-o", "out", "--model", "other.safetensors")
    assert isinstance(result.exception, UsageError)
    assert "was started with another classifier than --model other.safetensors" in result.exception.message
    (study.folder / "news.jsonl").write_text('{"text": "a"}\n')
    result = run("classify", "./news.jsonl", "-o", "out")
    assert isinstance(result.exception, UsageError)
    assert "reads web, not ./news.jsonl" in result.exception.message


def test_a_resumed_run_says_again_what_its_rule_keeps(run: Command) -> None:
    keep = ("--keep", "Forum>=0.5")
    prepared(run, *keep)
    assert run("classify", "web", "-o", "out", *keep, "--dry-run").stdout.startswith("web: keep Forum>=0.5\n")


def test_how_well_a_rule_selects_in_a_corpus_without_labels_is_not_known(
    run: Command, study: LabelledStudy
) -> None:
    (study.folder / "bare.jsonl").write_text('{"text": "a"}\n')
    result = run("classify", "bare.jsonl", "-o", "out", "--keep", "Forum>=0.5", "--dry-run")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "`corpuscope estimate --from` would refuse this run: bare has no labels" in result.stderr
    assert "bare has no labels, so it is not known how well Forum>=0.5 selects" in result.stderr


def test_a_second_run_over_one_corpus_is_named(run: Command) -> None:
    folder = prepared(run)
    assert run_rank(str(folder), 0, io.StringIO()) == 0
    result = run("estimate", "web", "--from", "out", "--from", "out")
    assert isinstance(result.exception, UsageError)
    assert result.exception.message == "out is a second run over web"


def test_too_few_labels_for_the_shares_of_a_run_are_said_before_it(tmp_path: Path) -> None:
    few = a_labelled_study(tmp_path, labels=1, documents=20)
    options = ("--dry-run", "--labels", str(few.labels))
    result = CliRunner().invoke(main, ["classify", "web", "-o", str(tmp_path / "out"), *options])
    assert result.exit_code == 0, result.output
    refusal = "web has 1 label; assisted shares need 50"
    assert f"`corpuscope estimate --from` would refuse this run: {refusal}" in result.stderr


def test_a_run_needs_a_folder() -> None:
    result = CliRunner().invoke(main, ["classify", "web"])
    assert result.exit_code == 2
    assert "-o" in result.stderr


@pytest.mark.slow
def test_a_finished_rank_whose_rows_are_gone_runs_again(run: Command) -> None:
    folder = prepared(run)
    assert run_rank(str(folder), 0, io.StringIO()) == 0
    (folder / "rows" / "00000.parquet").unlink()
    result = run("classify", "web", "-o", "out", "--workers", "1")
    assert result.exit_code == 0, result.output
    assert "running 1 finished rank again, whose rows are gone" in result.stderr
    assert pq.read_table(folder / "rows" / "00000.parquet").num_rows == 400


def test_a_run_with_counts_of_some_files_only_does_not_end_well(run: Command) -> None:
    folder = prepared(run)
    assert run_rank(str(folder), 0, io.StringIO()) == 0
    (folder / "counts" / "00000.json").write_text('{"files": []}')
    result = run("classify", "web", "-o", "out", "--workers", "1")
    assert isinstance(result.exception, UsageError)
    assert "it lacks 1 of 1 file, the first of them" in result.exception.message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--keep", "Forum=0.5"), "--keep Forum=0.5: not a rule"),
        (("--keep", "Forums>=0.5"), "there is no category Forums"),
        (("--tasks", "2"), "web has 1 file, and a rank reads whole files"),
        (("--model", "nowhere"), "--model nowhere: No such file"),
        (("--write-pipeline", "x.py"), "--write-pipeline is for a cluster"),
        (("--executor", "slurm"), "this machine has no sbatch"),
        (("--executor", "jobs"), "the program has to name a bucket first"),
        (("--executor", "ray", "--write-pipeline", "ray.py"), "hides the package ray"),
        (("--files", "nowhere.jsonl"), "nowhere.jsonl"),
    ],
)
def test_what_cannot_run_is_refused_before_anything_is_written(
    run: Command, study: LabelledStudy, options: tuple[str, ...], message: str
) -> None:
    result = run("classify", "web", "-o", "out", *options)
    assert isinstance(result.exception, UsageError), result.output
    assert message in str(result.exception)
    assert not (study.folder / "out").exists()


def test_a_folder_with_other_content_is_left_alone(run: Command, study: LabelledStudy) -> None:
    (study.folder / "out").mkdir()
    (study.folder / "out" / "thesis.tex").write_text("mine")
    result = run("classify", "web", "-o", "out")
    assert isinstance(result.exception, UsageError)
    assert "is not empty" in result.exception.message


def test_an_unfinished_run_has_no_shares_and_says_how_much_is_missing(run: Command) -> None:
    prepared(run)
    result = run("estimate", "web", "--from", "out")
    assert isinstance(result.exception, UsageError)
    assert "it lacks 1 of 1 file, the first of them" in result.exception.message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("web", "--from", "nowhere"), "no run was started there"),
        (("web", "--from", "out", "--pool", "200"), "--pool and --from exclude each other"),
    ],
)
def test_an_estimate_from_no_run_is_refused(run: Command, arguments: tuple[str, ...], message: str) -> None:
    result = run("estimate", *arguments)
    assert isinstance(result.exception, CorpuscopeError)
    assert message in result.exception.message


def test_a_copy_of_the_files_stands_for_the_corpus_and_that_is_said(
    run: Command, study: LabelledStudy
) -> None:
    copy = study.folder / "copy.jsonl"
    copy.write_bytes((study.folder / "web.jsonl").read_bytes() + b'{"text": "one more"}\n')
    assert run_rank(str(prepared(run, "--files", str(copy))), 0, io.StringIO()) == 0
    result = run("estimate", "web", "--from", "out")
    assert "60 labels + all 401 documents" in result.stdout
    assert "both are taken for the same documents" in " ".join(result.stdout.split())


@pytest.mark.usefixtures("hub")
def test_files_may_be_on_the_hub(run: Command) -> None:
    place = "hf://datasets/allenai/c4/en/c4-train.*.json.gz"
    result = run("classify", "web", "-o", "out", "--files", place, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "web: 8 files, " in result.stderr


@pytest.mark.parametrize("executor", list(EXECUTORS))
def test_the_program_for_a_cluster_names_the_run_and_imports_the_steps(run: Command, executor: str) -> None:
    result = run("classify", "web", "-o", "out", "--executor", executor, "--write-pipeline", "run.py")
    assert result.exit_code == 0, result.output
    names = runpy.run_path("run.py")
    assert names["TASKS"] == 1
    assert names["OUT"] == (str(Path("out").absolute()) if executor != "jobs" else "hf://buckets/NAME/BUCKET")
    assert names[EXECUTORS[executor].name].__module__.startswith("datatrove")
    assert "corpuscope estimate web --from" in names["__doc__"]


def test_a_report_says_what_a_filter_would_keep_with_its_curves(run: Command) -> None:
    for name in ("found.md", "found.html"):
        assert run("report", name, "--keep", "Forum>=0.5").exit_code == 0
    text = Path("found.md").read_text("utf-8")
    assert "## What a filter would keep" in text
    assert "| precision |" in text
    page = Path("found.html").read_text("utf-8")
    assert "Precision and recall of Forum &gt;= threshold in web" in page
    assert isinstance(run("report", "found.md", "--keep", "Forum").exception, UsageError)
    assert isinstance(run("report", "found.md", "--keep", "Forum>=0.5", "--mine").exception, UsageError)
