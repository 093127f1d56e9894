"""Test the counts of one run that are printed when the app ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpuscope.cli.exit_summary import corpus_words, next_words, summary_words
from corpuscope.corpora.known import KNOWN
from corpuscope.domain.clock import EventIds
from corpuscope.domain.label import EventKind
from corpuscope.session.event_recorder import AnnotatorContext, EventRecorder
from corpuscope.session.ledger import TallyingWriter
from corpuscope.session.run_tally import RunTally
from corpuscope.session.study_plan import CorpusStatus
from makers import ListEventSink, SetClock, a_document, a_scheme


@pytest.fixture
def tally() -> RunTally:
    return RunTally()


@pytest.fixture
def recorder(tally: RunTally) -> EventRecorder:
    clock = SetClock()
    sink = TallyingWriter(ListEventSink(), tally)
    context = AnnotatorContext("session-1", "reader")
    return EventRecorder(context, a_scheme("News", "Forum"), sink, clock, EventIds(clock))


def test_each_document_counts_once_and_what_was_undone_not_at_all(
    tally: RunTally, recorder: EventRecorder
) -> None:
    one, other, third = (a_document(draw=draw) for draw in range(3))
    recorder.record(EventKind.LABEL, one, category="News", reading_ms=4_000)
    recorder.record(EventKind.LABEL, one, category="Forum", reading_ms=1_000)
    undone = recorder.record(EventKind.LABEL, other, category="News", reading_ms=9_000)
    recorder.record(EventKind.UNDO, other, target=undone.id)
    recorder.record(EventKind.SKIP, third, reading_ms=500)
    recorder.record(EventKind.BOOKMARK, third)
    recorder.record(EventKind.NOTE, third, note="odd")
    recorder.record(EventKind.NOTE, one, note="")
    assert (tally.labels.total(), tally.skipped, tally.bookmarked, tally.noted) == (1, 1, 1, 1)
    recorder.record(EventKind.UNBOOKMARK, third)
    assert tally.bookmarked == 0


def test_the_line_names_only_what_there_is(
    tally: RunTally, recorder: EventRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    for draw in range(3):
        recorder.record(EventKind.LABEL, a_document(draw=draw), category="News", reading_ms=9_000)
    assert "3 labels" in summary_words(tally)
    assert "9 s per label" in summary_words(tally)
    assert "skipped" not in summary_words(tally)


def test_corpora_say_what_is_left_and_the_commands_that_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    c4 = KNOWN["c4"].corpus
    begun = CorpusStatus(c4, 50, 200, None, "")
    assert corpus_words(begun, 12.0, 4) == f"C4   50 of 200 {'━' * 6}{'─' * 18}  30 min left"
    assert corpus_words(CorpusStatus(c4, 200, 200, None, ""), 12.0, 2) == "C4 200 of 200, plan reached"
    here, done = Path.cwd() / "labels", CorpusStatus(c4, 200, 200, None, "")
    summary = "corpuscope summary  shows the shares"
    assert next_words((begun,), here) == ["corpuscope label c4  goes on", summary]
    assert next_words((begun,), Path("/a b"))[0] == "corpuscope label c4 --labels '/a b'  goes on"
    assert next_words((done,), here) == [summary]
    for statuses in ((begun,), (done,)):  # a mix goes on beyond the plan of its corpora
        assert next_words(statuses, here, "first") == ["corpuscope label --for-mix first  goes on", summary]
