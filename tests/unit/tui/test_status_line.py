"""Test the lines at the edges of a screen, which show what fits, and the bars of shares."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from corpuscope.config.actions import LABELLING
from corpuscope.config.category_file import load_scheme
from corpuscope.config.keymap import Keymap
from corpuscope.sampling.feed.feed import FeedState, FeedStatus
from corpuscope.session.progress import Progress
from corpuscope.tui.header_text import pace_items, stream_items
from corpuscope.tui.line_items import (
    find_items,
    key_items,
    key_span,
    looking_back_items,
    progress_bar,
    waiting_items,
)
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine, fit_items
from makers import a_scheme
from unmounted import Click, unmounted


def words(items: Iterable[StatusItem]) -> list[str]:
    return [item.text for item in items]


def test_the_least_important_items_are_dropped_first_and_the_order_stays() -> None:
    pieces = [StatusItem("one", priority=2), StatusItem("two", priority=0), StatusItem("three", priority=1)]
    assert words(fit_items(pieces, 20, 2).values()) == ["one", "two", "three"]
    assert words(fit_items(pieces, 15, 2).values()) == ["one", "two", "three"]
    assert words(fit_items(pieces, 14, 2).values()) == ["two", "three"]
    assert words(fit_items(pieces, 9, 2).values()) == ["two"]
    assert words(fit_items(pieces, 5, 2).values()) == ["two"]
    assert words(fit_items(pieces, 2, 2).values()) == ["…o"]


@given(
    st.lists(st.builds(StatusItem, st.text("ab漢 ", max_size=9), priority=st.integers(0, 5))),
    st.integers(0, 60),
)
def test_items_that_fit_never_exceed_the_width(items: list[StatusItem], width: int) -> None:
    kept = list(fit_items(items, width, 2).values())
    assert sum(cell_len(item.text) for item in kept) + 2 * max(len(kept) - 1, 0) <= width or not kept


def test_the_header_says_how_sure_how_fast_and_how_long() -> None:
    said = words(pace_items(Progress(labelled=57, target=200, widest=12.6, pace=9.0)))
    assert said == ["widest interval ±12.6 pp", "9 s per label · 21 min left"]


def test_a_narrow_header_keeps_the_time_left() -> None:
    assert words(pace_items(Progress(57, 200, None, 9.0), room=19)) == ["21 min left"]


def test_a_label_never_takes_zero_seconds() -> None:
    assert words(pace_items(Progress(57, 200, None, 0.3))) == ["under 1 s per label · a minute left"]


def test_a_plan_that_is_reached_is_named() -> None:
    assert words(pace_items(Progress(200, 200, None, 9.0))) == ["9 s per label", "plan reached"]


def test_before_the_first_label_no_half_width_and_no_pace_is_claimed() -> None:
    assert words(pace_items(Progress(0, 200, None, None))) == []


@pytest.mark.parametrize(
    ("done", "bar"), [(0, "────"), (25, "━───"), (37, "━───"), (38, "━╸──"), (250, "━━━━")]
)
def test_the_progress_bar_is_full_to_half_a_cell(done: int, bar: str) -> None:
    assert progress_bar(done, 100, 4).text == bar


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (FeedStatus(FeedState.STREAMING, 8), []),
        (FeedStatus(FeedState.OFFLINE, 5, "no route", 8.2), ["offline, retrying in 8 s"]),
        (FeedStatus(FeedState.RETRYING, 5, "503", 2.1), ["retrying in 2 s"]),
        (FeedStatus(FeedState.FAILED, 0, "gone"), ["failed"]),
        (FeedStatus(FeedState.STREAMING, 8, warnings=("shard 3",)), ["1 set aside"]),
    ],
)
def test_the_state_of_the_stream_is_one_short_phrase(status: FeedStatus, said: list[str]) -> None:
    assert words(stream_items([status])) == said


@pytest.mark.parametrize(
    ("better", "worse"),
    itertools.pairwise(
        [
            *(FeedState.EXHAUSTED, FeedState.STREAMING, FeedState.OPENING),
            *(FeedState.RETRYING, FeedState.OFFLINE, FeedState.FAILED),
        ]
    ),
)
def test_with_several_feeds_the_worst_state_is_shown(better: FeedState, worse: FeedState) -> None:
    statuses = [FeedStatus(better, 8), FeedStatus(worse, 1)]
    alone = words(stream_items(statuses[1:]))
    said = ["1 of 2 corpora failed"] if worse is FeedState.FAILED else alone
    assert words(stream_items(statuses)) == words(stream_items(statuses[::-1])) == said


def test_at_80_columns_no_main_key_is_lost_and_at_60_words_go_first() -> None:
    keys = Keymap()
    items = key_items(load_scheme(None, keys.taken()), keys.of(LABELLING))
    assert words(fit_items(items, 78, 2).values()) == [
        *("s skip", "u undo", "b bookmark", "n note", "/ find", "g guide", "tab summary", "? help", "q")
    ]
    assert words(fit_items(items, 58, 2).values()) == [
        *("s skip", "u undo", "b bookmark", "n note", "/ find", "g", "tab", "?", "q")
    ]


def test_a_message_wider_than_the_screen_keeps_both_its_ends() -> None:
    (kept,) = fit_items(
        [StatusItem("/a/long/path/of.parquet is damaged; nothing in it could be read", "", 0)], 31, 2
    ).values()
    assert kept.text == "/a/long/path/of…t could be read"


def a_line(*items: StatusItem, right: Iterable[StatusItem] = (), width: int = 30, gap: int = 2) -> StatusLine:
    line = unmounted(StatusLine, width, 1)(gap=gap)
    line.show(items, tuple(right))
    return line


def test_items_stand_at_both_ends_of_a_line_with_a_margin_of_a_cell() -> None:
    left, right = (StatusItem("one"), StatusItem("two")), (StatusItem("three"), StatusItem("four"))
    drawn = ["".join(text for text, _ in a_line(*left, right=right, gap=gap).runs(0)) for gap in (1, 2)]
    assert drawn == [" one two           three four", " one  two         three  four"]
    assert a_line(*left, right=right).text == drawn[1].strip()
    assert "".join(text for text, _ in a_line(*left).runs(0)) == " one  two"
    assert a_line().runs(0) == []
    assert a_line(*left).runs(1) == []
    assert a_line(*left, right=right, width=23).text == "one  two  three  four"
    assert a_line(*left, right=right, width=22).text == "one  two       three"


def test_a_key_or_the_full_part_of_a_bar_is_drawn_in_the_accent_colour() -> None:
    line = a_line(StatusItem("q quit", "muted", lead=1), StatusItem("plain", "red"))
    blanks = [run for run in line.runs(0) if not run[0].strip()]
    runs = [run for run in line.runs(0) if run[0].strip()]
    assert runs == [("q", "bold $accent"), (" quit", "muted"), ("plain", "red")]
    assert blanks == [(" ", ""), ("  ", "")]


class ActingLine(StatusLine):
    """A line that records the actions that it runs."""

    def __init__(self) -> None:
        super().__init__()
        self.ran: list[str] = []

    def call_later(self, _run: object, action: str) -> bool:
        self.ran.append(action)
        return True


def test_a_click_on_an_item_runs_its_action_on_the_screen_or_on_the_app() -> None:
    line = unmounted(ActingLine, 30, 1)()
    left = (StatusItem("u undo", action="undo"), StatusItem("text"))
    line.show(left, [StatusItem("q quit", action="app.leave")])
    clicks = [Click(x) for x in (0, 1, 6, 7, 9, 22, 23, 28, 29)]
    for click in (*clicks, Click()):
        line.on_click(click)
    assert line.ran == ["screen.undo", "screen.undo", "app.leave", "app.leave"]
    assert [click.stopped for click in clicks] == [
        *(False, True, True, False, False),
        *(False, True, True, False),
    ]


@pytest.mark.parametrize(
    ("keys", "span"),
    [
        ("1", "1"),
        ("12", "1-2"),
        ("1234567890ab", "1-b"),
        ([f"{i:02}" for i in range(13)], "0-1"),
        ([*"123456789", "0a", "0b", "ab", "ca"], "0-9 a-c"),
    ],
)
def test_the_keys_of_categories_are_named_by_the_first_and_the_last(keys: Iterable[str], span: str) -> None:
    assert key_span(list(keys)) == span


def test_each_footer_names_the_keys_that_do_something_there() -> None:
    actions, scheme = Keymap().of(LABELLING), a_scheme()
    assert words(looking_back_items(scheme, actions)) == [
        *("1-3 relabel", "←→ move", "esc return", "b bookmark", "n note", "/ find", "o url", "y copy"),
        *("~ unsure", "? help", "q quit"),
    ]
    assert words(waiting_items(actions)) == [
        *("← back", "u undo", "tab summary", "h corpora", "? help", "q quit")
    ]
    assert words(waiting_items([a for a in actions if a.command != "back"]))[0] == "u undo"
    assert words(find_items(Keymap())) == [". next", ", previous", "esc close"]
    assert [item.action for item in find_items(Keymap())] == ["find_next", "find_previous", "current"]
    for items in (looking_back_items(scheme, actions), key_items(scheme, actions)):
        assert [item.text[: item.lead] for item in items] == [text.split()[0] for text in words(items)]


def test_the_keys_of_categories_are_the_first_to_leave_a_narrow_footer_then_the_words_of_others() -> None:
    items = looking_back_items(a_scheme(), Keymap().of(LABELLING))
    footers = [" ".join(words(fit_items(items, width, 2).values())) for width in range(130, 10, -1)]
    assert [*dict.fromkeys(footers)][1:-1:2] == [
        "←→ move esc return b bookmark n note / find o url y copy ~ unsure ? help q quit",
        "←→ move esc return b bookmark n note / find o url y copy ~ unsure ? q",
        "←→ move esc return b bookmark n note / find o url ? q",
        "←→ move esc return b bookmark n note / ? q",
        "←→ move esc return b n / ? q",
        "←→ esc b n / ? q",
        "←→ esc b ? q",
    ]
