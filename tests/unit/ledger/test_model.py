"""Test that any sequence of events, sessions and reads gives the result of a simple model."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from corpuscope.ledger.read.reader import LedgerReader
from ledger_fakes import Scribe
from makers import SetClock, a_document

pytestmark = pytest.mark.slow

draws = st.integers(0, 4)
sessions = st.sampled_from(["one", "two"])
categories = st.sampled_from(["News", "Forum", "Ads"])


class LedgerModel(RuleBasedStateMachine):
    """Two annotators' sessions in one folder, beside lists of everything they did."""

    def __init__(self) -> None:
        super().__init__()
        self._temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self._temporary.name) / "labels"
        self.clock = SetClock()
        self.reader = LedgerReader(self.folder)
        self.scribes: dict[str, Scribe] = {}
        self.opened = 0
        self.acts: list[tuple[str, str, str, int, str | None]] = []  # id, annotator, kind, draw, value
        self.open("one")

    def teardown(self) -> None:
        for scribe in self.scribes.values():
            scribe.writer.close()
        self.expect(LedgerReader(self.folder))
        self._temporary.cleanup()

    @rule(session=sessions)
    def open(self, session: str) -> None:
        self.close(session)
        self.opened += 1
        self.scribes[session] = Scribe(
            self.folder, f"{session}-{self.opened}", session, clock=self.clock, events_a_journal=3
        )

    @rule(session=sessions)
    def close(self, session: str) -> None:
        if scribe := self.scribes.pop(session, None):
            scribe.writer.close()

    @precondition(lambda self: self.scribes)
    @rule(
        data=st.data(), draw=draws, kind=st.sampled_from(["label", "skip", "note", "bookmark", "unbookmark"])
    )
    def act(self, data: st.DataObject, draw: int, kind: str) -> None:
        session = data.draw(st.sampled_from(sorted(self.scribes)))
        scribe = self.scribes[session]
        self.clock.wait(data.draw(st.sampled_from([0, 1, -5])))
        value: str | None = None
        match kind:
            case "label":
                value = data.draw(categories)
                event = scribe.label(draw, value)
            case "skip":
                event = scribe.skip(draw)
            case "note":
                value = data.draw(st.sampled_from(["", "a", "b"]))
                event = scribe.note(draw, value)
            case _:
                event = scribe.bookmark(draw, on=kind == "bookmark")
        self.acts.append((event, session, kind, draw, value))

    @precondition(lambda self: self.scribes and self.acts)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        session = data.draw(st.sampled_from(sorted(self.scribes)))
        own = [act for act in self.acts if act[1] == session]
        if own:
            target = data.draw(st.sampled_from(own))
            event = self.scribes[session].undo(target[0], target[3])
            self.acts.append((event, session, "undo", target[3], target[0]))

    @rule()
    def read_again(self) -> None:
        self.expect(self.reader)

    @rule()
    def read_anew(self) -> None:
        self.expect(LedgerReader(self.folder))

    @invariant()
    def nothing_is_noticed(self) -> None:
        assert all(not scribe.writer.notices for scribe in self.scribes.values())

    def expect(self, reader: LedgerReader) -> None:
        decisions = reader.read()
        categories_by_draw = {(d.annotator, d.draw): d.category for d in decisions.recent()}
        notes = {(r.annotator, r.draw): (r.note, r.bookmarked) for r in decisions.notes()}
        standing = self.standing()
        decided = {(a, d): v for _, a, kind, d, v in standing if kind in ("label", "skip")}
        assert categories_by_draw == decided
        noted: dict[tuple[str, int], tuple[str | None, bool]] = {}
        for _, annotator, kind, draw, value in standing:
            note, bookmarked = noted.get((annotator, draw), (None, False))
            if kind == "note":
                noted[annotator, draw] = (value or None, bookmarked)
            elif kind.endswith("bookmark"):
                noted[annotator, draw] = (note, kind == "bookmark")
        assert notes == {key: entry for key, entry in noted.items() if entry != (None, False)}
        for decision in decisions.recent(limit=1):
            assert reader.document(decision.event_id) == a_document(decision.draw)
        assert reader.problems == ()

    def standing(self) -> list[tuple[str, str, str, int, str | None]]:
        gone: set[str | None] = set()
        for event, _, kind, _, target in sorted(self.acts, reverse=True):
            if kind == "undo" and event not in gone:
                gone.add(target)
        return sorted(act for act in self.acts if act[0] not in gone)


LedgerModel.TestCase.settings = settings(max_examples=40, stateful_step_count=30)
TestLedgerModel = LedgerModel.TestCase
