"""Test which events count: the latest decision of each document, annotator and look."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from corpuscope.domain.label import EventKind
from ledger_fakes import Scribe, labels, read
from makers import SetClock, a_document, a_scheme


def test_the_last_label_of_a_document_counts(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1, "News")
        scribe.label(2, "Forum")
        scribe.label(1, "Creative")
        assert labels(read(tmp_path)) == {1: "Creative", 2: "Forum"}
    assert labels(read(tmp_path)) == {1: "Creative", 2: "Forum"}


def test_an_undo_restores_the_previous_decision(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1, "News")
        second = scribe.label(1, "Forum")
        scribe.undo(second, 1)
        assert labels(read(tmp_path)) == {1: "News"}


def test_undoing_the_only_decision_leaves_the_document_undecided(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.undo(scribe.label(1), 1)
    decisions = read(tmp_path)
    assert labels(decisions) == {}
    assert decisions.draws("web", "ann") == frozenset()


def test_an_undo_can_be_undone_any_number_of_times(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        event = scribe.label(1, "News")
        for number in range(5):
            event = scribe.undo(event, 1)
            assert labels(read(tmp_path)) == ({} if number % 2 == 0 else {1: "News"})


def test_a_skip_decides_but_counts_in_no_category(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1, "News")
        scribe.skip(2)
    decisions = read(tmp_path)
    assert decisions.counts("web") == {"News": 1}
    assert decisions.draws("web", "ann") == {1, 2}
    assert decisions.labels("web", a_scheme("News")).skips == 1


def test_annotators_and_looks_are_resolved_separately(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s1", "ann") as ann, Scribe(tmp_path, "s2", "bob") as bob:
        ann.label(1, "News")
        bob.label(1, "Forum")
        ann.label(1, "Creative", look=2)
    decisions = read(tmp_path)
    assert decisions.counts("web", "ann") == {"News": 1}
    assert decisions.counts("web", "ann", 2) == {"Creative": 1}
    assert decisions.counts("web", look=None) == {"News": 1, "Forum": 1, "Creative": 1}
    assert decisions.annotators() == ("ann", "bob")


def test_the_last_note_counts_and_an_empty_one_removes_it(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1)
        scribe.note(1, "first")
        scribe.note(1, "second")
        scribe.note(2, "gone soon")
        scribe.note(2, "")
    decisions = read(tmp_path)
    assert [(r.draw, r.note) for r in decisions.notes()] == [(1, "second")]
    assert decisions.recent()[0].note == "second"


def test_bookmarks_come_and_go_with_or_without_a_decision(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.bookmark(1)
        scribe.bookmark(2)
        scribe.bookmark(2, on=False)
    assert [(r.draw, r.bookmarked) for r in read(tmp_path).notes("web", "ann")] == [(1, True)]


def test_an_undone_note_gives_way_to_the_one_before(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.note(1, "kept")
        scribe.undo(scribe.note(1, "typo"), 1)
    assert [r.note for r in read(tmp_path).notes()] == ["kept"]


def test_the_order_of_ids_decides_even_when_the_clock_is_set_back(tmp_path: Path) -> None:
    clock = SetClock()
    with Scribe(tmp_path, "s1", clock=clock) as scribe:
        scribe.label(1, "News")
    clock.at -= timedelta(days=3)
    with Scribe(tmp_path, "s2", clock=clock) as scribe:
        scribe.label(1, "Forum")
    decisions = read(tmp_path)
    assert labels(decisions) == {1: "Forum"}
    assert decisions.recent()[0].at == clock.at


def test_a_decision_has_every_stored_field(tmp_path: Path) -> None:
    document = a_document(3, "four words of text", tokens=9)
    with Scribe(tmp_path) as scribe:
        event_id = scribe.label(document, "News", reading_ms=1200, blind=True)
        scribe.bookmark(document)
    [decision] = read(tmp_path).recent()
    assert decision.event_id == event_id
    assert decision.document_id == document.id
    assert decision.address == document.address
    assert (decision.kind, decision.category) == (EventKind.LABEL, "News")
    assert (decision.reading_ms, decision.blind, decision.bookmarked) == (1200, True, True)
    assert (decision.tokens, decision.characters, decision.words) == (9, 18, 4)
    assert decision.at == SetClock().at


def test_the_latest_decisions_come_last_and_can_be_limited(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        for draw in (5, 3, 4):
            scribe.label(draw)
    decisions = read(tmp_path)
    assert [d.draw for d in decisions.recent()] == [5, 3, 4]
    assert [d.draw for d in decisions.recent(limit=2)] == [3, 4]
    assert decisions.recent(limit=0) == []
    assert decisions.recent("nobody") == []


def test_only_standing_decisions_on_substitutes_are_listed_as_substitutes(tmp_path: Path) -> None:
    substitute = replace(a_document(2, shard="b.jsonl", row=7), attempt=1)
    other = replace(a_document(3, shard="c.jsonl"), attempt=2)
    with Scribe(tmp_path) as scribe:
        scribe.label(1)
        scribe.label(substitute)
        scribe.undo(scribe.label(other), other)
        scribe.label(replace(a_document(4, corpus="synth"), attempt=1))
    decisions = read(tmp_path)
    assert list(decisions.substitutes("web", "ann")) == [("b.jsonl", 7)]
    assert list(decisions.substitutes("web", "bob")) == []


def test_an_event_in_two_files_counts_once(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1)
        journal = next(tmp_path.glob("*.journal"))
        content = journal.read_bytes()
    journal.write_bytes(content)
    decisions = read(tmp_path)
    assert len(decisions) == 1
    assert decisions.counts("web") == {"News": 1}
