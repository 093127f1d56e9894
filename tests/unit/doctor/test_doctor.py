"""A sound study passes every check, and each fault of an unsound one is an error with a remedy."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from corpuscope.config.settings import Paths
from corpuscope.corpora.known import KNOWN
from corpuscope.corpora.parse import corpus_for
from corpuscope.corpora.source import Manifest, Shard
from corpuscope.doctor.checks import Check, State
from corpuscope.doctor.doctor import examine
from corpuscope.doctor.shard_order import OrderAudit, order_audit_check, shard_order_check
from corpuscope.doctor.uniformity import SamplingFrame, uniformity_checks
from corpuscope.domain.document import Address, Document
from corpuscope.ledger.read.decisions import Decision
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.sampling.draws import draws_of
from corpuscope.sampling.feed.open import source_for
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.plan_file import open_plan, save_plan
from hub.faults import Fault
from hub.server import StandIn
from hub.state import Access
from ledger_fakes import Scribe, flip, parts

MB = 1 << 20
BY_SHARD = Manifest("r1", tuple(Shard(f"f{n}", (100 + n) * MB) for n in range(40)), equal=False)
"""Files with unknown row counts, as in FineWeb."""
HEADS = Manifest("r1", tuple(Shard(f"f{n}", 300 * MB) for n in range(200)), prefix_rows=48, equal=True)
"""First rows of equal files, as in C4."""
COUNTED = Manifest("r1", (Shard("a", 1, 30_000), Shard("b", 1, 5), Shard("c", 1, 70_000)))
"""Files with known row counts, as for local files."""
GROUP = 1000
ROWS = {"by shard": 50_000, "heads": 48}

Decide = Callable[[Iterable[Document]], list[Decision]]


@pytest.fixture
def decide(tmp_path: Path) -> Decide:
    """Return a function that labels documents and reads the decisions back."""

    def write(documents: Iterable[Document]) -> list[Decision]:
        with Scribe(tmp_path / "decided") as scribe:
            for document in documents:
                scribe.label(document)
        return LedgerReader(tmp_path / "decided").read().recent()

    return write


def drawn(
    manifest: Manifest, count: int, rows: int | None = None, *, longer: int = 0, seed: int = 7
) -> list[Document]:
    """Return the documents of the first `count` draws; each is longer than the one before by `longer` characters."""
    draws, lengths = draws_of(manifest, seed), random.Random(seed)
    documents = []
    for draw in range(count):
        target = draws.first(draw)
        assert target is not None
        shard = manifest.shards[target.shard]
        row_count = shard.rows or rows or 0
        row = draws.row(target, row_count, ())
        assert row is not None
        documents.append(
            Document(
                "web",
                Address("owner/web", None, "train", "r1", shard.name, row),
                draw,
                draws.probability(target.shard, row_count),
                "x" * (lengths.randrange(100, 3000) + longer * draw),
            )
        )
    return documents


def moved(documents: Iterable[Document], row: Callable[[int], int]) -> list[Document]:
    return [replace(d, address=replace(d.address, row=row(d.address.row))) for d in documents]


def frame(manifest: Manifest, *, groups: bool = False) -> SamplingFrame:
    rows = ROWS["by shard"]
    row_groups = (GROUP,) * (rows // GROUP)
    return SamplingFrame(manifest, {shard.name: row_groups for shard in manifest.shards} if groups else {})


def states(checks: Iterable[Check]) -> dict[str, State]:
    return {check.name.removeprefix("web "): check.state for check in checks}


OK = State.OK


def test_draws_by_file_and_row_pass_every_check(decide: Decide) -> None:
    decisions = decide(drawn(BY_SHARD, 300, ROWS["by shard"]))
    checks = list(uniformity_checks("web", decisions, frame(BY_SHARD, groups=True)))
    assert states(checks) == {"positions": OK, "files": OK, "row groups": OK, "lengths": OK}
    assert "300 documents are spread evenly over the rows of their files (KS D = " in checks[0].message
    assert "300 draws hit 40 of 40 files" in checks[1].message


def test_draws_limited_to_first_rows_are_uniform_over_those_rows(decide: Decide) -> None:
    checks = list(uniformity_checks("web", decide(drawn(HEADS, 400, 48)), frame(HEADS)))
    assert states(checks) == {"positions": OK, "files": OK, "lengths": OK}
    assert "evenly over the first 48 rows of their files" in checks[0].message


def test_draws_of_counted_rows_are_uniform_over_all_rows(decide: Decide) -> None:
    checks = list(uniformity_checks("web", decide(drawn(COUNTED, 300)), frame(COUNTED)))
    assert states(checks) == {"positions": OK, "files": OK, "lengths": OK}
    assert "evenly over all rows (" in checks[0].message


def test_files_of_one_document_each_are_not_mistaken_for_a_clustered_draw(decide: Decide) -> None:
    folder = Manifest("r1", tuple(Shard(f"{n}.txt", 9, 1) for n in range(300)))
    checks = list(uniformity_checks("web", decide(drawn(folder, 200)), frame(folder)))
    assert states(checks) == {"positions": OK, "files": State.UNKNOWN, "lengths": OK}
    assert "200 of only 300 documents" in checks[1].message


def test_row_groups_are_told_apart_by_their_rows_and_weighed_by_their_share_of_a_file(decide: Decide) -> None:
    two = Manifest("r1", (Shard("a", MB), Shard("b", MB)), equal=True)
    rows = {"a": iter((999, 1_000, 49_999, *range(100))), "b": iter((399, 400, *range(401, 500)))}
    documents = [
        replace(document, address=replace(document.address, row=next(rows[document.address.shard])))
        for document in drawn(two, 20, 50_000)
    ]
    groups = {"a": (GROUP,) * 50, "b": (400, 100)}
    checks = {c.name: c for c in uniformity_checks("web", decide(documents), SamplingFrame(two, groups))}
    # of a the first two groups and the last one were hit, of b both
    assert checks["web row groups"].message.startswith("20 draws hit 5 of 52 row groups, 11 are expected")


def test_a_sample_of_heads_only_is_an_error(decide: Decide) -> None:
    heads = moved(drawn(BY_SHARD, 200, ROWS["by shard"]), lambda row: row % 500)
    checks = {c.name: c for c in uniformity_checks("web", decide(heads), frame(BY_SHARD, groups=True))}
    for name in ("web positions", "web row groups"):
        assert checks[name].state is State.ERROR
        assert "p < .001" in checks[name].message
        assert "report no shares of it" in checks[name].hint
    assert checks["web files"].state is State.OK


def test_a_sample_of_one_row_group_is_an_error(decide: Decide) -> None:
    one = [
        replace(d, address=replace(d.address, shard="f3", row=17_000 + d.draw), probability=probability)
        for d, probability in ((d, 103 / sum(range(100, 140)) / 50_000) for d in drawn(BY_SHARD, 200, 50_000))
    ]
    checks = uniformity_checks("web", decide(one), frame(BY_SHARD, groups=True))
    errors = dict.fromkeys(("positions", "files", "row groups"), State.ERROR)
    assert states(checks) == errors | {"lengths": OK}


def test_draws_that_grow_longer_are_an_error(decide: Decide) -> None:
    checks = uniformity_checks("web", decide(drawn(COUNTED, 200, longer=20)), frame(COUNTED))
    assert states(checks)["lengths"] is State.ERROR


def test_documents_of_other_files_or_with_other_probabilities_are_an_error(decide: Decide) -> None:
    documents = drawn(COUNTED, 20)
    other = [replace(d, probability=d.probability * 1.5) for d in documents[:3]]
    (check,) = uniformity_checks("web", decide([*other, *documents[3:]]), frame(COUNTED))
    assert (check.state, check.message[:11]) == (State.ERROR, "3 documents")
    fewer = replace(COUNTED, shards=COUNTED.shards[:2])
    (check,) = uniformity_checks("web", decide(documents), frame(fewer))
    assert check.state is State.ERROR
    assert "from files the corpus lacks" in check.message


def test_too_few_documents_are_not_checked(decide: Decide) -> None:
    (check,) = uniformity_checks("web", decide(drawn(COUNTED, 5)), frame(COUNTED))
    assert (check.state, check.message) == (State.UNKNOWN, "too few documents to judge by: 5")


@pytest.mark.slow
def test_uniform_samples_rarely_fail(tmp_path: Path) -> None:
    outcomes = []
    for seed in range(20):
        with Scribe(tmp_path / str(seed)) as scribe:
            for document in drawn(HEADS, 120, 48, seed=seed):
                scribe.label(document)
        decisions = LedgerReader(tmp_path / str(seed)).read().recent()
        outcomes += [check.state for check in uniformity_checks("web", decisions, frame(HEADS))]
    assert len(outcomes) == 60
    assert outcomes.count(State.ERROR) == 0
    assert outcomes.count(State.WARNING) <= 2


def paths_of(folder: Path) -> Paths:
    return Paths(folder / "labels", None, folder / "config.toml", folder / "cache", folder / "log")


def study(folder: Path, key: str, count: int, *, seed: int = 7) -> Paths:
    """Return the paths of a study with the first `count` draws of a corpus labelled."""
    paths = paths_of(folder)
    corpus = KNOWN[key].corpus if key in KNOWN else corpus_for(key)
    source = source_for(corpus, None, paths.cache)
    manifest = source.manifest()
    plan = open_plan(paths.labels / "plan.json", seed=seed).with_corpus(corpus)
    save_plan(plan.with_revision(corpus.key, manifest.revision), paths.labels / "plan.json")
    draws = draws_of(manifest, seed)
    with Scribe(paths.labels) as scribe:
        for draw in range(count):
            target = draws.first(draw)
            assert target is not None
            rows = source.rows(target.shard)
            row = draws.row(target, rows, ())
            assert row is not None
            text = source.fetch(target.shard, row).text[0][1]
            name = manifest.shards[target.shard].name
            address = Address(corpus.path, corpus.name, corpus.split, manifest.revision, name, row)
            probability = draws.probability(target.shard, rows)
            scribe.label(Document(corpus.key, address, draw, probability, text))
    return paths


def examined(paths: Paths, *, offline: bool = True) -> dict[str, Check]:
    return {check.name: check for check in examine(paths, offline=offline)}


@pytest.fixture
def web(tmp_path: Path) -> Path:
    path = tmp_path / "web.jsonl"
    path.write_text("".join(json.dumps({"text": "x" * (n * 37 % 101)}) + "\n" for n in range(4000)))
    return path


def test_an_empty_folder_is_a_sound_study(tmp_path: Path) -> None:
    checks = examined(paths_of(tmp_path))
    assert {check.state for check in checks.values()} == {State.OK}
    assert list(checks) == ["config", "categories", "plan", "folders", "ledger"]


def test_folders_that_cannot_be_written_are_warnings(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    paths = paths_of(tmp_path)._replace(cache=tmp_path / "file" / "cache")
    check = examined(paths)["folders"]
    assert check.state is State.WARNING
    assert check.message.startswith(f"{paths.cache} cannot be written")
    assert "CORPUSCOPE_CACHE" in check.hint


def test_a_labelled_local_corpus_is_a_sound_study(tmp_path: Path, web: Path) -> None:
    checks = examined(study(tmp_path, str(web), 150, seed=8))
    assert {check.state for check in checks.values()} == {State.OK, State.UNKNOWN}
    assert "150 documents are spread evenly over all rows" in checks["web positions"].message
    assert checks["ledger"].message.startswith("150 events of 150 documents")


def test_documents_in_order_count_once_however_often_they_were_read(tmp_path: Path) -> None:
    paths = paths_of(tmp_path)
    corpus = replace(corpus_for("web.jsonl"), in_order=True)
    save_plan(Plan(7).with_corpus(corpus).with_revision("web", "r"), paths.labels / "plan.json")
    with Scribe(paths.labels) as scribe:
        scribe.skip(0)
        scribe.label(1, "News")
        scribe.label(1, "News", look=2)
    assert examined(paths)["web draws"].message == "2 documents were not drawn at random here"


@pytest.mark.parametrize("key", ["c4", "fineweb", "synth"])
def test_a_labelled_hub_corpus_is_examined_without_the_network(
    hub: StandIn, tmp_path: Path, key: str
) -> None:
    paths = study(tmp_path, key, 60)
    hub.faults.add(Fault("drop"))
    hub.calls.clear()
    checks = examined(paths)
    assert {check.state for check in checks.values()} <= {State.OK, State.UNKNOWN}
    assert checks[f"{key} positions"].state is State.OK
    assert hub.finished_calls() == []


def test_without_a_cache_the_draws_are_not_checked(hub: StandIn, tmp_path: Path) -> None:
    paths = study(tmp_path, "fineweb", 20)
    hub.reset()
    check = examined(paths._replace(cache=tmp_path / "empty"))["fineweb draws"]
    assert (check.state, check.hint) == (
        State.UNKNOWN,
        "`corpuscope sample fineweb -n 1` brings it back",
    )


def test_the_first_byte_of_each_hub_corpus_is_fetched_and_every_host_named(
    hub: StandIn, tmp_path: Path
) -> None:
    paths = study(tmp_path, "fineweb", 1)
    hub.reset()
    check = examined(paths, offline=False)["fineweb on the Hub"]
    assert check.state is State.OK
    assert [(call.method, call.status) for call in hub.finished_calls()] == [("GET", 302), ("GET", 206)]
    assert hub.sent == 1
    for address in (hub.endpoint, hub.storage):
        assert address.removeprefix("http://") in check.message


@pytest.mark.parametrize(
    ("break_hub", "words"),
    [
        (lambda hub: hub.faults.add(Fault("status", status=503)), "check the network and HF_ENDPOINT"),
        (lambda hub: hub.faults.add(Fault("drop")), "check the network and HF_ENDPOINT"),
        (lambda hub: hub.access.update({"HuggingFaceFW/fineweb": Access(gated=True)}), "ask for access at"),
    ],
    ids=["answers 503", "hangs up", "gated"],
)
def test_an_unavailable_hub_is_an_error_with_a_remedy(
    hub: StandIn, tmp_path: Path, break_hub: Callable[[StandIn], None], words: str
) -> None:
    paths = study(tmp_path, "fineweb", 1)
    break_hub(hub)
    check = examined(paths, offline=False)["fineweb on the Hub"]
    assert check.state is State.ERROR
    assert words in check.hint


def test_files_that_cannot_be_read_are_named_with_the_line_or_key_at_fault(tmp_path: Path) -> None:
    paths = paths_of(tmp_path)._replace(categories=tmp_path / "categories.yaml")
    paths.labels.mkdir()
    paths.config.write_text("theme = 'drak'\n")
    (tmp_path / "categories.yaml").write_text("categories:\n- key: 1\n")
    (paths.labels / "plan.json").write_text('{"seed": 7')
    checks = examined(paths)
    for name, words in (("config", "did you mean dark?"), ("categories", ".yaml:2"), ("plan", "line 1")):
        assert checks[name].state is State.ERROR
        assert words in checks[name].message
    assert "restore it from a copy" in checks["plan"].hint


def test_labels_of_an_unknown_corpus_or_category_are_errors(tmp_path: Path, web: Path) -> None:
    paths = study(tmp_path, str(web), 3)
    with Scribe(paths.labels, "s2") as scribe:
        scribe.label(7, "Novel")
    save_plan(Plan(7), paths.labels / "plan.json")
    checks = examined(paths)
    assert checks["labels"].state is State.ERROR
    assert "'Novel'" in checks["labels"].message
    assert checks["web draws"].state is State.ERROR
    assert "restore the plan.json" in checks["web draws"].hint


def test_local_files_that_changed_after_labelling_are_an_error(tmp_path: Path, web: Path) -> None:
    paths = study(tmp_path, str(web), 20)
    web.write_text(web.read_text() + '{"text": "more"}\n')
    check = examined(paths)["web draws"]
    assert check.state is State.ERROR
    assert "web.jsonl was changed: " in check.message


def test_labels_of_a_revision_other_than_the_plans_are_an_error(tmp_path: Path, web: Path) -> None:
    paths = study(tmp_path, str(web), 12)
    with Scribe(paths.labels, "s2") as scribe:
        scribe.label(Document("web", Address(str(web), None, "train", "older", "web.jsonl", 3), 99, 0.1, "t"))
    errors = [c for c in examine(paths, offline=True) if c.state is State.ERROR]
    assert [c.name for c in errors] == ["web draws"]
    assert "1 label of revision older" in errors[0].message


def test_a_damaged_ledger_is_left_untouched_and_its_draws_are_not_checked(tmp_path: Path, web: Path) -> None:
    paths = study(tmp_path, str(web), 30)
    (part,) = parts(paths.labels)
    flip(part, part.stat().st_size // 2)
    before = part.read_bytes()
    checks = examined(paths)
    assert checks["ledger"].state is State.ERROR
    assert checks["ledger"].hint
    assert checks["draws"].state is State.UNKNOWN
    assert part.read_bytes() == before


@pytest.mark.usefixtures("hub")
def test_a_file_that_was_set_aside_is_a_warning_and_the_draws_are_still_checked(
    tmp_path: Path, web: Path
) -> None:
    paths = study(tmp_path, str(web), 20)
    (paths.labels / "web" / "old.parquet.damaged").write_bytes(b"nonsense")
    checks = examined(paths)
    assert checks["ledger"].state is State.WARNING
    assert "old.parquet.damaged was damaged and set aside earlier" in checks["ledger"].message
    assert checks["web positions"].state is State.OK


def test_labels_of_a_plan_without_a_revision_are_an_error_that_names_both(tmp_path: Path) -> None:
    paths = paths_of(tmp_path)
    save_plan(Plan(7).with_corpus(corpus_for("web.jsonl")), paths.labels / "plan.json")
    with Scribe(paths.labels) as scribe:
        scribe.label(0, "News")
    (error, *_) = [check for check in examine(paths, offline=True) if check.name == "web draws"]
    assert error.message == "1 label of revision c0ffee, the plan has none"


def test_the_first_rows_of_a_file_are_compared_with_the_rest(tmp_path: Path) -> None:
    read: list[int] = []
    check = shard_order_check(source_for(KNOWN["c4"].corpus, None, tmp_path), read.append)
    assert check.state is State.OK
    assert "the first 48 documents" in check.message
    assert "the 72 after them" in check.message
    assert read[-1] == 120


@pytest.mark.usefixtures("hub")
def test_nothing_is_read_when_every_row_can_be_drawn(tmp_path: Path) -> None:
    check = shard_order_check(source_for(KNOWN["fineweb"].corpus, None, tmp_path))
    assert (check.state, "does not matter" in check.message) == (State.OK, True)


def test_a_sorted_file_fails_the_shard_order_check() -> None:
    check = order_audit_check("c4 order", OrderAudit("a.json.gz", range(48), range(48, 900)))
    assert check.state is State.ERROR
    assert "p < .001" in check.message
    assert "state with any result" in check.hint


def test_a_random_order_says_which_difference_it_would_not_show() -> None:
    lengths = [i * 37 % 101 for i in range(200)]
    check = order_audit_check("c4 order", OrderAudit("a.json.gz", lengths[:100], lengths[100:]))
    assert check.state is State.OK
    # Smirnov's table for two samples of 100 at 5 %: 1.36 * sqrt(2 / 100)
    assert "a D below 0.19 would not be detected" in check.message


def test_files_that_cannot_be_drawn_from_are_a_warning_with_their_share(hub: StandIn, tmp_path: Path) -> None:
    folder = hub.root / "tester" / "half"
    folder.mkdir(parents=True)
    (folder / "a.jsonl").write_bytes(b'{"text": "a"}\n')
    (folder / "b.avro").write_bytes(b'{"text": "a"}\n')
    check = examined(study(tmp_path, "tester/half", 1))["half files left out"]
    assert (check.state, check.message) == (
        State.WARNING,
        "1 file of another kind (.avro) with 50 % of the bytes",
    )
