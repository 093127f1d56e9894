"""Tests of `corpuscope merge`: labels of several machines become one study, or a clear refusal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from command_lines import run
from corpuscope.annotate.answer_log import AnswerLog
from corpuscope.annotate.answers import all_answers
from corpuscope.config.category_file import load_scheme
from corpuscope.domain.answer import Answer
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CategoryFileError, PlanError, UsageError
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.plan_file import load_plan, open_plan, save_plan
from ledger_fakes import Scribe, flip, parts, read
from makers import a_document


def a_study(folder: Path, annotator: str, *corpora: str, seed: int = 7, category: str = "News") -> Path:
    """Write a plan and one label per corpus into a folder and return it."""
    plan = open_plan(folder / "plan.json", seed=seed)
    for corpus in corpora:
        plan = plan.with_corpus(Corpus(corpus, corpus, "hub", f"owner/{corpus}"))
        plan = plan.with_revision(corpus, "c0ffee")
    save_plan(plan, folder / "plan.json")
    with Scribe(folder, annotator, annotator) as scribe:
        for corpus in corpora:
            scribe.label(a_document(0, corpus=corpus), category)
    return folder


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return a_study(tmp_path / "here", "ann", "web")


def test_merging_reports_events_by_annotator_and_adds_missing_corpora(here: Path, tmp_path: Path) -> None:
    ben = a_study(tmp_path / "ben", "ben", "web", "books")
    result = run("merge", str(ben), "--labels", str(here))
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "1 event of ben about books",
        "1 event of ben about web",
        f"2 merged from {ben}; 0 of its events already present",
    ]
    assert list(load_plan(here / "plan.json").corpora) == ["web", "books"]
    assert read(here).annotators() == ("ann", "ben")
    assert "ann and ben" in run("agreement", "--labels", str(here)).stdout


def test_a_mix_of_the_same_name_that_is_another_stays_out_and_that_is_said(
    here: Path, tmp_path: Path
) -> None:
    ben = a_study(tmp_path / "ben", "ben", "web", "books")
    for folder, *weights in ((here, "web=1"), (ben, "web=1", "books=2")):
        assert run("mix", *weights, "--save", "first", "--labels", str(folder)).exit_code == 0
    result = run("merge", str(ben), "--labels", str(here))
    assert result.exit_code == 0, result.output
    assert f"the mix first of {ben} is left out" in result.stderr
    assert dict(load_plan(here / "plan.json").mixes["first"].weights) == {"web": 1}


def test_merging_twice_adds_nothing(here: Path, tmp_path: Path) -> None:
    ben = a_study(tmp_path / "ben", "ben", "web")
    run("merge", str(ben), "--labels", str(here))
    result = run("merge", str(ben), "--labels", str(here))
    assert result.stdout == f"0 merged from {ben}; 1 of its events already present\n"


def test_several_folders_are_merged_into_a_new_one(here: Path, tmp_path: Path) -> None:
    ben = a_study(tmp_path / "ben", "ben", "web")
    result = run("merge", str(here), str(ben), "--labels", str(tmp_path / "new"))
    assert result.exit_code == 0, result.output
    assert read(tmp_path / "new").annotators() == ("ann", "ben")
    assert load_plan(tmp_path / "new" / "plan.json").seed == 7


def test_a_dry_run_writes_nothing(here: Path, tmp_path: Path) -> None:
    ben = a_study(tmp_path / "ben", "ben", "web", "books")
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    result = run("merge", "--dry-run", str(ben), "--labels", str(here))
    assert f"2 would be merged from {ben}" in result.stdout
    assert result.stderr == ""
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before
    assert "count twice" in run("merge", "--dry-run", str(ben), str(ben), "--labels", str(here)).stderr


def test_answers_of_a_model_are_merged_and_counted(here: Path, tmp_path: Path) -> None:
    ben = a_study(tmp_path / "ben", "ben", "web")
    with AnswerLog(ben, "bot") as log:
        for document in ("1", "2"):
            log.append(Answer("", "", "web", document, "0", "bot", "", "p", "{}", "s", "News"))
    arguments = ("merge", str(ben), "--labels", str(here))
    would = run(*arguments[:1], "--dry-run", *arguments[1:])
    assert would.stdout.splitlines()[-1] == f"2 answers of bot would be merged from {ben}"
    assert run(*arguments).stdout.splitlines()[-1] == f"2 answers of bot merged from {ben}"
    assert len(all_answers(here, "bot")) == 2
    assert "of bot" not in run(*arguments).stdout


def test_another_seed_or_revision_is_refused_by_name_and_nothing_changes(here: Path, tmp_path: Path) -> None:
    seeded = a_study(tmp_path / "seeded", "ben", "web", seed=8)
    revised = a_study(tmp_path / "revised", "ben")
    plan = load_plan(revised / "plan.json").with_corpus(Corpus("web", "web", "hub", "owner/web"))
    save_plan(plan.with_revision("web", "bea7"), revised / "plan.json")
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    for other, field in (
        (seeded, f"seed is 7, but {seeded}/plan.json says 8"),
        (revised, "corpora.web.revision is c0ffee"),
    ):
        fault = run("merge", str(other), "--labels", str(here)).exception
        assert isinstance(fault, PlanError)
        assert field in fault.message
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before


def test_a_revision_not_pinned_here_is_adopted() -> None:
    corpus = Corpus("web", "web", "hub", "owner/web")
    ours = Plan(7).with_corpus(corpus, target=10)
    theirs = Plan(7).with_corpus(corpus, target=99).with_revision("web", "c0ffee")
    joined = ours.joined(theirs, "theirs").corpora["web"]
    assert (joined.revision, joined.target) == ("c0ffee", 10)
    assert theirs.joined(ours, "ours") == theirs


def test_a_folder_without_a_plan_is_refused(here: Path, tmp_path: Path) -> None:
    with Scribe(tmp_path / "none", "n") as scribe:
        scribe.label(1)
    fault = run("merge", str(tmp_path / "none"), "--labels", str(here)).exception
    assert isinstance(fault, PlanError)
    assert "plan.json" in fault.message


def test_labels_of_categories_unknown_here_are_refused_before_anything_is_written(
    here: Path, tmp_path: Path
) -> None:
    ben = a_study(tmp_path / "ben", "ben", "web", category="Poetry")
    fault = run("merge", str(ben), "--labels", str(here)).exception
    assert isinstance(fault, CategoryFileError)
    assert fault.message.endswith(
        f"categories.yaml: 1 label in {ben} says 'Poetry', which is not a category here"
    )
    assert read(here).annotators() == ("ann",)


def test_one_name_on_two_machines_is_pointed_out(here: Path, tmp_path: Path) -> None:
    with Scribe(a_study(tmp_path / "copy", "ann"), "z", "ann") as scribe:
        scribe.label(5)
    result = run("merge", str(tmp_path / "copy"), "--labels", str(here))
    assert "ann has labelled here and in" in result.stderr


def test_damage_in_the_other_folder_is_named_and_sets_the_exit_code(here: Path, tmp_path: Path) -> None:
    ben = a_study(tmp_path / "ben", "ben", "web", "books")
    flip(parts(ben)[0], 300)
    result = run("merge", str(ben), "--labels", str(here))
    assert result.exit_code == 1
    assert str(parts(ben)[0]) in result.stderr
    assert "1 event of ben about web" in result.stdout


def test_a_folder_is_not_merged_into_itself(here: Path) -> None:
    fault = run("merge", str(here), "--labels", str(here)).exception
    assert isinstance(fault, UsageError)


def test_a_local_corpus_in_another_place_is_the_same_corpus(tmp_path: Path) -> None:
    plans = {}
    for machine in ("ann", "ben"):
        place = f"/home/{machine}/web.jsonl"
        corpus = Corpus("web", "web.jsonl", "local", place)
        plans[machine] = Plan(7).with_corpus(corpus).with_revision("web", "file-c0ffee")
        document = a_document()
        address = replace(document.address, dataset=place, revision="file-c0ffee")
        save_plan(plans[machine], tmp_path / machine / "plan.json")
        with Scribe(tmp_path / machine, machine, machine) as scribe:
            scribe.label(replace(document, address=address), "News")
    result = run("merge", str(tmp_path / "ben"), "--labels", str(tmp_path / "ann"))
    assert result.exit_code == 0, result.output
    decisions = read(tmp_path / "ann")
    assert decisions.annotators() == ("ann", "ben")
    assert decisions.documents("web", load_scheme(None)) == 1
    assert load_plan(tmp_path / "ann" / "plan.json").corpora["web"].corpus.path == "/home/ann/web.jsonl"
