"""Tests of `corpuscope label --for-mix`: the next labels are divided over the corpora of a mix."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from corpuscope.cli import main
from corpuscope.cli.label import corpora_for_mix, labelled_by_others
from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import Paths, Settings
from corpuscope.corpora.known import KNOWN
from corpuscope.domain.mix import Mix
from corpuscope.errors import PlanError, UsageError
from corpuscope.sampling.assignment import Assignment
from corpuscope.sampling.plan import Plan, QueueBlock
from corpuscope.sampling.plan_file import save_plan
from corpuscope.session.workspace import Workspace
from ledger_fakes import Scribe
from makers import a_document
from published import write_published


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the published labels."""
    folder = tmp_path_factory.mktemp("published")
    write_published(folder)
    return folder


@pytest.fixture
def workspace(tmp_path: Path, published: Path) -> Workspace:
    """A workspace with the published labels and the mix `first`."""
    labels = tmp_path / "labels"
    copytree(published, labels)
    paths = Paths(labels, None, tmp_path / "config.toml", tmp_path / "cache", tmp_path / "log")
    workspace = Workspace(paths, Settings(), load_scheme(None), annotator="ann")
    workspace.plan.keep_mix("first", Mix({"c4": 30, "fineweb": 20, "fineweb-edu": 50}))
    return workspace


def the_plan(workspace: Workspace) -> Plan:
    plan = workspace.plan.read()
    assert plan is not None
    return plan


def test_the_next_labels_of_a_mix_are_a_part_of_the_queue_and_its_corpora_get_them_planned(
    workspace: Workspace,
) -> None:
    assert corpora_for_mix(workspace, "first", None) == ("c4", "fineweb-edu")
    plan = the_plan(workspace)
    shown, ends = plan.blocks[-2].ends, plan.blocks[-1].ends
    further = {key: ends[key] - shown[key] for key in shown}
    assert sum(further.values()) == 100
    assert further["fineweb-edu"] > further["c4"] > further["fineweb"] == 0
    assert plan.corpora["c4"].target == 203 + further["c4"]
    assert plan.corpora["c4"].replanned[0][:2] == (203, 203)


def test_the_same_labels_go_on_until_others_are_asked_for(workspace: Workspace) -> None:
    corpora_for_mix(workspace, "first", None)
    before = the_plan(workspace)
    corpora_for_mix(workspace, "first", None)
    assert the_plan(workspace) == before
    corpora_for_mix(workspace, "first", 40)
    blocks = the_plan(workspace).blocks
    assert len(blocks) == 2
    assert sum(blocks[1].ends.values()) - sum(blocks[0].ends.values()) == 40


def test_an_unknown_mix_and_a_plan_whose_corpora_come_in_turns_are_refused(workspace: Workspace) -> None:
    with pytest.raises(PlanError, match="no mix called 'frist'"):
        corpora_for_mix(workspace, "frist", None)
    old = replace(the_plan(workspace), order=1)
    save_plan(old, workspace.plan.path)
    with pytest.raises(PlanError, match="earlier version, whose queue shows the corpora in turns"):
        corpora_for_mix(workspace, "first", None)
    assert the_plan(workspace) == old


def test_corpora_that_were_read_whole_get_no_labels(workspace: Workspace) -> None:
    plan = the_plan(workspace)
    sizes = {"c4": 203, "fineweb": 200, "fineweb-edu": 201}
    corpora = {key: replace(planned, documents=sizes[key]) for key, planned in plan.corpora.items()}
    save_plan(replace(plan, corpora=corpora), workspace.plan.path)
    with pytest.raises(UsageError, match="no corpus of the mix first can get more labels"):
        corpora_for_mix(workspace, "first", None)


def test_no_corpus_and_no_mix_is_a_missing_argument(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["label", "--labels", str(tmp_path)])
    assert "Missing argument" in result.output


def test_a_part_in_which_only_another_corpus_is_behind_is_through(workspace: Workspace) -> None:
    workspace.plan.keep_mix("two", Mix({"c4": 50, "fineweb-edu": 50}))
    ends = {"c4": 203, "fineweb": 201, "fineweb-edu": 201}  # the last document of fineweb was undone
    save_plan(replace(the_plan(workspace), blocks=(QueueBlock(ends, ends, "two"),)), workspace.plan.path)
    assert corpora_for_mix(workspace, "two", None)
    assert the_plan(workspace).blocks[-1].ends != ends


def test_documents_that_only_others_labelled_are_counted_before_the_start(workspace: Workspace) -> None:
    authors = {decision.annotator for decision in workspace.ledger.decisions().by_draw(["c4"])}
    (author,) = authors
    other = Workspace(workspace.paths, Settings(), workspace.scheme, annotator="newcomer")
    same = Workspace(workspace.paths, Settings(), workspace.scheme, annotator=author)
    assert labelled_by_others(other, ("c4",)) == 203
    assert labelled_by_others(same, ("c4",)) == 0


def test_documents_of_others_that_the_annotator_has_read_or_need_not_read_do_not_count(
    tmp_path: Path,
) -> None:
    for annotator, draws in (("ann", (0, 1, 2)), ("ben", (0,))):
        with Scribe(tmp_path / "labels", annotator, annotator) as scribe:
            for draw in draws:
                scribe.label(a_document(draw), "News")
            scribe.skip(9)
    paths = Paths(tmp_path / "labels", None, tmp_path / "config.toml", tmp_path / "cache", tmp_path / "log")
    plan = Plan(7).with_corpus(replace(KNOWN["c4"].corpus, key="web"))

    def counted(plan: Plan) -> int:
        save_plan(plan, tmp_path / "labels" / "plan.json")
        return labelled_by_others(Workspace(paths, Settings(), load_scheme(None), annotator="ben"), ("web",))

    assert counted(plan) == 2
    assert counted(replace(plan, assignment=Assignment(("ann", "ben"), 20))) == 0


def test_the_labels_of_one_mix_are_not_taken_for_those_of_another(workspace: Workspace) -> None:
    corpora_for_mix(workspace, "first", None)
    workspace.plan.keep_mix("second", Mix({"c4": 90, "fineweb": 10}))
    assert "c4" in corpora_for_mix(workspace, "second", None)
    assert the_plan(workspace).blocks[-1].mix == "second"


def test_labels_that_all_belong_to_one_corpus_are_said_to_be_in_sight(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    corpora_for_mix(workspace, "first", None)
    assert capsys.readouterr().err == ""
    workspace.plan.keep_mix("one", Mix({"c4": 1}))
    corpora_for_mix(workspace, "one", None)
    assert capsys.readouterr().err == (
        "all of the next labels for one belong to c4, so the annotator will know the corpus\n"
    )
