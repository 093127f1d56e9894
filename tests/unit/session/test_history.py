"""The history of decided documents: pages of earlier sessions, steps back and forward, and texts in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import pytest

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import Document
from corpuscope.ledger.read.no_decisions import PastDecisions
from corpuscope.session.history import History, HistoryEntry, past_decisions
from makers import a_document, a_scheme


def entry(number: int, category: str | None = "News", *, loaded: bool = True, look: int = 1) -> HistoryEntry:
    document = a_document(number)
    return HistoryEntry(
        f"event {number}", document.id, "web", category, document if loaded else None, look=look
    )


def load(event_id: str) -> Document:
    return a_document(int(event_id.removeprefix("event ")))


def a_history(*pages: Sequence[int]) -> History:
    return History(([entry(n, loaded=False) for n in page] for page in pages), load)


def shown(history: History) -> int | None:
    return history.shown.document.draw if history.shown and history.shown.document else None


def test_steps_back_load_earlier_pages_and_steps_forward_return_to_the_present() -> None:
    history = a_history([3, 4], [], [1, 2], [0])
    assert history.last is None
    numbers, distances = [], []
    while history.back():
        numbers.append(shown(history))
        distances.append(history.distance)
    assert (numbers, distances) == ([4, 3, 2, 1, 0], [1, 2, 3, 4, 5])
    assert [entry.event_id for entry in history.since_shown] == [f"event {n}" for n in range(5)]
    assert [entry.event_id for entry in history.latest(2)] == ["event 4", "event 3"]
    numbers = []
    while history.forward():
        numbers.append(shown(history))
    assert numbers == [1, 2, 3, 4, None]
    assert (history.distance, history.since_shown) == (0, ())


def test_a_hidden_document_is_passed_over_in_both_directions() -> None:
    history = a_history([0, 1, 2, 1])
    hidden = ("web", a_document(1).id)
    assert history.back(hidden)
    assert shown(history) == 2
    assert history.back(hidden)
    assert shown(history) == 0
    assert not history.back(hidden)
    assert history.forward(hidden)
    assert shown(history) == 2
    assert history.forward(hidden)
    assert shown(history) is None
    assert not history.forward(hidden)


def test_the_present_can_be_returned_to_once() -> None:
    history = a_history([0, 1])
    assert not history.return_to_present()
    history.back()
    assert history.return_to_present()
    assert not history.return_to_present()


def test_undo_takes_changes_back_one_by_one_into_earlier_sessions() -> None:
    history = a_history([0], [])
    history.add(entry(1))
    history.back()
    changed = replace(entry(1, "Forum"), event_id="event 1b")
    before = history.add(changed)
    assert before == entry(1)
    assert history.last == changed
    history.replace(replace(changed, event_id="event 1c", unsure=True))
    assert history.undoable() == replace(changed, event_id="event 1c", unsure=True)
    assert history.undo() == changed
    assert history.shown == changed
    assert history.undo() == entry(1)
    assert history.undo() is None
    assert shown(history) is None
    assert history.undoable() == entry(0)
    assert history.undo() is None
    assert history.undoable() is None
    assert history.last is None


def test_a_mark_goes_to_the_entry_shown_and_else_to_the_latest() -> None:
    history = a_history([0, 1])
    marks = [history.markable]
    for step in (history.back, history.back, history.return_to_present):
        step()
        marks.append(history.markable)
    assert marks == [None, entry(1), entry(0), entry(1)]


def test_only_the_latest_texts_stay_in_memory_where_they_can_be_loaded_again() -> None:
    for loader, in_memory in ((load, 50), (None, 52)):
        history = History((), loader)
        for number in range(52):
            history.add(entry(number))
        entries = history.latest(52)
        assert [bool(entry.document) for entry in entries] == [n < in_memory for n in range(52)]


def test_the_two_looks_at_a_document_are_entries_of_their_own() -> None:
    history = History((), load)
    history.add(entry(0))
    history.add(entry(0, "Forum", look=2))
    history.replace(entry(0, "Blog"))
    assert [entry.category for entry in history.latest(2)] == ["Forum", "Blog"]


@dataclass(frozen=True)
class Decided:
    """A decision as far as the history reads it."""

    number: int
    category: str | None = "News"
    corpus: str = "web"
    look: int = 1
    reading_ms: int | None = 900
    blind: bool = True
    unsure: bool = False

    @property
    def event_id(self) -> str:
        return f"event {self.number}"

    @property
    def document_id(self) -> str:
        return f"document {self.number}"


class Latest:
    """Decisions of which the latest ones are read, and how many were asked for."""

    def __init__(self, decisions: Iterable[Decided]) -> None:
        self.decisions = list(decisions)
        self.reads: list[int] = []

    def recent(self, annotator: str, count: int) -> list[Decided]:
        assert annotator == "ann"
        self.reads.append(count)
        return self.decisions[-count:]


def pages_of(decisions: Latest, scheme: CategoryScheme, *corpora: str) -> list[Sequence[HistoryEntry]]:
    return list(past_decisions(cast("PastDecisions", decisions), scheme, "ann", corpora))


def test_earlier_decisions_come_in_pages_the_latest_first() -> None:
    decisions = Latest(Decided(n) for n in range(502))
    pages = pages_of(decisions, a_scheme("News"), "web")
    assert [[page[0].event_id, page[-1].event_id] for page in pages] == [
        ["event 2", "event 501"],
        ["event 0", "event 1"],
    ]
    assert decisions.reads == [500, 1000, 1002]


def test_earlier_decisions_have_the_categories_of_today() -> None:
    scheme = a_scheme("News", "Forum")
    decisions = Latest(
        [
            Decided(0, None),
            Decided(1, "no longer there"),
            Decided(2, corpus="mail"),
            Decided(3, "Forum", look=2, reading_ms=None, blind=False, unsure=True),
        ]
    )
    (page,) = pages_of(decisions, scheme, "web")
    assert page == [
        HistoryEntry("event 0", "document 0", "web", None, reading_ms=900, blind=True),
        HistoryEntry("event 3", "document 3", "web", "Forum", look=2, unsure=True),
    ]
    assert list(past_decisions(cast("PastDecisions", decisions), scheme, "ann", ["web"], [2])) == [page[1:]]


@pytest.mark.parametrize("pages", [[], [[]]])
def test_without_decisions_there_is_nothing_to_go_back_to(pages: list[list[int]]) -> None:
    history = a_history(*pages)
    assert not history.back()
    assert not history.forward()
    assert history.undoable() is None
    assert (history.shown, history.last, history.markable, history.latest(3)) == (None, None, None, [])
