"""Test searching the texts of a ledger, in parts and journals, past damage."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpuscope.ledger.read.records import LabelQuery
from corpuscope.ledger.read.search import Searched, search
from ledger_fakes import Scribe, flip, parts, read
from makers import a_document, a_scheme


def last_progress(folder: Path, needle: str) -> Searched:
    *_, last = search(folder, needle)
    return last


def test_texts_in_parts_and_in_an_open_journal_are_searched_ignoring_case(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s1") as scribe:
        scribe.label(a_document(0, "The Prague Spring"))
        scribe.label(a_document(1, "spring rolls"))
        scribe.label(a_document(2, "nothing of it"))
    with Scribe(tmp_path, "s2") as scribe:
        scribe.label(a_document(3, "offSPRING"))
        last = last_progress(tmp_path, "spring")
    assert last.documents == {a_document(draw).key for draw in (0, 1, 3)}
    assert (last.events, last.total, last.unread) == (4, 4, 0)


def test_a_match_is_in_the_text_of_one_of_two_corpora_that_read_the_same_rows(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(a_document(0, "a question", corpus="questions"))
        scribe.label(a_document(0, "an answer", corpus="answers"))
    documents = last_progress(tmp_path, "answer").documents
    label_index = read(tmp_path).label_index(a_scheme("News"))
    matches = label_index.find(LabelQuery(documents=documents))
    assert [label_index.decision(position).corpus for position in matches.tolist()] == ["answers"]


@pytest.mark.parametrize("needle", ["[/quote]", "(", "a.c", "\\", "ﬁ", "ß", "日本", "\ud800"])
def test_the_search_text_is_taken_literally(tmp_path: Path, needle: str) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(a_document(0, f"before {needle} after"))
        scribe.label(a_document(1, "abc"))
    expected = {a_document(0).key} if needle != "\ud800" else set()
    assert last_progress(tmp_path, needle).documents == expected


def test_a_search_reports_its_progress_file_by_file(tmp_path: Path) -> None:
    for session in ("s1", "s2", "s3"):
        with Scribe(tmp_path, session, session) as scribe:
            scribe.label(1)
    first, second, third, last = search(tmp_path, "document")
    assert (first.events, first.total) == (1, 3)
    assert (second.events, second.total) == (2, 3)
    assert not third.done
    assert last.done


def test_damage_hides_only_the_texts_of_its_own_file(tmp_path: Path) -> None:
    for session in ("s1", "s2"):
        with Scribe(tmp_path, session, session) as scribe:
            scribe.label(a_document(1 if session == "s1" else 2, "needle " * 50))
    size = parts(tmp_path)[0].stat().st_size
    flip(parts(tmp_path)[0], size // 2)
    assert a_document(2).key in last_progress(tmp_path, "needle").documents


def test_an_empty_ledger_has_no_matches(tmp_path: Path) -> None:
    assert last_progress(tmp_path / "none", "x") == Searched(frozenset(), 0, 0, 0, done=True)
