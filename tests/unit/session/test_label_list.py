"""The list behind the review: its rows, the row of a draw, and the cursor when the list is made anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpuscope.domain.label import EventKind
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.ledger.read.records import SKIPPED, LabelQuery
from corpuscope.session.label_list import LabelList
from ledger_fakes import Scribe, read
from makers import a_document, a_scheme

SCHEME = a_scheme("News", "Forum")
ALL, NEWS = LabelQuery(), LabelQuery(category="News")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ledger: draws 0 to 3 of the web by ann, draw 1 by ben too, and draw 3 of books."""
    with Scribe(tmp_path, "s1", "ann") as ann:
        ann.label(0, "News")
        ann.label(1, "News", unsure=True)
        ann.skip(2)
        ann.label(a_document(3, "four words are here"), "Gone", look=2)
        ann.label(a_document(3, corpus="books"), "News")
        ann.note(1, "odd")
        ann.bookmark(2)
        ann.write(EventKind.ADJUDICATE, a_document(1), category="Forum")
    with Scribe(tmp_path, "s2", "ben") as ben:
        ben.label(1, "Forum")
    return tmp_path


def a_list(decisions: Decisions, query: LabelQuery = ALL) -> LabelList:
    return LabelList.of(decisions, SCHEME, query)


def places(listed: LabelList) -> list[tuple[str, int, str]]:
    return [(row.corpus, row.draw, row.annotator) for row in map(listed.row, range(len(listed)))]


def test_a_row_says_what_was_decided_about_a_document(folder: Path) -> None:
    listed = a_list(read(folder))
    assert places(listed) == [
        ("books", 3, "ann"),
        ("web", 0, "ann"),
        ("web", 1, "ann"),
        ("web", 1, "ben"),
        ("web", 2, "ann"),
        ("web", 3, "ann"),
    ]
    first, plain, disputed, other, skipped, gone = map(listed.row, range(6))
    assert [row.category for row in (first, plain, disputed, other, skipped, gone)] == [
        "News",
        "News",
        "News",
        "Forum",
        SKIPPED,
        "Gone",
    ]
    assert (disputed.disputed, other.disputed, plain.disputed) == (True, True, False)
    assert (disputed.note, disputed.final, disputed.unsure) == ("odd", "Forum", True)
    assert (plain.note, plain.final, plain.unsure) == ("", "", False)
    assert (skipped.bookmarked, plain.bookmarked) == (True, False)
    assert (gone.look, gone.characters, gone.document_id) == (2, 19, a_document(3).id)
    assert listed.decision(3).event_id == other.event_id


def test_a_draw_is_found_in_the_corpus_that_is_meant_and_else_in_any(folder: Path) -> None:
    listed = a_list(read(folder))
    assert [listed.row_of_draw(3, corpus) for corpus in ("web", "books", "mail")] == [5, 0, 0]
    assert listed.row_of_draw(1, "web") == 2
    assert listed.row_of_draw(7, "web") is None
    assert a_list(read(folder), NEWS).row_of_draw(2, "web") is None


def test_the_cursor_stays_on_its_label_or_else_on_its_row(folder: Path) -> None:
    decisions = read(folder)
    everything, news = a_list(decisions), a_list(decisions, NEWS)
    assert places(news) == [("books", 3, "ann"), ("web", 0, "ann"), ("web", 1, "ann")]
    assert everything.keeping_cursor(news, 2).cursor == 2
    assert news.keeping_cursor(everything, 1).cursor == 1
    assert everything.keeping_cursor(everything, 99).cursor == 5
    assert news.keeping_cursor(everything, 3).cursor == 3  # a label of ben, which is not among the news
    nothing = a_list(decisions, LabelQuery(category="Forum", annotator="ann"))
    assert len(nothing) == 0
    for now, before in ((everything, None), (everything, nothing), (nothing, everything)):
        assert now.keeping_cursor(before, 1) is now


def test_a_list_of_the_same_ledger_keeps_its_index(folder: Path) -> None:
    decisions = read(folder)
    before = a_list(decisions)
    assert LabelList.of(decisions, SCHEME, NEWS, before).label_index is before.label_index
    assert places(LabelList.of(decisions, SCHEME, NEWS, before)) == places(a_list(decisions, NEWS))
    assert LabelList.of(read(folder), SCHEME, NEWS, before).label_index is not before.label_index
