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
from corpuscope.tui.line_items import key_items, progress_bar
from corpuscope.tui.widgets.status_line import StatusItem, fit_items


def words(items: Iterable[StatusItem]) -> list[str]:
    return [item.text for item in items]


def test_the_least_important_items_are_dropped_first_and_the_order_stays() -> None:
    pieces = [StatusItem("one", priority=2), StatusItem("two", priority=0), StatusItem("three", priority=1)]
    assert words(fit_items(pieces, 20, 2).values()) == ["one", "two", "three"]
    assert words(fit_items(pieces, 12, 2).values()) == ["two", "three"]
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
