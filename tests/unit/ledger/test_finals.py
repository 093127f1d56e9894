"""Test final decisions on documents with disagreeing labels: events of their own beside the labels."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from corpuscope.analysis.samples import samples_of
from corpuscope.domain.category import Category, CategoryScheme
from corpuscope.domain.label import EventKind
from corpuscope.ledger.check import check, history
from ledger_fakes import Scribe, labels, parts, read
from makers import a_document, a_scheme

SCHEME = a_scheme("News", "Forum", "Creative")


def adjudicate(scribe: Scribe, draw: int, category: str) -> str:
    return scribe.write(EventKind.ADJUDICATE, a_document(draw), category=category)


def test_the_last_final_decision_of_any_annotator_stands_and_no_label_changes(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s1", "ann") as ann:
        ann.label(1, "News")
        ann.label(2, "News")
        adjudicate(ann, 1, "News")
    with Scribe(tmp_path, "s2", "ben") as ben:
        ben.label(1, "Forum")
        adjudicate(ben, 1, "Creative")
    decisions = read(tmp_path)
    assert decisions.finals(SCHEME) == {a_document(1).key: "Creative"}
    assert decisions.adjudicated[a_document(1).key].annotator == "ben"
    assert decisions.counts("web", "ann") == {"News": 2}
    assert decisions.counts("web", "ben") == {"Forum": 1}
    assert decisions.draws("web", "ben") == {1}


def test_a_final_decision_is_about_one_of_two_corpora_that_read_the_same_rows(tmp_path: Path) -> None:
    question, answer = a_document(1, corpus="questions"), a_document(1, "another text", corpus="answers")
    with Scribe(tmp_path) as scribe:
        scribe.label(question, "News")
        scribe.label(answer, "News")
        scribe.note(answer, "short")
        scribe.write(EventKind.ADJUDICATE, question, category="Forum")
    decisions = read(tmp_path)
    assert decisions.finals(SCHEME) == {question.key: "Forum"}
    counts = {sample.corpus: sample.counts for sample in samples_of(decisions, SCHEME, None)}
    assert counts == {"questions": (0, 1, 0), "answers": (1, 0, 0)}
    assert [decision.corpus for decision in decisions.about(answer.key)] == ["answers"]
    assert decisions.notes_on(question.key, "ann") is None


def test_an_undo_restores_the_previous_final_decision(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        first = adjudicate(scribe, 1, "News")
        scribe.undo(adjudicate(scribe, 1, "Forum"), 1)
        assert read(tmp_path).finals(SCHEME) == {a_document(1).key: "News"}
        scribe.undo(first, 1)
        assert read(tmp_path).finals(SCHEME) == {}
    assert read(tmp_path).finals(SCHEME) == {}


def test_final_categories_follow_renames_and_open_again_when_split(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        adjudicate(scribe, 1, "News")
        adjudicate(scribe, 2, "Forum")
    today = CategoryScheme((Category("1", "Press", "what was News", formerly=("News",)),), split=("Forum",))
    assert read(tmp_path).finals(today) == {a_document(1).key: "Press"}


def test_final_decisions_are_stored_in_parts_and_listed_in_the_history(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1, "News")
        adjudicate(scribe, 1, "Forum")
    assert check(tmp_path).problems == ()
    assert [event.kind for event in history(tmp_path, a_document(1).id)] == ["label", "adjudicate"]


def test_an_unknown_kind_of_event_is_ignored(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1, "News")
        adjudicate(scribe, 1, "Forum")
    [path] = parts(tmp_path)
    table = pq.read_table(path)
    kinds = [kind.replace("adjudicate", "weighed") for kind in table["kind"].to_pylist()]
    table = table.set_column(table.schema.get_field_index("kind"), "kind", pa.array(kinds))
    pq.write_table(table, path, write_page_checksum=True)
    assert labels(read(tmp_path)) == {1: "News"}
    assert read(tmp_path).finals(SCHEME) == {}
