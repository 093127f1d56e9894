"""What the plan of a labels folder keeps from the sessions in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import Paths, Settings
from corpuscope.corpora.known import KNOWN
from corpuscope.corpora.local_files import local_paths
from corpuscope.corpora.parse import UNDESCRIBED, CorpusOptions, corpus_for
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.corpus import Corpus
from corpuscope.domain.mix import Mix
from corpuscope.errors import CorpusError, PlanError
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.sampling.assignment import Assignment
from corpuscope.sampling.plan import ALL, Plan, QueueBlock, Replanned
from corpuscope.sampling.plan_file import save_plan
from corpuscope.session.pace import PACE_LABELS
from corpuscope.session.study_plan import (
    ANY_CORPUS,
    NO_OPTIONS,
    OVERLAP,
    SECOND_LOOKS,
    StudyOptions,
    StudyPlan,
    corpus_statuses,
    is_blind,
    is_study,
    named_mix,
    shown_documents,
)


def a_plan(folder: Path, annotator: str = "reader") -> StudyPlan:
    paths = Paths(folder / "labels", None, folder / "config.toml", folder / "cache", folder / "log")
    return StudyPlan(paths, load_scheme(None), annotator, Settings().target)


def test_corpora_keep_the_order_in_which_they_were_named_whichever_opens_first(tmp_path: Path) -> None:
    study_plan = a_plan(tmp_path)
    keys = ("demo-crawl", "demo-filtered", "demo-edu")
    planned = study_plan.ensure_planned(study_plan.request(keys))
    for key in reversed(keys):
        study_plan.pin_revision(planned, key, "rev1")
    plan = study_plan.read()
    assert plan is not None
    assert tuple(plan.corpora) == keys
    assert {corpus.revision for corpus in plan.corpora.values()} == {"rev1"}


def test_a_corpus_of_an_earlier_session_stays_before_the_new_ones(tmp_path: Path) -> None:
    first = a_plan(tmp_path)
    earlier = first.ensure_planned(first.request(["demo-edu"]))
    first.pin_revision(earlier, "demo-edu", "rev1")
    second = a_plan(tmp_path)
    planned = second.ensure_planned(second.request(["demo-crawl", "demo-edu"]))
    second.pin_revision(planned, "demo-crawl", "rev1")
    plan = second.read()
    assert plan is not None
    assert tuple(plan.corpora) == ("demo-edu", "demo-crawl")


def test_a_session_started_with_another_seed_pins_nothing(tmp_path: Path) -> None:
    first = a_plan(tmp_path)
    earlier = first.ensure_planned(first.request(["demo-edu"], options=StudyOptions(seed=1)))
    second = a_plan(tmp_path)
    assert pinned(second, ["demo-crawl"], StudyOptions(seed=2)).seed == 2
    with pytest.raises(PlanError, match="got the seed 2 while demo-edu was being opened with 1"):
        first.pin_revision(earlier, "demo-edu", "rev1")
    assert plan_json(tmp_path)["seed"] == 2


def test_a_request_for_another_seed_writes_nothing_yet(tmp_path: Path) -> None:
    study_plan = a_plan(tmp_path)
    study_plan.ensure_planned(study_plan.request(["demo-edu"], options=StudyOptions(seed=1)))
    study_plan.request(["demo-edu"], options=StudyOptions(seed=2))
    assert plan_json(tmp_path)["seed"] == 1


def plan_json(folder: Path) -> dict[str, object]:
    content: dict[str, object] = json.loads((folder / "labels" / "plan.json").read_text())
    return content


def pinned(study_plan: StudyPlan, names: Sequence[str], options: StudyOptions = NO_OPTIONS) -> Plan:
    """Open these corpora for the first time; return the plan afterwards."""
    plan = study_plan.ensure_planned(study_plan.request(names, options=options))
    for key in plan.corpora:
        study_plan.pin_revision(plan, key, "rev1")
    return plan


def test_several_corpora_are_planned_as_a_study_with_blind_second_looks(tmp_path: Path) -> None:
    plan = pinned(a_plan(tmp_path), ["c4", "fineweb"])
    assert plan.second_looks == SECOND_LOOKS
    assert plan_json(tmp_path)["second_looks"] == SECOND_LOOKS
    assert all(corpus.blind for corpus in plan.corpora.values())
    assert a_plan(tmp_path).read() == pinned(a_plan(tmp_path), ["c4"])


def test_a_study_that_is_labelled_openly_plans_no_second_looks(tmp_path: Path) -> None:
    study_plan = a_plan(tmp_path)
    plan = study_plan.ensure_planned(study_plan.request(["c4", "fineweb"], blind=False))
    assert plan.second_looks is None
    assert not any(corpus.blind for corpus in plan.corpora.values())


@pytest.mark.parametrize("names", [["c4"], ["demo-crawl", "demo-edu"]])
def test_one_corpus_and_the_demo_get_second_looks_only_on_request(names: list[str], tmp_path: Path) -> None:
    assert pinned(a_plan(tmp_path), names).second_looks is None
    assert "second_looks" not in plan_json(tmp_path)
    assert pinned(a_plan(tmp_path), names, StudyOptions(second_looks=30)).second_looks == 30
    assert plan_json(tmp_path)["second_looks"] == 30
    assert pinned(a_plan(tmp_path), names, StudyOptions(second_looks=0)).second_looks == 0


def test_a_corpus_that_never_opened_leaves_no_options_in_the_plan(tmp_path: Path) -> None:
    study_plan = a_plan(tmp_path)
    options = StudyOptions(annotators=("ann", "ben"))
    study_plan.ensure_planned(study_plan.request(["c4", "fineweb"], options=options))
    assert not {"second_looks", "annotators"} & plan_json(tmp_path).keys()


def test_only_the_annotators_of_the_plan_may_label(tmp_path: Path) -> None:
    pinned(a_plan(tmp_path), ["c4"], StudyOptions(annotators=("ann", "reader")))
    assert (plan_json(tmp_path)["annotators"], plan_json(tmp_path)["overlap"]) == (["ann", "reader"], OVERLAP)
    a_plan(tmp_path).check_annotator(ANY_CORPUS)
    with pytest.raises(PlanError, match="overlap is 20, but 50 was asked for"):
        a_plan(tmp_path).request(["c4"], options=StudyOptions(overlap=50))
    stranger = a_plan(tmp_path, "readr")
    with pytest.raises(PlanError, match="you are 'readr', but") as error:
        stranger.check_annotator(ANY_CORPUS)
    assert "did you mean reader?" in error.value.hint


def test_an_overlap_needs_annotators(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="overlap"):
        a_plan(tmp_path).request(["c4"], options=StudyOptions(overlap=50))


def test_a_mistyped_file_is_reported_before_the_app_opens_and_leaves_no_plan(tmp_path: Path) -> None:
    for path in (tmp_path / "crwal.jsonl", tmp_path / "*.jsonl"):
        with pytest.raises(CorpusError, match="there is no file"):
            a_plan(tmp_path).request([str(path)])
    assert not (tmp_path / "labels").exists()


def test_files_that_the_plan_has_by_another_name_are_named_once(tmp_path: Path) -> None:
    (tmp_path / "new.jsonl").touch()
    (tmp_path / "old.jsonl").touch()
    first = a_plan(tmp_path)
    assert not first.pin_revision(
        first.ensure_planned(first.request([str(tmp_path / "old.jsonl")])), "old", "file-1"
    )
    second = a_plan(tmp_path)
    planned = second.ensure_planned(second.request([str(tmp_path / "new.jsonl")]))
    assert "name it old=" in second.pin_revision(planned, "new", "file-1")
    assert not second.pin_revision(planned, "new", "file-1")


def test_a_planned_file_that_is_missing_is_left_to_the_screen(tmp_path: Path) -> None:
    file = tmp_path / "crawl.jsonl"
    file.touch()
    first = a_plan(tmp_path)
    planned = first.ensure_planned(first.request([str(file)]))
    first.pin_revision(planned, "crawl", "rev1")
    file.unlink()
    assert [corpus.key for corpus in a_plan(tmp_path).request(["crawl"]).corpora] == ["crawl"]
    assert [corpus.key for corpus in a_plan(tmp_path).request([str(file)]).corpora] == ["crawl"]


@pytest.fixture
def web(tmp_path: Path) -> Path:
    file = tmp_path / "data" / "web.jsonl"
    file.parent.mkdir()
    file.write_text('{"text": "a"}\n')
    return file


def planned_place(study_plan: StudyPlan, key: str = "web") -> str:
    plan = study_plan.read()
    assert plan is not None
    return plan.corpora[key].corpus.path


def test_a_path_in_the_plan_is_relative_to_the_study_and_holds_in_any_working_folder(
    tmp_path: Path, web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    first = a_plan(tmp_path)
    first.pin_revision(first.ensure_planned(first.request(["../data/web.jsonl"])), "web", "file-1")
    assert planned_place(first) == "data/web.jsonl"
    (corpus,) = a_plan(tmp_path).request(["web"]).corpora
    assert local_paths(corpus) == (str(web),)


def test_a_relative_path_leads_to_its_file_before_the_folder_of_the_study_is_there(
    tmp_path: Path, web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    study_plan = a_plan(tmp_path / "new" / "study")
    request = study_plan.request(["data/web.jsonl"])
    assert local_paths(request.corpora[0]) == (str(web),)
    study_plan.pin_revision(study_plan.ensure_planned(request), "web", "file-1")
    assert planned_place(study_plan) == "../../data/web.jsonl"
    (corpus,) = a_plan(tmp_path / "new" / "study").request(["web"]).corpora
    assert Path(*local_paths(corpus)).samefile(web)


def test_another_place_of_the_same_content_becomes_the_plans_once_it_was_compared(
    tmp_path: Path, web: Path
) -> None:
    first = a_plan(tmp_path)
    first.pin_revision(first.ensure_planned(first.request([str(web)])), "web", "file-1")
    moved = web.rename(tmp_path / "web.jsonl")
    second = a_plan(tmp_path)
    agreed = second.ensure_planned(second.request([str(moved)]))
    assert agreed.corpora["web"].corpus.path == str(moved)
    assert planned_place(second) == str(web)
    second.pin_revision(agreed, "web", "file-1")
    assert planned_place(second) == str(moved)


def test_a_path_is_what_a_corpus_is_in_a_plan_from_before(tmp_path: Path, web: Path) -> None:
    first = a_plan(tmp_path)
    first.pin_revision(first.ensure_planned(first.request([str(web)])), "web", "0" * 40)
    moved = web.rename(tmp_path / "web.jsonl")
    with pytest.raises(PlanError, match=r"plan\.json says corpora\.web\.path is"):
        a_plan(tmp_path).request([str(moved)])


def test_several_files_are_one_planned_corpus(
    tmp_path: Path, web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (web.parent / "more.jsonl").write_text('{"text": "b"}\n')
    study_plan = a_plan(tmp_path)
    request = study_plan.request(["data/more.jsonl", "data/web.jsonl"])
    study_plan.pin_revision(study_plan.ensure_planned(request), "data", "files-1")
    plan = study_plan.read()
    assert plan is not None
    assert plan.corpora["data"].corpus.paths == ("data/more.jsonl", "data/web.jsonl")
    assert [corpus.key for corpus in a_plan(tmp_path).request(["data"]).corpora] == ["data"]


def test_another_revision_of_a_planned_dataset_needs_a_name_of_its_own(tmp_path: Path) -> None:
    study_plan = a_plan(tmp_path)
    study_plan.pin_revision(study_plan.ensure_planned(study_plan.request(["owner/web@v1"])), "web", "c0ffee")
    assert a_plan(tmp_path).request(["owner/web@v1"]).corpora == a_plan(tmp_path).request(["web"]).corpora
    with pytest.raises(PlanError, match=r"corpora\.web\.requested is v1, but v2 was asked for"):
        a_plan(tmp_path).request(["owner/web@v2"])
    assert [c.key for c in a_plan(tmp_path).request(["web", "new=owner/web@v2"]).corpora] == ["web", "new"]


def corpora_of(*keys: str, blind: bool = False) -> tuple[Plan, tuple[Corpus, ...]]:
    corpora = tuple(corpus_for(key) for key in keys)
    plan = Plan(1)
    for corpus in corpora:
        plan = plan.with_corpus(corpus, target=50, blind=blind)
    return plan, corpora


def test_several_corpora_that_are_not_all_demos_are_a_study() -> None:
    for keys, together in ((["c4"], False), (["demo-edu", "demo-crawl"], False), (["c4", "demo-edu"], True)):
        assert is_study(corpora_of(*keys)[1]) is together


def test_what_is_hidden_is_decided_by_the_command_then_by_the_number_of_corpora_and_the_plan() -> None:
    plan, (c4, demo) = corpora_of("c4", "demo-edu")
    assert not is_blind([c4], plan, None)
    assert is_blind([c4, demo], plan, None)
    assert not is_blind([c4, demo], plan, override=False)
    assert is_blind([c4], plan, override=True)
    assert is_blind([c4], plan.with_terms(second_looks=10), None)
    assert not is_blind([c4], plan.with_terms(second_looks=0), None)
    assert is_blind([c4], corpora_of("c4", blind=True)[0], None)


@pytest.mark.parametrize(
    ("names", "described", "targets"),
    [
        (["demo-synth", "demo-edu"], UNDESCRIBED, [12, 40]),
        (["c4"], UNDESCRIBED, [Settings().target]),
        (["mine=owner/web"], CorpusOptions(census=True), [ALL]),
    ],
)
def test_without_a_number_as_many_labels_are_planned_as_suit_the_corpus(
    tmp_path: Path, names: list[str], described: CorpusOptions, targets: list[int]
) -> None:
    study_plan = a_plan(tmp_path)
    plan = study_plan.ensure_planned(study_plan.request(names, described=described))
    assert [corpus.target for corpus in plan.corpora.values()] == targets
    with pytest.raises(PlanError, match="all documents are planned, so -n has no meaning"):
        study_plan.request(
            ["mine=owner/web"], described=CorpusOptions(census=True), options=StudyOptions(target=5)
        )


def test_an_overlap_alone_is_that_of_the_annotators_of_the_plan() -> None:
    plan = Plan(1).with_terms(assignment=Assignment(("ann", "ben"), 30))
    assert NO_OPTIONS.assignment(plan) is None
    assert StudyOptions(overlap=30).assignment(plan) == Assignment(("ann", "ben"), 30)
    assert StudyOptions(annotators=("ann", "ben")).assignment(plan) == Assignment(("ann", "ben"), 30)
    assert StudyOptions(annotators=("ann", "ben")).assignment(None) == Assignment(("ann", "ben"), OVERLAP)
    assert StudyOptions(annotators=("ann", "ben"), overlap=0).assignment(None) == Assignment(
        ("ann", "ben"), 0
    )


def test_a_mix_is_kept_under_its_name_and_forgotten(tmp_path: Path) -> None:
    study_plan = a_plan(tmp_path)
    mix = Mix({"c4": 30, "fineweb": 70})
    with pytest.raises(PlanError, match="the plan has no mix called 'first'") as fault:
        study_plan.forget_mix("first")
    assert fault.value.hint.startswith("keep one: corpuscope mix")
    with pytest.raises(PlanError, match="'a=b' cannot be the name of a mix"):
        study_plan.keep_mix("a=b", mix)
    study_plan.keep_mix("first", mix)
    assert named_mix(study_plan.read(), "first") == mix
    with pytest.raises(PlanError, match="no mix called 'frist'") as fault:
        named_mix(study_plan.read(), "frist")
    assert fault.value.hint.startswith("did you mean first?")
    study_plan.forget_mix("first")
    plan = study_plan.read()
    assert plan is not None
    assert plan.mixes == {}


NOW = datetime(2026, 1, 2, 3, 4, 5, 6, UTC)


@dataclass(frozen=True)
class Labelled:
    """A ledger as far as the plan reads it: two annotators, their draws, and the labels of each corpus."""

    draws_of: Mapping[str, Mapping[str, Sequence[int]]]
    labels: Mapping[str, int]

    def annotators(self, corpus: str) -> list[str]:
        return list(self.draws_of.get(corpus, {}))

    def draws(self, corpus: str, annotator: str) -> Sequence[int]:
        return self.draws_of[corpus][annotator]

    def documents(self, corpus: str, _scheme: CategoryScheme) -> int:
        return self.labels.get(corpus, 0)

    def recent(self, annotator: str, count: int, corpus: str) -> list[SimpleNamespace]:
        if (annotator, corpus) != ("ann", "c4"):
            return []
        return [SimpleNamespace(reading_ms=1000 * n, at=NOW + timedelta(n)) for n in range(count)]


LEDGER = cast(
    "Decisions",
    Labelled({"c4": {"ann": (0, 1, 6), "ben": (3,)}, "fineweb": {"ann": ()}}, {"c4": 4, "synth": 9}),
)


def test_shown_are_the_documents_up_to_the_last_that_somebody_decided() -> None:
    assert shown_documents(corpora_of("c4", "fineweb", "synth")[0], LEDGER) == {"c4": 7}


def test_the_list_of_corpora_has_counts_once_the_ledger_is_read_and_the_pace_of_the_annotator() -> None:
    plan, _ = corpora_of("c4", "mine=owner/web")
    plan = plan.with_revision("c4", "c0ffee")
    scheme = load_scheme(None)
    statuses = {status.corpus.key: status for status in corpus_statuses(plan, LEDGER, scheme, "ann")}
    assert list(statuses) == [*KNOWN, "mine"]
    c4, mine, synth = (statuses[key] for key in ("c4", "mine", "synth"))
    assert (c4.labelled, c4.target, c4.revision) == (4, 50, "c0ffee")
    assert (c4.pace, c4.last_used) == (PACE_LABELS // 2, NOW + timedelta(PACE_LABELS - 1))
    assert (mine.labelled, mine.target, mine.revision, mine.pace, mine.last_used) == (0, 50, None, None, None)
    assert (synth.labelled, synth.target, synth.pace) == (9, None, None)
    unread = corpus_statuses(None, None, scheme)
    assert [(status.labelled, status.target) for status in unread] == [(None, None)] * len(KNOWN)


def test_a_changed_target_is_that_of_the_plan_with_the_time_to_the_second(tmp_path: Path) -> None:
    study_plan = a_plan(tmp_path)
    with pytest.raises(CorpusError, match="the plan has no corpus c4") as fault:
        study_plan.change_target("c4", 60, NOW, LEDGER)
    assert fault.value.hint == "plan one: corpuscope label c4"
    pinned(study_plan, ["c4"])
    with pytest.raises(CorpusError, match="the plan has no corpus c5") as fault:
        study_plan.change_target("c5", 60, NOW, LEDGER)
    assert fault.value.hint == "did you mean c4? known: c4"
    assert study_plan.change_target("c4", 60, NOW, LEDGER).target == 60
    plan = study_plan.read()
    assert plan is not None
    assert plan.corpora["c4"].replanned == (Replanned(Settings().target, 4, "2026-01-02T03:04:05+00:00"),)
    assert plan.blocks == (QueueBlock({"c4": 7}, {"c4": Settings().target}),)


def test_a_part_of_the_queue_for_a_mix_plans_more_labels_only_where_there_are_too_few(tmp_path: Path) -> None:
    study_plan = a_plan(tmp_path)
    pinned(study_plan, ["c4"])
    study_plan.begin_mix_block("first", {"c4": Settings().target - 4}, NOW, LEDGER)
    plan = study_plan.read()
    assert plan is not None
    assert (plan.corpora["c4"].target, plan.blocks[-1].mix) == (Settings().target, "first")
    study_plan.begin_mix_block("second", {"c4": Settings().target}, NOW, LEDGER)
    plan = study_plan.read()
    assert plan is not None
    assert (plan.corpora["c4"].target, plan.blocks[-1].mix) == (Settings().target + 4, "second")
    save_plan(replace(plan, order=1, blocks=()), study_plan.path)
    with pytest.raises(PlanError, match="is of an earlier version, whose queue shows the corpora in turns"):
        study_plan.begin_mix_block("third", {"c4": 5}, NOW, LEDGER)
