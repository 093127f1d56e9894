"""How the session that relabels documents of the ledger is put together."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpuscope.corpora.known import KNOWN
from corpuscope.domain.clock import EventIds
from corpuscope.sampling.plan import Plan
from corpuscope.session.repeats import RelabelPlan
from corpuscope.session.start import SessionContext, start_labelling, start_relabelling
from ledger_fakes import Scribe, read
from makers import ListEventSink, SetClock, a_document, a_scheme
from session_fakes import ListFeed


def context_of(folder: Path) -> SessionContext:
    clock = SetClock()
    return SessionContext(
        "s9", "ann", a_scheme("News"), ListEventSink(), clock, EventIds(clock), read(folder),
        lambda _: a_document(), lambda: None,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ledger of three labels of ann in c4, one of them at a second look, and a skip; and a label of ben."""
    with Scribe(tmp_path, "s1", "ann") as ann:
        for draw in range(2):
            ann.label(a_document(draw, corpus="c4"), "News")
        ann.label(a_document(0, corpus="c4"), "News", look=2)
        ann.skip(a_document(2, corpus="c4"))
    with Scribe(tmp_path, "s2", "ben") as ben:
        ben.label(a_document(5, corpus="c4"), "News")
    return tmp_path


@pytest.mark.parametrize(("look", "labelled"), [(1, 0), (2, 1)])
def test_a_session_of_second_readings_is_blind_and_goes_on_with_its_own_look(
    folder: Path, look: int, labelled: int
) -> None:
    plan = RelabelPlan({"c4": ("e1",)}, {"c4": 1}, look, {})
    session, queue = start_relabelling(context_of(folder), plan, 7)
    assert (session.context.blind, session.context.look) == (True, look)
    assert (session.labelled, session.target) == (labelled, 2)
    queue.close()


def test_a_session_of_first_looks_counts_the_first_looks_of_its_annotator(folder: Path) -> None:
    plan = Plan(7).with_corpus(KNOWN["c4"].corpus, target=50)
    session, queue = start_labelling(context_of(folder), plan, {"c4": ListFeed("c4", 3, 9)}, blind=True)
    assert (session.context.blind, session.context.look) == (True, 1)
    assert (session.labelled, session.target) == (2, 50)
    assert session.back()
    assert session.shown is not None
    assert session.shown.category is None
    queue.close()
