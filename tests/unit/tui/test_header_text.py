"""The time left in the header, and second looks and suggested breaks in the line of the previous decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from rich.cells import cell_len

from corpuscope.config.keymap import Keymap, remapped
from corpuscope.domain.clock import EventIds
from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Document
from corpuscope.sampling.feed.status import FeedState, FeedStatus
from corpuscope.sampling.plan import ALL
from corpuscope.sampling.queue_order import QueueOrder
from corpuscope.session.document_queue import DocumentQueue
from corpuscope.session.event_recorder import AnnotatorContext
from corpuscope.session.factories import RunningSession
from corpuscope.session.fatigue import LONG_STRETCH
from corpuscope.session.history import HistoryEntry
from corpuscope.session.session import Session
from corpuscope.tui.header_text import (
    WAY_OUT,
    PreviousItems,
    decision_rows,
    document_title,
    header_items,
    previous_items,
    stream_items,
    supply_text,
    waiting_text,
)
from corpuscope.tui.widgets.status_line import MARGIN, fit_items
from makers import ListEventSink, ListSupplier, SetClock, a_document, a_scheme


@dataclass
class AFeed:
    """A feed that stays in one state."""

    state: FeedState = FeedState.STREAMING
    ready: int = 8

    @property
    def status(self) -> FeedStatus:
        return FeedStatus(self.state, self.ready)

    def take(self, *, refill: bool = True) -> Document | None:  # noqa: ARG002 - nothing is fetched
        return None

    def refill(self) -> None: ...

    def peek(self) -> Document | None:
        return None

    def start(self) -> None: ...

    def close(self) -> None: ...


def a_session(
    look: int = 1, first_label: str = "Forum", documents: int = 3, target: int = 3, url: str = ""
) -> tuple[RunningSession, SetClock]:
    drawn = [a_document(i, url=url) for i in range(documents)]
    clock = SetClock()
    session = Session(
        AnnotatorContext("session", "reader", blind=True, look=look),
        a_scheme(),
        ListEventSink(),
        ListSupplier(drawn),
        clock,
        EventIds(clock),
        targets={"web": target},
        first_labels={document.key: first_label for document in drawn},
    )
    session.advance()
    session.painted()
    return RunningSession(
        session, DocumentQueue({"web": AFeed()}, QueueOrder(1, {"web": 1}), {"web": 0}), ()
    ), clock


def header(running: RunningSession) -> str:
    left, right = header_items((), running)
    return "  ".join(item.text for item in (*left, *right))


def last_decision(running: RunningSession, error: str = "", notice: str = "") -> str:
    return " ".join(item.text for item in previous_items(a_scheme(), running, error, notice)[0])


def test_a_second_look_is_named_after_its_key_with_the_first_label() -> None:
    running, _ = a_session(look=2)
    assert last_decision(running) == ""
    assert header(running).startswith("corpuscope  second readings  0 / 3  ")
    assert header(a_session(look=1)[0]).startswith("corpuscope    0 / 3  ")
    running.session.assign("Forum")
    assert last_decision(running).startswith("previous ● Forum · second reading: same answer as before · web")
    running.session.assign("Advertising")
    assert last_decision(running).startswith(
        "previous ● Advertising · second reading: you said Forum before · web"
    )
    running.session.skip()
    assert last_decision(running).startswith("previous skipped · second reading · web")


def test_a_first_look_mentions_no_second_look() -> None:
    running, _ = a_session()
    running.session.assign("Forum")
    assert "reading" not in last_decision(running)


def test_a_suggested_break_ends_the_line() -> None:
    running, clock = a_session()
    for _ in range(21):
        clock.wait(LONG_STRETCH / 20)
        running.session.timer.activity()
    running.session.assign("Forum")
    assert "break" not in last_decision(running)
    running.session.painted()
    assert last_decision(running).endswith("· 52 minutes without a break: a good moment for one")


def test_the_time_left_counts_only_documents_that_remain() -> None:
    running, clock = a_session(documents=5, target=200)
    for _ in range(3):
        running.session.painted()
        clock.wait(60)
        running.session.assign("Forum")
    assert "3 h 17 min left" in header(running)
    for ready, time_left in ((1, "2 min left"), (0, "1 min left")):
        queue = DocumentQueue(
            {"web": AFeed(FeedState.EXHAUSTED, ready)}, QueueOrder(1, {"web": 1}), {"web": 3}
        )
        assert time_left in header(RunningSession(running.session, queue, ()))
    running.session.assign("Forum")
    running.session.assign("Forum")
    assert "left" not in header(RunningSession(running.session, queue, ()))
    assert header(RunningSession(running.session, queue, ())).endswith("no more documents  60 s per label")
    assert "5 / 200" in header(RunningSession(running.session, queue, ()))


def test_second_looks_do_not_narrow_the_half_width() -> None:
    running, _ = a_session(look=2)
    running.session.assign("Forum")
    assert running.session.progress.labelled == 1
    assert running.session.progress.widest is None


def test_the_end_of_the_documents_names_the_files_set_aside() -> None:
    whole = FeedStatus(FeedState.EXHAUSTED, 0)
    assert supply_text(["web"], [whole], Keymap()).startswith("All documents are labelled.")
    warnings = tuple(f"{name}.jsonl was set aside: it was changed" for name in "abcd")
    text = supply_text(["web"], [whole._replace(warnings=warnings, set_aside=0.5)], Keymap())
    assert "All documents" not in text
    assert "c.jsonl was set aside: it was changed\nand 1 more\n\ntab: summary" in text
    three = supply_text(["web"], [whole._replace(warnings=warnings[:3], set_aside=0.5)], Keymap())
    assert "c.jsonl was set aside: it was changed\n\ntab: summary" in three


def test_the_end_of_the_documents_names_the_keys_in_force() -> None:
    keys = remapped({"nav.summary": "S", "history.back": "less_than_sign", "nav.quit": "Q"})
    text = supply_text(["web"], [FeedStatus(FeedState.EXHAUSTED, 0)], keys)
    assert text == "All documents are labelled.\n\nS: summary · <: go back · Q: quit"


def test_while_no_document_is_ready_it_is_shown_what_failed_and_when_the_next_attempt_is() -> None:
    fine = FeedStatus(FeedState.STREAMING, 0)
    lost = FeedStatus(FeedState.OFFLINE, 0, "no route to the Hub", 7.6)
    gone = FeedStatus(FeedState.FAILED, 0, "part-0 is gone")
    assert supply_text(["web"], [fine], Keymap()) == "drawing the first document ..."
    assert supply_text(["web"], [gone], Keymap()) == "part-0 is gone"
    retry = f"\n\nRetrying in 8 s. Your labels are safe.\n\nMeanwhile {WAY_OUT}."
    assert supply_text(["web"], [lost], Keymap()) == "no route to the Hub" + retry
    both = supply_text(["web", "art", "code"], [lost, fine, gone._replace(retry_in=20.0)], Keymap())
    assert both == "web: no route to the Hub\ncode: part-0 is gone" + retry


def test_the_name_of_one_corpus_and_the_number_of_several_blind_ones_stand_in_the_header() -> None:
    web, art = (Corpus(key, key.title(), "local", f"{key}.jsonl") for key in ("web", "art"))
    for corpora, name in (((web,), "Web"), ((web, art), "blind · 2 corpora")):
        assert [item.text for item in header_items(corpora, None)[0]] == ["corpuscope", name]
    assert [item.text for item in header_items((web,), None)[1]] == ["loading …"]
    assert [item.text for item in header_items((web,), None, failed=True)[1]] == ["failed"]


def test_the_title_of_a_document_states_its_decision_only_when_it_is_looked_at_again() -> None:
    running, _ = a_session()
    shown = running.session.shown
    assert shown is not None
    assert document_title(shown, 1, blind=True) == "document 1 · source hidden"
    assert document_title(shown, 1, blind=False) == "document 1"
    running.session.assign("Forum")
    running.session.advance()
    running.session.back()
    shown = running.session.shown
    assert shown is not None
    assert document_title(shown, 1234, blind=True) == "document 1,234 · 1 back · labelled Forum"
    noted = replace(shown, unsure=True, bookmarked=True, note="odd")
    title = "document 2 · 1 back · labelled Forum ~ unsure · ★ bookmarked · note"
    assert document_title(noted, 2, blind=True) == title
    skipped = replace(shown, category=None, back=1000)
    assert document_title(skipped, 2, blind=True) == "document 2 · 1,000 back · skipped"


def test_what_second_readers_say_gives_way_to_undo_and_outlives_the_source() -> None:
    running, _ = a_session()
    running.session.assign("Advertising")
    model, rule = "bot: Forum", "FineWeb's filters would drop this: too short"

    def fitting(width: int) -> list[str]:
        left, right = previous_items(a_scheme(), running, "", width=width, remarks=(model, rule))
        return [item.text for item in fit_items((*left, *right), width, 1).values()]

    assert fitting(110)[3:] == [f"· {model}", f"· {rule}", "· web", "u undo"]
    assert fitting(93)[3:] == [f"· {model}", f"· {rule}", "u undo"]
    assert fitting(78)[3:] == [f"· {model}", "u undo"]


def test_an_undone_mark_leaves_the_label_and_says_so() -> None:
    running, _ = a_session()
    running.session.assign("Forum")
    running.session.mark_unsure()
    running.session.undo()
    assert last_decision(running) == "undone ~ unsure · the label stays: ● Forum"
    running.session.undo()
    assert last_decision(running) == "undone ● Forum"


def test_the_source_of_an_undone_label_is_hidden_as_that_of_its_document_is() -> None:
    running, _ = a_session()
    running.session.assign("Forum")
    assert "web" in last_decision(running)
    running.session.undo()
    assert "web" not in last_decision(running)


def test_an_undone_correction_names_both_labels() -> None:
    running, _ = a_session()
    running.session.assign("Forum")
    running.session.back()
    running.session.assign("Advertising")
    running.session.undo()
    assert last_decision(running) == "undone ● Advertising · again ● Forum"


def fitting(items: PreviousItems, width: int, gap: int = 2) -> list[str]:
    """Return the texts of the items that a line of `width` cells shows."""
    left, right = items
    return [item.text for item in fit_items((*left, *right), width - 2 * MARGIN, gap).values()]


def leaving(items: PreviousItems) -> list[str]:
    """Return the texts of the items in the order in which a line that gets narrower drops them."""
    line = [item for side in items for item in side]
    kept = [fit_items(line, width, 2) for width in range(sum(len(item.text) + 2 for item in line), 0, -1)]
    dropped = [i for wide, narrow in pairwise(kept) for i in wide if i not in narrow]
    return [line[i].text for i in (*dropped, *kept[-1])]


@pytest.mark.parametrize(
    ("width", "target", "bar"), [(59, 200, 0), (60, 200, 16), (119, 200, 16), (120, 200, 36), (120, ALL, 0)]
)
def test_a_plan_has_a_bar_as_wide_as_the_screen_allows(width: int, target: int, bar: int) -> None:
    running, _ = a_session(target=target)
    left, _ = header_items((), running, width=width)
    assert left[2].text == ("0 / all" if target == ALL else "0 / 200")
    assert [item.text for item in left[3:]] == ["─" * bar] * bool(bar)


def test_a_narrow_header_keeps_the_count_and_the_state_of_the_feeds_longest() -> None:
    running, clock = a_session(documents=5, target=200)
    for _ in range(3):
        running.session.painted()
        clock.wait(60)
        running.session.assign("Forum")
    web = Corpus("web", "Web", "local", "web.jsonl")
    assert leaving(header_items((web,), running, width=100)) == [
        "60 s per label · 3 h 17 min left",
        "─" * 16,
        "corpuscope",
        "Web",
        "3 / 200",
    ]
    assert leaving(header_items((web,), None)) == ["corpuscope", "Web", "loading …"]
    assert leaving(header_items((web,), None, failed=True)) == ["corpuscope", "Web", "failed"]


def test_the_pace_gives_way_where_the_header_does_not_hold_it_beside_the_time_left() -> None:
    running, clock = a_session(documents=5, target=200)
    for _ in range(3):
        running.session.painted()
        clock.wait(60)
        running.session.assign("Forum")
    both = "60 s per label · 3 h 17 min left"
    whole = len(f" corpuscope    3 / 200  {'─' * 16}  {both} ")
    assert header_items((), running, width=whole)[1][-1].text == both
    assert header_items((), running, width=whole - 1)[1][-1].text == "3 h 17 min left"
    assert fitting(header_items((), running, width=whole), whole)[-1] == both


@pytest.mark.parametrize(
    ("states", "items"),
    [
        ({FeedState.STREAMING: None, FeedState.EXHAUSTED: None}, []),
        ({FeedState.EXHAUSTED: None}, ["no more documents"]),
        ({FeedState.STREAMING: None, FeedState.OPENING: None}, ["opening"]),
        ({FeedState.OPENING: 3.0}, ["opening"]),
        ({FeedState.RETRYING: None, FeedState.OPENING: None}, ["retrying"]),
        ({FeedState.RETRYING: 7.6}, ["retrying in 8 s"]),
        ({FeedState.RETRYING: -1.0}, ["retrying in 0 s"]),
        ({FeedState.OFFLINE: 2.0, FeedState.RETRYING: 7.6}, ["offline, retrying in 2 s"]),
        ({FeedState.FAILED: None}, ["failed"]),
        ({FeedState.FAILED: 9.0, FeedState.OFFLINE: 2.0}, ["1 of 2 corpora failed"]),
    ],
)
def test_the_header_names_the_worst_state_of_the_feeds(
    states: dict[FeedState, float | None], items: list[str]
) -> None:
    statuses = [FeedStatus(state, 0, retry_in=retry_in) for state, retry_in in states.items()]
    assert [item.text for item in stream_items(statuses)] == items
    warned = [status._replace(warnings=("a.jsonl was set aside",) * 600) for status in statuses]
    assert stream_items(warned)[-1].text == f"{600 * len(states):,} set aside"


def test_the_address_fills_the_room_that_the_line_of_the_previous_decision_leaves() -> None:
    running, _ = a_session(url="https://example.org/" + "long/" * 40)
    running.session.assign("Forum")
    least = len(" previous ● Forum · web · example.org… u undo ")
    for width in (least, 80, 120):
        line = fitting(previous_items(a_scheme(), running, "", width=width), width, 1)
        assert line[-2].startswith("· example.org")
        assert line[-2].endswith("…")
        assert len(" ".join(line)) == width - 2 * MARGIN
    narrow = previous_items(a_scheme(), running, "", width=least - 1)
    assert fitting(narrow, least - 1, 1)[-2:] == ["· web", "u undo"]


def test_a_narrow_line_of_the_previous_decision_keeps_the_category_longest() -> None:
    running, _ = a_session(url="http://example.org")
    running.session.assign("Forum")
    running.session.mark_unsure()
    assert leaving(previous_items(a_scheme(), running, "")) == [
        "· example.org",
        "· web",
        "u undo",
        "~ unsure",
        "●",
        "previous",
        "Forum",
    ]
    running.session.back()
    assert leaving(previous_items(a_scheme(), running, "")) == [
        "esc back to the present",
        "· a category key changes its label",
        "looking back",
    ]


def test_an_error_stands_before_a_notice_and_both_before_the_previous_decision() -> None:
    running, _ = a_session()
    running.session.assign("Forum")
    assert last_decision(running, error="disk\nfull", notice="copied") == "disk␤full"
    assert last_decision(running, notice="copied\n") == "copied␤"
    assert previous_items(a_scheme(), None, "") == ((), ())


def test_the_latest_decisions_stand_beside_the_beginnings_of_their_documents() -> None:
    scheme = a_scheme("News", "新聞", "a name beyond sixteen cells")
    page = a_document(text=" The  first\nwords of a page" * 40)
    entry = HistoryEntry("e1", "d1", "web", "News", page)
    entries = [entry, replace(entry, category="新聞"), replace(entry, category=None, document=None)]
    rows = decision_rows(entries, scheme, 40)
    assert ["".join(text for text, _ in row) for row in rows] == [
        "● News              The first words of …",
        "● 新聞              The first words of …",
        "● skipped           ",
    ]
    assert {cell_len("".join(text for text, _ in row)) for row in rows[:2]} == {40}
    assert rows[2][0][1] == "$foreground-muted" != rows[0][0][1]
    (cut,) = decision_rows([replace(entry, category=scheme.names[2])], scheme, 5)
    assert [text for text, _ in cut] == ["● ", "a name beyond s…  ", "…"]


def test_while_there_is_no_document_the_screen_says_why() -> None:
    running, _ = a_session()
    assert waiting_text(None, "labels.jsonl: cannot be read", Keymap()) == "labels.jsonl: cannot be read"
    assert waiting_text(running, "disk full", Keymap()) == "disk full"
    assert waiting_text(None, "", Keymap()) == "loading …"
    assert waiting_text(running, "", Keymap()) == "drawing the first document ..."
