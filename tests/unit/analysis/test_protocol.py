"""Tests of the labelling protocol: blinding and interleaving, read from a ledger."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from corpuscope.analysis.protocol import LabelConditions, LabellingProtocol
from corpuscope.corpora.parse import corpus_for
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.plan_file import open_plan
from ledger_fakes import Scribe
from makers import a_document, a_scheme


def a_protocol(*corpora: str, blind: bool = True, annotator: str = "ann") -> LabellingProtocol:
    return LabellingProtocol(tuple(LabelConditions(corpus, annotator, blind) for corpus in corpora))


def test_blind_and_interleaved_labels_raise_no_warning() -> None:
    assert a_protocol(*"abba" * 50).warnings("a", "b") == ()


def test_one_corpus_after_the_other_is_not_interleaved() -> None:
    (warning,) = a_protocol(*["a"] * 40, *["b"] * 30).warnings("a", "b")
    assert warning.startswith("Not interleaved: 70 of 70 labels were given in runs of more than 10")


def test_a_third_corpus_in_between_does_not_interleave_two_others() -> None:
    assert len(a_protocol(*"ac" * 20, *"bc" * 20).warnings("a", "b")) == 1


def test_a_few_labels_in_a_long_run_raise_no_warning() -> None:
    assert a_protocol(*"ab" * 100, *["a"] * 11).warnings("a", "b") == ()


def test_annotators_who_label_one_corpus_each_in_turns_do_not_interleave_them() -> None:
    alternating = (LabelConditions("a", "ann", True), LabelConditions("b", "bob", True)) * 30
    (warning,) = LabellingProtocol(alternating).warnings("a", "b")
    assert "Not interleaved" in warning


def test_labels_that_were_not_blind_are_counted() -> None:
    conditions = (*a_protocol(*"ab" * 5).conditions, *a_protocol("a", "b", "a", blind=False).conditions)
    (warning,) = LabellingProtocol(conditions).warnings("a", "b")
    assert warning.startswith(
        "Not blind: the corpus was in sight for 2 of 7 labels of a and 1 of 6 labels of b"
    )


def test_published_labels_raise_a_warning_of_other_readers_or_an_unknown_protocol() -> None:
    assert "labelled by different people" in a_protocol("a").warnings("a", "C4 (published)")[0]
    assert "a and C4 (published)" in a_protocol("a").warnings("C4 (published)", "a")[0]
    assert "Nobody recorded" in a_protocol().warnings("C4 (published)", "FineWeb (published)")[0]


def test_only_first_looks_that_count_as_labels_are_read_from_a_ledger(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        for draw in range(4):
            scribe.label(a_document(draw, corpus="ab"[draw % 2]), "News", blind=True)
        scribe.label(a_document(0, corpus="a"), "News", look=2)
        scribe.label(a_document(9, corpus="a"), "Gone")
    protocol = LabellingProtocol.of(LedgerReader(tmp_path).read(), a_scheme("News"))
    assert [label.corpus for label in protocol.conditions] == list("abab")
    assert all(label.blind for label in protocol.conditions)


def test_a_label_given_after_an_undo_or_a_step_back_is_not_blind_whoever_recorded_it(tmp_path: Path) -> None:
    documents = [a_document(draw, corpus="ab"[draw % 2]) for draw in range(4)]
    with Scribe(tmp_path) as scribe:
        events = [scribe.label(document, "News", blind=True) for document in documents]
        scribe.undo(events[0], documents[0])
        scribe.label(documents[0], "News", blind=True)  # as earlier versions recorded it
        scribe.label(documents[2], "News", blind=True)
    protocol = LabellingProtocol.of(LedgerReader(tmp_path).read(), a_scheme("News"))
    (warning,) = protocol.warnings("a", "b")
    assert warning.startswith("Not blind: the corpus was in sight for 2 of 2 labels of a")


def test_a_label_that_was_marked_as_unsure_is_as_blind_as_it_was(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(0, "Forum", blind=True, reading_ms=700)
        scribe.label(0, "Forum", blind=True, reading_ms=700, unsure=True)
        scribe.label(1, "Forum", blind=False, reading_ms=700)
        scribe.label(1, "Forum", blind=False, reading_ms=700, unsure=True)
    protocol = LabellingProtocol.of(LedgerReader(tmp_path).read(), a_scheme())
    assert [label.blind for label in protocol.conditions] == [True, False]


def test_the_queue_of_an_older_plan_could_be_guessed(tmp_path: Path) -> None:
    plan = open_plan(tmp_path / "plan.json", seed=1)
    with Scribe(tmp_path) as scribe:
        for draw in range(4):
            scribe.label(a_document(draw, corpus="ab"[draw % 2]), "News", blind=True)
    decisions = LedgerReader(tmp_path).read()
    new = LabellingProtocol.of(decisions, a_scheme("News"), plan=plan)
    old = LabellingProtocol.of(decisions, a_scheme("News"), plan=replace(plan, order=1))
    assert new.warnings("a", "b") == ()
    (warning,) = old.warnings("a", "b")
    assert warning.startswith("Guessable: ")


BLIND = (LabelConditions("a", "ann", True), LabelConditions("b", "ann", True)) * 30


def test_a_plan_that_an_earlier_version_changed_could_be_guessed() -> None:
    assert LabellingProtocol(BLIND, order=2).warnings("a", "b") == ()
    (warning,) = LabellingProtocol(BLIND, order=2, is_replanned=True).warnings("a", "b")
    assert warning.startswith("Guessable: an earlier version changed the plan")
    assert LabellingProtocol(BLIND, order=3, is_replanned=True).warnings("a", "b") == ()


def test_documents_that_were_added_to_one_corpus_alone_could_be_guessed_once_they_are_labelled() -> None:
    assert LabellingProtocol(BLIND, alone={"a": 30}).warnings("a", "b") == ()
    (warning,) = LabellingProtocol(BLIND, alone={"a": 20}).warnings("a", "b")
    assert warning.startswith("Guessable: documents were added to a alone")


def test_what_comes_alone_is_read_from_the_parts_of_the_plan(tmp_path: Path) -> None:
    plan = Plan(1).with_corpus(corpus_for("c4"), target=20).with_corpus(corpus_for("fineweb"), target=20)
    shown = {"c4": 20, "fineweb": 20}
    alone = plan.with_target("c4", 30, 20, decided=shown)
    both = alone.with_target("fineweb", 25, 20, decided=shown)
    decisions = LedgerReader(tmp_path).read()
    protocols = [LabellingProtocol.of(decisions, a_scheme("News"), plan=one) for one in (plan, alone, both)]
    assert [dict(protocol.alone) for protocol in protocols] == [{}, {"c4": 20}, {}]
