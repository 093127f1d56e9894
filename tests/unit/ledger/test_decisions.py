"""Test what is counted and listed of the decisions of several annotators, corpora and looks."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpuscope.domain.label import EventKind
from corpuscope.ledger.read.decisions import Decisions
from ledger_fakes import Scribe, read
from makers import a_document, a_scheme

SCHEME = a_scheme("News", "Forum")


@pytest.fixture
def ids() -> dict[str, str]:
    """Ids of events by a name, filled by `decisions`."""
    return {}


@pytest.fixture
def decisions(tmp_path: Path, ids: dict[str, str]) -> Decisions:
    """A ledger of two annotators: draws 0 to 4 of the web and 0 of books, with an undone label and a second look."""
    with Scribe(tmp_path, "s1", "ben") as ben:
        ids["ben"] = ben.label(1, "Forum")
    with Scribe(tmp_path, "s2", "ann") as ann:
        ids["first"] = ann.label(0, "News")
        ids["undone"] = ann.label(1, "Forum")
        ids["undo"] = ann.undo(ids["undone"], 1)
        ids["label"] = ann.label(1, "News", reading_ms=5, unsure=True)
        ids["second"] = ann.label(1, "Forum", look=2)
        ids["skip"] = ann.skip(2)
        ids["gone"] = ann.label(3, "Gone")
        ids["books"] = ann.label(a_document(0, corpus="books"), "News")
        ids["final"] = ann.write(EventKind.ADJUDICATE, a_document(1), category="Forum")
        ids["note"] = ann.note(0, "odd")
        ann.bookmark(0)
    return read(tmp_path)


def test_the_decisions_on_a_document_come_by_annotator_and_look(
    decisions: Decisions, ids: dict[str, str]
) -> None:
    about = decisions.about(a_document(1).key)
    assert [decision.event_id for decision in about] == [ids["label"], ids["second"], ids["ben"]]
    assert decisions.about(a_document(9).key) == ()
    assert decisions.about(("books", a_document(1).id)) == ()


def test_every_event_is_known_with_its_document_and_its_category(
    decisions: Decisions, ids: dict[str, str]
) -> None:
    documents, categories = decisions.event_documents(), decisions.event_categories()
    assert documents[ids["undone"]] == documents[ids["undo"]] == a_document(1).id
    assert len(documents) == len(ids) + 1
    assert {name: categories.get(event_id) for name, event_id in ids.items()} == {
        "ben": "Forum",
        "first": "News",
        "undone": "Forum",
        "undo": None,
        "label": "News",
        "second": "Forum",
        "skip": None,
        "gone": "Gone",
        "books": "News",
        "final": "Forum",
        "note": None,
    }


def test_decisions_are_listed_and_counted_by_corpus_and_annotator(decisions: Decisions) -> None:
    def listed(*corpora: str, annotator: str | None = None) -> list[tuple[str, int, str, int]]:
        found = decisions.by_draw(corpora, annotator)
        return [(one.corpus, one.draw, one.annotator, one.look) for one in found]

    web = [
        ("web", 0, "ann", 1),
        ("web", 1, "ann", 1),
        ("web", 1, "ann", 2),
        ("web", 1, "ben", 1),
        ("web", 2, "ann", 1),
        ("web", 3, "ann", 1),
    ]
    assert listed() == [("books", 0, "ann", 1), *web]
    assert listed("web") == web
    assert listed("web", annotator="ben") == [("web", 1, "ben", 1)]
    assert [decisions.count(), decisions.count(["web"]), decisions.count(["web"], "ann")] == [7, 6, 5]
    assert decisions.count(["mail"]) == 0


def test_labels_are_counted_by_look_and_under_the_names_of_today(decisions: Decisions) -> None:
    assert decisions.counts("web") == {"News": 2, "Forum": 1, "Gone": 1}
    assert decisions.counts("web", "ann", 1, SCHEME) == {"News": 2, "Forum": 0}
    assert decisions.counts("web", "ann", 2) == {"Forum": 1}
    assert decisions.counts("web", look=None, scheme=SCHEME) == {"News": 2, "Forum": 2}
    assert decisions.documents("web", SCHEME) == 2
    assert decisions.documents("books", SCHEME) == 1
    assert decisions.unknown(SCHEME) == {"Gone": 1}


def test_the_columns_of_labels_are_those_of_one_corpus_only(decisions: Decisions) -> None:
    labels = decisions.labels("web", SCHEME, "ann")
    assert (labels.draws.tolist(), labels.codes.tolist()) == ([0, 1], [0, 0])
    assert (labels.readers, labels.skips, labels.bookmarks) == (("ann",), 1, 1)
    assert (labels.unknown, labels.split, labels.awaiting) == ({"Gone": 1}, {}, 1)
    assert labels.unsure.tolist() == [False, True]
    assert labels.reading_ms.tolist()[1] == 5
    everybody = decisions.labels("web", SCHEME)
    assert everybody.readers == ("ann", "ben")
    assert sorted(zip(everybody.draws.tolist(), everybody.codes.tolist(), strict=True)) == [
        (0, 0),
        (1, 0),
        (1, 1),
    ]
    assert decisions.labels("books", SCHEME).draws.tolist() == [0]
    assert decisions.labels("web", SCHEME, look=2).codes.tolist() == [1]
