"""Test which decisions each query lists, and in which order."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpuscope.domain.category import Category, CategoryScheme
from corpuscope.ledger.read.label_index import LabelIndex
from corpuscope.ledger.read.records import SKIPPED, LabelQuery
from ledger_fakes import Scribe, read
from makers import a_document, a_scheme

SCHEME = a_scheme("News", "Forum", "Creative")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ledger of two annotators: draws 0 to 2 by both, 1 disputed; a skip, notes, a second corpus."""
    with Scribe(tmp_path, "s1", "ann") as ann:
        ann.label(2, "Creative")
        ann.label(1, "News")
        ann.label(0, "News")
        ann.skip(3)
        ann.label(a_document(0, corpus="books"), "Forum", unsure=True)
        ann.note(2, "a recipe")
    with Scribe(tmp_path, "s2", "ben") as ben:
        ben.label(0, "News")
        ben.label(1, "Forum")
        ben.label(2, "Creative")
        ben.bookmark(0)
    return tmp_path


def listed(index: LabelIndex, query: LabelQuery) -> list[tuple[str, int, str, str | None]]:
    decisions = [(index.decision(n), index.category(n)) for n in index.find(query).tolist()]
    return [
        (decision.corpus, decision.draw, decision.annotator, category) for decision, category in decisions
    ]


def test_everything_is_listed_by_corpus_draw_and_annotator(folder: Path) -> None:
    index = read(folder).label_index(SCHEME)
    assert listed(index, LabelQuery()) == [
        ("books", 0, "ann", "Forum"),
        ("web", 0, "ann", "News"),
        ("web", 0, "ben", "News"),
        ("web", 1, "ann", "News"),
        ("web", 1, "ben", "Forum"),
        ("web", 2, "ann", "Creative"),
        ("web", 2, "ben", "Creative"),
        ("web", 3, "ann", SKIPPED),
    ]
    assert index.corpora == ("books", "web")
    assert index.annotators == ("ann", "ben")
    assert index.categories == ("News", "Forum", "Creative", SKIPPED)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        (LabelQuery(corpus="books"), [("books", 0, "ann")]),
        (LabelQuery(corpus="nowhere"), []),
        (LabelQuery(category="Forum"), [("books", 0, "ann"), ("web", 1, "ben")]),
        (LabelQuery(category=SKIPPED), [("web", 3, "ann")]),
        (LabelQuery(category="nothing"), []),
        (LabelQuery(annotator="ben", corpus="web", category="News"), [("web", 0, "ben")]),
        (LabelQuery(unsure=True), [("books", 0, "ann")]),
        (LabelQuery(disputed=True), [("web", 1, "ann"), ("web", 1, "ben")]),
        (LabelQuery(bookmarked=True), [("web", 0, "ben")]),
        (LabelQuery(noted=True), [("web", 2, "ann")]),
        (LabelQuery(documents=frozenset({a_document(1).key})), [("web", 1, "ann"), ("web", 1, "ben")]),
        (LabelQuery(documents=frozenset()), []),
        (
            LabelQuery(annotator="ann", latest=True, corpus="web"),
            [("web", draw, "ann") for draw in (3, 0, 1, 2)],
        ),
    ],
)
def test_a_query_finds_only_what_it_names(
    folder: Path, query: LabelQuery, wanted: list[tuple[str, int, str]]
) -> None:
    index = read(folder).label_index(SCHEME)
    assert [row[:3] for row in listed(index, query)] == wanted


def test_a_disagreement_is_named_by_its_first_decision(folder: Path) -> None:
    index = read(folder).label_index(SCHEME)
    mine, _ = index.find(LabelQuery(disputed=True)).tolist()
    assert index.first_of_each_disagreement() == index.first_of_each_disagreement(["web"]) == (mine,)
    assert index.first_of_each_disagreement(["books"]) == ()


def test_two_looks_of_one_person_can_be_a_dispute_and_a_skip_cannot(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(1, "News")
        scribe.label(1, "Forum", look=2)
        scribe.label(2, "News", look=2)
        scribe.skip(2)
    index = read(tmp_path).label_index(SCHEME)
    assert [row[:2] for row in listed(index, LabelQuery(disputed=True))] == [("web", 1), ("web", 1)]


def test_one_document_under_two_draws_is_one_document(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s1", "ann") as ann:
        ann.label(a_document(5, row=7), "News")
        ann.label(a_document(6, row=8), "News")
    with Scribe(tmp_path, "s2", "ben") as ben:
        ben.label(a_document(9, row=7), "Forum")
    index = read(tmp_path).label_index(SCHEME)
    assert [row[1] for row in listed(index, LabelQuery(disputed=True))] == [5, 9]
    assert len(index.first_of_each_disagreement()) == 1


def test_categories_have_their_names_of_today_and_split_ones_have_none(folder: Path) -> None:
    today = CategoryScheme(
        (Category("1", "Press", "was News", formerly=("News",)), Category("2", "Forum", "talk")),
        split=("Creative",),
    )
    index = read(folder).label_index(today)
    assert {row[3] for row in listed(index, LabelQuery(annotator="ann"))} == {
        "Press",
        "Forum",
        None,
        SKIPPED,
    }


def test_an_empty_ledger_is_an_empty_list(tmp_path: Path) -> None:
    index = read(tmp_path).label_index(SCHEME)
    assert len(index) == 0
    assert listed(index, LabelQuery(disputed=True)) == []
    assert index.first_of_each_disagreement() == ()
    assert index.corpora == index.annotators == index.categories == ()
