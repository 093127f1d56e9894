"""The plan: its file is never misread, and determines the documents to draw."""

from __future__ import annotations

import errno
import json
import os
import re
from dataclasses import replace
from pathlib import Path
from stat import S_ISDIR

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.corpora.known import EXACT, uniformity
from corpuscope.corpora.parse import CorpusOptions, corpus_for
from corpuscope.domain.corpus import FRAME, Corpus, TextColumn
from corpuscope.domain.mix import Mix
from corpuscope.errors import PlanError
from corpuscope.files import Files
from corpuscope.sampling.assignment import Assignment
from corpuscope.sampling.plan import ALL, Plan, QueueBlock, Replanned
from corpuscope.sampling.plan_file import find_plan, load_plan, open_plan, save_plan
from ledger_fakes import FailingFiles

names = st.text("abcdefghij-.", min_size=1, max_size=8).filter(lambda name: not name.startswith("."))
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


def a_plan(folder: Path) -> Plan:
    plan = open_plan(folder / "plan.json", seed=7, scheme="abcdef012345")
    return plan.with_corpus(corpus_for("synth"), target=300, blind=True).with_corpus(corpus_for("c4"))


def changed(folder: Path, **changes: object) -> Path:
    """Write a plan file with some keys at its top level or of c4 replaced; None removes a key."""
    path = folder / "plan.json"
    save_plan(a_plan(folder), path)
    content = json.loads(path.read_text())
    for key, value in changes.items():
        part = (
            content["corpora"]["c4"] if key in content["corpora"]["c4"] or key.startswith("c4_") else content
        )
        name = key.removeprefix("c4_")
        if value is None:
            del part[name]
        else:
            part[name] = value
    path.write_text(json.dumps(content))
    return path


def test_a_local_corpus_that_is_called_like_a_known_one_has_none_of_its_facts(tmp_path: Path) -> None:
    path = tmp_path / "labels" / "plan.json"
    own = corpus_for("c4=./web.jsonl")
    plan = open_plan(path, seed=1).with_corpus(own)
    save_plan(plan.with_revision("c4", "file-abc", 20, EXACT), path)
    read = load_plan(path).corpora["c4"].corpus
    assert (Path(read.title).name, read.licence, read.description) == ("web.jsonl", "", "")
    assert uniformity(read) == EXACT


def test_a_plan_survives_a_round_trip(tmp_path: Path) -> None:
    plan = a_plan(tmp_path).with_revision("c4", "1588ec454efa1a09f29cd18ddd04fe05fc8653a2")
    save_plan(plan, tmp_path / "plan.json")
    assert load_plan(tmp_path / "plan.json") == plan


def test_a_mix_survives_a_round_trip_and_older_plans_have_none(tmp_path: Path) -> None:
    mix = Mix({"c4": 30, "mine": 70}, 20e9, "documents", {"mine": 5e9})
    plan = a_plan(tmp_path)
    assert plan.mixes == {}
    save_plan(plan.with_mix("first", mix), tmp_path / "plan.json")
    assert load_plan(tmp_path / "plan.json").mixes == {"first": mix}


@pytest.mark.slow
@given(
    key=names,
    path=words,
    name=st.none() | words,
    split=words,
    columns=st.lists(st.tuples(words, words), min_size=1, max_size=3),
    seed=st.integers(0, 2**64 - 1),
)
def test_any_corpus_survives_a_round_trip(
    tmp_path_factory: pytest.TempPathFactory,
    key: str,
    path: str,
    name: str | None,
    split: str,
    columns: list[tuple[str, str]],
    seed: int,
) -> None:
    file = tmp_path_factory.mktemp("plan") / "plan.json"
    text = tuple(TextColumn(column, title) for column, title in columns)
    corpus = Corpus(key, f"{path} {name or ''}".rstrip(), "hub", path, name, split, text=text)
    plan = Plan(seed).with_corpus(corpus)
    save_plan(plan, file)
    loaded = load_plan(file)
    assert loaded.seed == seed
    assert loaded.with_corpus(corpus) == loaded


@pytest.mark.parametrize("uniform", [EXACT, "One of the first 48 rows of a file."])
def test_a_plan_says_what_is_uniform_about_a_corpus_of_the_hub_also_once_it_is_merged(
    tmp_path: Path, uniform: str
) -> None:
    corpus = Corpus("web", "web", "hub", "owner/web")
    path = tmp_path / "plan.json"
    save_plan(Plan(7).with_corpus(corpus).with_revision("web", "r", 223, uniform), path)
    loaded = load_plan(path)
    assert uniformity(loaded.corpora["web"].corpus) == uniform
    merged = Plan(7).with_corpus(corpus).joined(loaded, "theirs")
    assert uniformity(merged.corpora["web"].corpus) == uniform


def test_a_merged_plan_draws_from_the_files_of_the_plan_that_was_used() -> None:
    corpus = Corpus("web", "web", "hub", "owner/web")
    earlier = Plan(7).with_corpus(replace(corpus, frame=2)).with_revision("web", "r")
    assert Plan(7).with_corpus(corpus).joined(earlier, "theirs").corpora["web"].corpus.frame == 2
    ours = Plan(7).with_corpus(corpus).with_revision("web", "r", 223)
    with pytest.raises(PlanError, match=r"corpora\.web\.frame"):
        ours.joined(earlier, "theirs")
    same = Plan(7).with_corpus(replace(corpus, frame=2)).with_revision("web", "r", 223)
    assert ours.joined(same, "theirs").corpora["web"].corpus.frame == FRAME


def test_the_first_use_writes_a_plan_with_a_random_seed(tmp_path: Path) -> None:
    path = tmp_path / "labels" / "plan.json"
    plan = open_plan(path, entropy=lambda bits: bits * 100)
    assert plan.seed == 3200
    assert open_plan(path).seed == 3200
    assert json.loads(path.read_text())["seed"] == 3200
    assert [file.name for file in path.parent.iterdir()] == ["plan.json"]


def test_two_concurrent_first_uses_agree_on_one_seed(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"

    def overtaken(_: int) -> int:
        save_plan(Plan(1), path)  # another process is first
        return 2

    assert open_plan(path, entropy=overtaken).seed == 1


def test_a_seed_other_than_the_plans_is_an_error_that_names_both(tmp_path: Path) -> None:
    save_plan(a_plan(tmp_path).with_revision("c4", "c0ffee"), tmp_path / "plan.json")
    with pytest.raises(PlanError, match=r"plan\.json says seed is 7, but 8 was asked for"):
        open_plan(tmp_path / "plan.json", seed=8)
    assert open_plan(tmp_path / "plan.json", seed=7).seed == 7


def test_another_seed_is_accepted_while_no_corpus_was_opened(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    plan = a_plan(tmp_path)
    save_plan(plan, path)
    assert open_plan(path, seed=8) == replace(plan, seed=8) == load_plan(path)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"path": "other/c4"}, "corpora.c4.path is allenai/c4, but other/c4 was asked for"),
        ({"split": "validation"}, "corpora.c4.split is train, but validation was asked for"),
        ({"text": (TextColumn("url", "url"),)}, "corpora.c4.text is text=text, but url=url was asked for"),
        ({"files": None}, "corpora.c4.files is en/c4-train.*.json.gz, but not set was asked for"),
    ],
)
def test_a_corpus_that_differs_from_the_plan_is_an_error_naming_the_field(
    tmp_path: Path, options: dict[str, object], message: str
) -> None:
    with pytest.raises(PlanError) as error:
        a_plan(tmp_path).with_corpus(replace(corpus_for("c4"), **options))  # type: ignore[arg-type]
    assert error.value.message == f"plan.json says {message}"


def test_other_paths_than_those_of_a_plan_from_before_are_an_error_naming_them() -> None:
    corpus = Corpus("web", "web", "local", "data", paths=("data/a.jsonl", "data/b.jsonl"))
    other = replace(corpus, paths=("data/a.jsonl", "data/c.jsonl"))
    plan, theirs = (Plan(7).with_corpus(one).with_revision("web", "0" * 40) for one in (corpus, other))
    paths = "corpora.web.paths is data/a.jsonl,data/b.jsonl, but"
    with pytest.raises(PlanError, match=f"{paths} data/a.jsonl,data/c.jsonl was asked for"):
        plan.with_corpus(other)
    with pytest.raises(PlanError, match=f"{paths} theirs says data/a.jsonl,data/c.jsonl"):
        plan.joined(theirs, "theirs")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": 8}, "seed is 7, but theirs says 8"),
        ({"path": "other/web"}, "corpora.web.path is owner/web, but theirs says other/web"),
        ({"name": "en"}, "corpora.web.name is not set, but theirs says en"),
        ({"revision": "b"}, "corpora.web.revision is a, but theirs says b"),
    ],
)
def test_plans_that_draw_other_documents_do_not_become_one(
    change: dict[str, str | int], message: str
) -> None:
    def of(seed: int = 7, path: str = "owner/web", name: str | None = None, revision: str = "a") -> Plan:
        corpus = Corpus("web", "web", "hub", path, name)
        return Plan(seed).with_corpus(corpus).with_revision("web", revision)

    with pytest.raises(PlanError) as fault:
        of().joined(of(**change), "theirs")  # type: ignore[arg-type]
    assert fault.value.message == f"plan.json says {message}"
    assert fault.value.hint.endswith("cannot become one study; nothing was changed")


def test_a_corpus_that_is_pinned_later_learns_its_size_and_others_keep_theirs() -> None:
    corpus = Corpus("web", "web", "hub", "owner/web")
    plan = Plan(7).with_corpus(corpus).with_revision("web", "a")
    sized = plan.with_revision("web", "a", 40)
    assert (plan.corpora["web"].documents, sized.corpora["web"].documents) == (None, 40)
    for revision, documents in (("b", 40), ("a", None)):
        assert plan.with_revision("web", revision, documents) is plan
    assert sized.with_revision("web", "a", 50) is sized


def test_corpora_are_ordered_as_they_are_named_and_the_others_follow() -> None:
    plan = Plan(7)
    for key in ("a", "b", "c"):
        plan = plan.with_corpus(Corpus(key, key, "hub", f"owner/{key}"))
    assert tuple(plan.ordered(("c", "d", "a")).corpora) == ("c", "a", "b")


def test_another_target_or_blindness_is_an_error_and_none_accepts_the_plan(tmp_path: Path) -> None:
    plan = a_plan(tmp_path)
    assert plan.with_corpus(corpus_for("synth")) is plan
    assert plan.with_corpus(corpus_for("synth"), target=300, blind=True) is plan
    with pytest.raises(PlanError, match=r"corpora\.synth\.target is 300, but 200") as error:
        plan.with_corpus(corpus_for("synth"), target=200)
    assert "to change it on purpose: corpuscope plan synth -n 200" in error.value.hint
    with pytest.raises(PlanError, match=r"corpora\.c4\.blind is off, but on"):
        plan.with_corpus(corpus_for("c4"), blind=True)


def test_a_changed_target_is_recorded_once_there_are_labels(tmp_path: Path) -> None:
    plan = a_plan(tmp_path).with_target("synth", 400, 0)
    assert plan.with_target("synth", 400, 9) is plan
    assert plan.with_corpus(corpus_for("synth"), target=400).corpora["synth"].replanned == ()
    at = "2026-01-02T03:04:05+00:00"
    replanned = plan.with_target("synth", 500, 120).with_target("synth", 130, 125, at)
    save_plan(replanned, tmp_path / "plan.json")
    loaded = load_plan(tmp_path / "plan.json").corpora["synth"]
    assert (loaded.target, loaded.blind, loaded.replanned) == (
        130,
        True,
        (Replanned(400, 120), Replanned(500, 125, "2026-01-02T03:04:05+00:00")),
    )


def test_a_change_after_labels_begins_a_new_part_of_the_queue_and_another_one_before_further_labels_does_not(
    tmp_path: Path,
) -> None:
    plan = a_plan(tmp_path).with_target("c4", 210, 0)
    assert plan.blocks == ()
    shown = {"synth": 120, "c4": 80}
    changed = plan.with_target("synth", 500, 120, decided=shown).with_target("c4", 400, 80, decided=shown)
    assert changed.blocks == (QueueBlock(shown, {"synth": 300, "c4": 210}),)
    further = {"synth": 121, "c4": 80}
    assert changed.with_target("c4", 90, 80, decided=further).blocks[1:] == (
        QueueBlock(further, {"synth": 500, "c4": 400}),
    )
    save_plan(changed, tmp_path / "plan.json")
    assert load_plan(tmp_path / "plan.json") == changed


def test_a_part_for_a_mix_goes_on_until_it_is_through_and_gives_way_to_another(tmp_path: Path) -> None:
    shown = {"synth": 120, "c4": 80}
    plan = a_plan(tmp_path).with_mix_block("first", {"synth": 10, "c4": 30}, shown)
    assert plan.blocks[0] == QueueBlock(shown, {"synth": 300, "c4": 200})
    block = plan.mix_block({"synth": 130, "c4": 109})
    assert block == QueueBlock({"synth": 130, "c4": 110}, {"synth": 130, "c4": 110}, "first")
    assert plan.mix_block({"synth": 130, "c4": 110}) is None
    assert plan.with_target("c4", 400, 85, decided={"synth": 121, "c4": 85}).blocks == plan.blocks
    other = plan.with_mix_block("second", {"synth": 5}, {"synth": 121, "c4": 85})
    assert [(dict(part.ends), part.mix) for part in other.blocks] == [
        (shown, ""),
        ({"synth": 121, "c4": 85}, "first"),
        ({"synth": 126, "c4": 85}, "second"),
    ]
    save_plan(other, tmp_path / "plan.json")
    assert load_plan(tmp_path / "plan.json") == other


@pytest.mark.parametrize(
    ("order", "replanned", "kept"), [(1, False, 1), (2, False, 3), (2, True, 2), (3, True, 3)]
)
def test_an_older_plan_keeps_the_order_in_which_its_documents_came(
    tmp_path: Path, order: int, replanned: bool, kept: int
) -> None:
    plan = replace(a_plan(tmp_path), order=order)
    if replanned:
        plan = plan.with_target("c4", 250, 80)
    changed = plan.with_target("c4", 400, 80, decided={"synth": 120, "c4": 80})
    assert changed.order == kept
    assert bool(changed.blocks) is (order > 1)


SHARED = Assignment(("ann", "ben"), 25)


def test_the_parts_of_a_queue_are_counted_in_the_documents_of_an_annotator(tmp_path: Path) -> None:
    plan = a_plan(tmp_path).with_terms(assignment=SHARED)
    plan = plan.with_target("synth", 400, 200, decided={"synth": 200, "c4": 100})
    ann, ben = (plan.blocks_of(name)[0] for name in ("ann", "ben"))
    assert ann.ends["synth"] + ben.ends["synth"] == 200 + 50
    assert ann.planned["synth"] + ben.planned["synth"] == 300 + 75


def test_undecided_second_looks_and_annotators_are_left_out_of_the_file(tmp_path: Path) -> None:
    plan = a_plan(tmp_path)
    save_plan(plan, tmp_path / "plan.json")
    assert (
        not {"second_looks", "annotators", "overlap"}
        & json.loads((tmp_path / "plan.json").read_text()).keys()
    )
    assert (plan.second_looks, plan.assignment) == (None, None)
    assert plan.target_of("synth", "anybody") == 300


def test_second_looks_and_annotators_survive_a_round_trip(tmp_path: Path) -> None:
    plan = a_plan(tmp_path).with_terms(second_looks=10, assignment=SHARED)
    save_plan(plan, tmp_path / "plan.json")
    assert load_plan(tmp_path / "plan.json") == plan
    assert plan.with_terms() is plan
    assert plan.with_terms(second_looks=10, assignment=Assignment(("ben", "ann"), 25)) is plan
    # 75 labelled by both, and half of the other 225
    assert sorted(plan.target_of("synth", name) for name in ("ann", "ben")) == [187, 188]


@pytest.mark.parametrize(
    ("requested", "message"),
    [
        (
            {"assignment": Assignment(("ann", "cem"), 25)},
            "annotators is ann, ben, but ann, cem was asked for",
        ),
        ({"assignment": Assignment(("ann", "ben"), 0)}, "overlap is 25, but 0 was asked for"),
    ],
)
def test_an_assignment_other_than_the_plans_is_an_error_naming_the_difference(
    tmp_path: Path, requested: dict[str, object], message: str
) -> None:
    with pytest.raises(PlanError) as error:
        a_plan(tmp_path).with_terms(second_looks=10, assignment=SHARED).with_terms(**requested)  # type: ignore[arg-type]
    assert error.value.message == f"plan.json says {message}"


def test_the_share_of_second_looks_may_change_at_any_time(tmp_path: Path) -> None:
    plan = a_plan(tmp_path).with_terms(second_looks=10, assignment=SHARED).with_terms(second_looks=20)
    assert (plan.second_looks, plan.assignment) == (20, SHARED)


def test_merging_adopts_terms_that_are_undecided_here(tmp_path: Path) -> None:
    mine, theirs = a_plan(tmp_path), a_plan(tmp_path).with_terms(second_looks=30, assignment=SHARED)
    assert mine.joined(theirs, "theirs") == theirs
    assert theirs.joined(mine, "mine") == theirs


def test_a_revision_is_pinned_once(tmp_path: Path) -> None:
    plan = a_plan(tmp_path).with_revision("c4", "first")
    assert plan.with_revision("c4", "second").corpora["c4"].revision == "first"
    assert plan.corpora["synth"].revision is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seed": -1}, "seed is -1; it must be a whole number from 0 to 2**64 - 1"),
        ({"seed": None}, "seed is missing"),
        ({"seeds": 1}, "seeds is not known (did you mean seed? known: seed, "),
        ({"target": 0}, "corpora.c4.target is 0; it must be a whole number from 1 to 1,000,000,000"),
        ({"blind": "no"}, 'corpora.c4.blind is "no"; it must be true or false'),
        ({"text": []}, "corpora.c4.text is []; it must be a list of at least 1 column"),
        ({"c4_revison": "x"}, "corpora.c4.revison is not known (did you mean revision?"),
        ({"version": 0}, "version is 0; it must be a whole number from 1 to 2"),
        (
            {"mixes": {"first": {"weights": {"c4": 0}}}},
            'mixes.first.weights is {"c4": 0}; it must be an object with a weight per corpus',
        ),
        (
            {"mixes": {"first": {"weights": {"c4": 1}, "by": "words"}}},
            'mixes.first.by is "words"; it must be "tokens" or "documents"',
        ),
        ({"mixes": {"a=b": {"weights": {"c4": 1}}}}, "mixes.a=b cannot be the name of a mix"),
        ({"second_looks": 101}, "second_looks is 101; it must be a whole number from 0 to 100 or null"),
        (
            {"annotators": ["ann"], "overlap": 10},
            'annotators is ["ann"]; it must be a list of at least 2 names',
        ),
        ({"annotators": ["ann", "ann"], "overlap": 10}, "annotators names somebody twice"),
        ({"annotators": ["ann", "ben"]}, "annotators and overlap go together: one of them is missing"),
        ({"overlap": 10}, "annotators and overlap go together: one of them is missing"),
        (
            {"corpora": {"../c4": {}}},
            "corpora.../c4 cannot be the name of a corpus: use letters, digits and . _ -",
        ),
    ],
)
def test_a_damaged_plan_is_an_error_naming_file_and_key(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    path = changed(tmp_path, **changes)
    with pytest.raises(PlanError) as error:
        load_plan(path)
    assert error.value.message.startswith(f"{path}: {message}")
    assert "restore it from a copy" in error.value.hint


def test_every_fault_of_a_plan_is_named_on_a_line_of_its_own(tmp_path: Path) -> None:
    path = changed(tmp_path, seed=None, target=0, text=[{"column": "text"}], **{"a\nb": 1})
    with pytest.raises(PlanError) as error:
        load_plan(path)
    assert [line.removeprefix(f"{path}: ").split(" (")[0] for line in error.value.message.split("\n")] == [
        r"a\nb is not known",
        "seed is missing",
        "corpora.c4.target is 0; it must be a whole number from 1 to 1,000,000,000",
        "corpora.c4.text.0.title is missing",
    ]


def test_a_plan_that_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    save_plan(a_plan(tmp_path), path)
    before = path.read_bytes()
    with pytest.raises(PlanError, match=r"corpora\.web\.split is \"\"; it must be text") as error:
        save_plan(a_plan(tmp_path).with_corpus(Corpus("web", "web", "hub", "owner/web", split="")), path)
    assert error.value.hint == "nothing was written"
    assert path.read_bytes() == before


def test_a_plan_of_a_newer_version_asks_for_that_version(tmp_path: Path) -> None:
    path = changed(tmp_path, version=3)
    with pytest.raises(PlanError, match="written by a newer corpuscope") as error:
        load_plan(path)
    assert error.value.hint.startswith("install that one")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{\n "seed": 1,\n "scheme": }\n', ", line 3: Expecting value"),
        (b"", ", line 1: Expecting value"),
        (b"[]", ": the file is []"),
        (b"\xff\xff\xff", " is not a text file"),
        (b'{"seed": 1, "seed": 2}', " is not a plan: seed is written twice in one object"),
        (b'{"seed": ' + b"9" * 5000 + b"}", " is not a plan: Exceeds the limit"),
        (b"[" * 100_000, " is not a plan: "),  # Python words it differently from 3.14 on
    ],
)
def test_a_plan_that_is_not_json_is_an_error_naming_the_line(
    tmp_path: Path, data: bytes, message: str
) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(data)
    with pytest.raises(PlanError) as error:
        open_plan(path)
    assert error.value.message.startswith(f"{path}{message}")
    assert path.read_bytes() == data


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(PlanError, match="cannot be written"):
        open_plan(tmp_path / "plan.json")


def test_a_plan_whose_folder_cannot_be_searched_is_named(tmp_path: Path) -> None:
    (tmp_path / "labels").symlink_to("labels")  # a loop, which fails even for root
    for read in (open_plan, find_plan):
        with pytest.raises(PlanError, match=r"labels/plan\.json cannot be read"):
            read(tmp_path / "labels" / "plan.json")


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "labels").write_text("")
    with pytest.raises(PlanError, match=r"labels/plan\.json cannot be written"):
        open_plan(tmp_path / "labels" / "plan.json")


def test_a_plan_of_an_earlier_version_keeps_its_order_and_its_draws(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    save_plan(a_plan(tmp_path), path)
    content = json.loads(path.read_text("utf-8"))
    assert (content["version"], content["order"]) == (2, 3)
    del content["order"]
    content["version"] = 1
    content["corpora"]["synth"] |= {"replanned": [[200, 30]]}
    for entry in content["corpora"].values():
        del entry["documents"]
    path.write_text(json.dumps(content), "utf-8")
    plan = load_plan(path)
    assert plan.order == 1
    assert plan.corpora["synth"].replanned == (Replanned(200, 30, ""),)
    save_plan(plan, path)
    assert load_plan(path) == plan


def test_a_plan_is_written_on_a_file_system_that_syncs_no_folders(tmp_path: Path) -> None:
    class SyncsNoFolders(Files):
        def sync(self, descriptor: int) -> None:
            if S_ISDIR(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, "Invalid argument")
            super().sync(descriptor)

    path = tmp_path / "labels" / "plan.json"
    assert open_plan(path, seed=7, files=SyncsNoFolders()) == load_plan(path)


def test_a_full_disk_leaves_no_half_plan(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    for _ in range(2):
        with pytest.raises(PlanError, match=r"plan\.json cannot be written: No space left") as error:
            open_plan(path, seed=7, files=FailingFiles(write=errno.ENOSPC))
        assert error.value.hint.startswith("make room")
        assert list(tmp_path.iterdir()) == []


def test_no_more_labels_are_planned_than_the_corpus_has_documents(tmp_path: Path) -> None:
    plan = a_plan(tmp_path)
    plan = plan.with_revision("synth", plan.corpora["synth"].revision or "r", 18)
    assert plan.corpora["synth"].labels == plan.target_of("synth", "ann") == 18
    assert plan.corpora["synth"].target > 18


def test_a_census_plans_as_many_labels_as_there_are_documents(tmp_path: Path) -> None:
    path = str(tmp_path / "errors.jsonl")
    errors = corpus_for(path, CorpusOptions(in_order=True))
    plan = open_plan(tmp_path / "labels" / "plan.json", seed=7).with_corpus(errors, target=ALL)
    plan = plan.with_revision("errors", "file-c0ffee", 300, "In the order of the files")
    assert (plan.corpora["errors"].target, plan.corpora["errors"].documents) == (300, 300)
    save_plan(plan, tmp_path / "labels" / "plan.json")
    loaded = load_plan(tmp_path / "labels" / "plan.json")
    assert loaded == plan
    assert loaded.with_corpus(errors, target=ALL) == loaded
    assert loaded.with_corpus(corpus_for(path)) == loaded


def test_a_random_sample_does_not_become_a_census(tmp_path: Path) -> None:
    plan = a_plan(tmp_path).with_corpus(corpus_for("web.jsonl"))
    with pytest.raises(PlanError, match=r"corpora\.web\.census is off, but on was asked for") as fault:
        plan.with_corpus(corpus_for("web.jsonl", CorpusOptions(census=True)))
    assert "give these a name of their own" in fault.value.hint


def test_a_named_pipe_in_place_of_a_plan_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "plan.json")
    with pytest.raises(PlanError, match=r"plan\.json is not a regular file"):
        find_plan(tmp_path / "plan.json")


def test_a_part_of_the_queue_without_numbers_of_documents_is_named(tmp_path: Path) -> None:
    path = changed(tmp_path, blocks=[{"ends": {"c4": -1}, "planned": {}}])
    with pytest.raises(
        PlanError, match=r'blocks\.0\.ends is \{"c4": -1\}; it must be an object with a number'
    ):
        load_plan(path)


def test_plans_that_were_never_changed_join_without_a_doubt_about_their_order(tmp_path: Path) -> None:
    plan = a_plan(tmp_path)
    older = replace(plan, order=2)
    assert plan.joined(older, "b").order == 3
    assert plan.joined(older.with_target("c4", 250, 80), "b").order == 2
    assert plan.joined(replace(plan, order=1), "b").order == 1


def with_value(folder: Path, place: str, value: object) -> Path:
    """Write a plan file with one value replaced or added, at a path such as `corpora.c4.target`."""
    path = folder / "plan.json"
    path.unlink(missing_ok=True)
    plan = a_plan(folder).with_revision("c4", "c0ffee").with_terms(assignment=SHARED)
    save_plan(plan.with_mix("first", Mix({"c4": 1, "synth": 2})), path)
    content = part = json.loads(path.read_text())
    *way, last = place.split(".")
    for name in way:
        part = part[name]
    part[last] = value
    path.write_text(json.dumps(content))
    return path


SENT = [10, 5, "2026-01-02"]


@pytest.mark.parametrize(
    ("place", "valid", "invalid"),
    [
        ("version", [1, 2], [0, True, 1.0]),
        ("seed", [0, 2**64 - 1], [-1, 2**64, True, "1", None]),
        ("second_looks", [0, 100, None], [-1, 101, 10.0]),
        ("overlap", [0, 100], [-1, 101]),
        ("annotators", [["a", "b"]], [[], ["a"], ["a", ""], "ab", ["a", 1]]),
        ("order", [1, 3], [0, 4]),
        ("scheme", [""], [None, 1]),
        ("corpora.c4.target", [1, 10**9], [0, 10**9 + 1, 1.0]),
        ("corpora.c4.documents", [1, 2**62, None], [0, True]),
        ("corpora.c4.frame", [1, 3, None], [0, 4]),
        ("corpora.c4.path", ["a/b"], ["", None]),
        ("corpora.c4.paths", [["a", "b"]], [["a"], [1, 2]]),
        ("corpora.c4.in_order", [True, False], [1, None]),
        ("corpora.c4.replanned", [[], [SENT], [SENT[:2]]], [[[10]], [[*SENT, "x"]], [[0, 5]], [[10, 0]], [[10, 5, 1]]]),
        ("corpora.c4.replanned", [[[10**9, 10**9]]], [[[10**9 + 1, 5]], [[True, 5]]]),
        ("mixes.first.weights", [{"a": 0, "b": 0.5}], [{}, {"a": 0}, {"a": -1}, {"a": True}, {"a": "1"}, []]),
        ("mixes.first.budget", [1, 0.5, None], [0, -1, True, 1e400]),
        ("mixes.first.by", ["tokens", "documents"], ["words", None]),
        ("mixes.first.sizes", [{}, {"a": 1}], [{"a": 0}, [1]]),
        ("blocks", [[], [{"ends": {"a": 0}, "planned": {"a": 2 * 10**9}}]], [[1], [{"ends": {}}]]),
        ("blocks", [[{"ends": {}, "planned": {}, "mix": "m"}]], [[{"ends": {"a": -1}, "planned": {}}]]),
        ("blocks", [[]], [[{"ends": {"a": 2 * 10**9 + 1}, "planned": {}}], [{"ends": {"a": True}, "planned": {}}]]),
    ],
)  # fmt: skip
def test_a_value_is_read_within_its_bounds_and_named_beyond_them(
    tmp_path: Path, place: str, valid: list[object], invalid: list[object]
) -> None:
    for value in valid:
        load_plan(with_value(tmp_path, place, value))
    for value in invalid:
        with pytest.raises(PlanError, match=re.escape(place)):
            load_plan(with_value(tmp_path, place, value))


def test_what_an_earlier_version_left_out_has_the_meaning_of_that_version(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    corpus = {
        "kind": "hub",
        "path": "owner/web",
        "text": [{"column": "a", "title": "b"}],
        "target": 5,
        "blind": False,
    }
    path.write_text(
        json.dumps({"seed": 3, "corpora": {"web": corpus | {"revision": "c0ffee"}, "new": corpus}})
    )
    plan = load_plan(path)
    assert (plan.order, plan.scheme, plan.second_looks, plan.assignment) == (1, "", None, None)
    assert (dict(plan.mixes), plan.blocks) == ({}, ())
    web, new = plan.corpora["web"].corpus, plan.corpora["new"].corpus
    assert (web.frame, new.frame) == (1, FRAME)
    assert (web.name, web.split, web.files, web.tokens, web.requested) == (None, "train", None, None, None)
    assert (web.paths, web.in_order, web.census, web.uniform) == ((), False, False, "")
    assert (plan.corpora["web"].replanned, plan.corpora["web"].documents) == ((), None)
    assert web.text == (TextColumn("a", "b"),)
