"""Test the bars of shares and differences, character by character."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.report.scales import common_scale, symmetric_scale
from corpuscope.tui.charts.bars import (
    FULL,
    LEFT_HALF,
    RIGHT_HALF,
    difference_axis,
    difference_bar,
    share_axis,
    share_bar,
)

SHARES = [
    # low, share, high, drawn in 21 cells from 0 to 1
    (0.297, 0.36, 0.428, "│   ┊ ╺●━   ┊   ┊   ┊"),
    (0.0, 0.0, 0.019, "○   ┊   ┊   ┊   ┊   ┊"),
    (0.0, 0.0, 0.06, "○╸  ┊   ┊   ┊   ┊   ┊"),
    (0.1, 0.15, 0.27, "│ ╺●━━  ┊   ┊   ┊   ┊"),
    (0.94, 1.0, 1.0, "│   ┊   ┊   ┊   ┊  ╺●"),
]
DIFFERENCES = [
    # low, difference, high, established, drawn in 21 cells from -.20 to +.20
    (0.038, 0.117, 0.196, True, "┊    ┊    │ ╺━━━●━━━╸"),
    (-0.126, -0.073, -0.025, True, "┊   ━━●━━ │    ┊    ┊"),
    (-0.145, -0.055, 0.037, False, "┊  ────○──┼──  ┊    ┊"),
    (-0.022, 0.0, 0.055, False, "┊    ┊   ─○─── ┊    ┊"),
    (-1.0, 0.1, 1.0, False, "──────────┼────○─────"),
]


def drawn_text(runs: Sequence[tuple[str, str]]) -> str:
    return "".join(text for text, _ in runs)


@pytest.mark.parametrize(("low", "share", "high", "drawn"), SHARES)
def test_a_share_bar_draws_its_interval_over_the_grid(
    low: float, share: float, high: float, drawn: str
) -> None:
    assert drawn_text(share_bar(low, share, high, len(drawn), 1.0)) == drawn


@pytest.mark.parametrize(("low", "difference", "high", "established", "drawn"), DIFFERENCES)
def test_only_an_established_difference_is_a_heavy_line(
    low: float, difference: float, high: float, established: bool, drawn: str
) -> None:
    bar = difference_bar(low, difference, high, len(drawn), 0.2, established=established)
    assert drawn_text(bar) == drawn


def test_a_share_axis_has_its_labels_above_the_grid() -> None:
    assert share_axis(41, 1.0) == "0       20      40      60      80    100"
    assert share_axis(21, 0.4) == "0         20       40"


def test_the_scale_of_shares_is_the_whole_or_the_next_fifth_above_small_ones() -> None:
    assert common_scale([0.801]) == common_scale([0.6]) == common_scale([]) == 1.0
    assert common_scale([0.428, 0.1]) == pytest.approx(0.6)
    assert common_scale([0.01]) == pytest.approx(0.2)


def test_the_axis_has_its_zero_above_that_of_the_bars() -> None:
    assert difference_axis(21, 0.2) == "−20       0       +20"
    assert difference_axis(22, 0.2) == "−20       0       +20 "
    assert difference_axis(5, 0.2) == "     "


def test_a_difference_bar_without_room_is_blank() -> None:
    assert drawn_text(difference_bar(0.1, 0.2, 0.3, 2, 0.5, established=True)) == "  "
    assert drawn_text(difference_bar(0.1, 0.2, 0.3, -1, 0.5, established=True)) == ""


def test_the_symmetric_scale_is_the_largest_bound_rounded_up_to_a_twentieth() -> None:
    assert symmetric_scale([-0.145, 0.196]) == pytest.approx(0.2)
    assert symmetric_scale([0.05]) == pytest.approx(0.05)
    assert symmetric_scale([0.0]) == 0.05
    assert symmetric_scale([-1.0]) == symmetric_scale([]) == 1.0


@given(st.tuples(*[st.floats(-1, 1)] * 3), st.integers(0, 120), st.floats(0.05, 1), st.booleans())
def test_a_difference_bar_has_the_width_requested(
    ends: tuple[float, float, float], width: int, scale: float, established: bool
) -> None:
    low, difference, high = sorted(ends)
    bar = difference_bar(low, difference, high, width, scale, established=established)
    assert len(drawn_text(bar)) == width


@given(st.tuples(*[st.floats(0, 1)] * 3), st.integers(0, 120), st.floats(0.2, 1))
def test_a_share_bar_has_the_width_requested(
    ends: tuple[float, float, float], width: int, scale: float
) -> None:
    low, share, high = sorted(ends)
    assert len(drawn_text(share_bar(low, share, high, width, scale))) == width


@pytest.mark.parametrize("share", [0.02, 0.142, 0.143, 0.381, 1.0])
def test_a_share_without_an_interval_is_its_mark_alone(share: float) -> None:
    assert not {FULL, LEFT_HALF, RIGHT_HALF} & set(drawn_text(share_bar(share, share, share, 43, 1.0)))
    assert drawn_text(share_bar(share, share, share, 43, 1.0)).count("●") == 1
