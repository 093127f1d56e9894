"""Test the bars of differences, character by character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.tui.charts.bars import difference_axis, difference_bar, symmetric_scale

BARS = [
    # low, difference, high, drawn in 21 cells from -.20 to +.20
    (0.038, 0.117, 0.196, "          │█▒▒▒▒┃▒▒▒▒"),
    (-0.126, -0.073, -0.025, "    ▒▒┃▒▒▒│          "),
    (-0.18, -0.12, -0.06, " ▒▒▒┃▒▒▒██│          "),
    (-0.145, -0.055, 0.037, "   ▒▒▒▒┃▒▒│▒▒        "),
    (-0.022, 0.0, 0.055, "         ▒┃▒▒▒       "),
    (-1.0, 0.0, 1.0, "▒▒▒▒▒▒▒▒▒▒┃▒▒▒▒▒▒▒▒▒▒"),
]


@pytest.mark.parametrize(("low", "difference", "high", "drawn"), BARS)
def test_a_difference_bar_shades_its_interval_and_is_full_up_to_the_nearer_bound(
    low: float, difference: float, high: float, drawn: str
) -> None:
    assert difference_bar(low, difference, high, len(drawn), 0.2) == drawn


def test_the_axis_has_its_zero_above_that_of_the_bars() -> None:
    assert difference_axis(21, 0.2) == "-20       0       +20"
    assert difference_axis(22, 0.2) == "-20       0       +20 "
    assert difference_axis(5, 0.2) == "     "


def test_a_difference_bar_without_room_is_blank() -> None:
    assert difference_bar(0.1, 0.2, 0.3, 2, 0.5) == "  "
    assert difference_bar(0.1, 0.2, 0.3, -1, 0.5) == ""


def test_the_symmetric_scale_is_the_largest_bound_rounded_up_to_a_twentieth() -> None:
    assert symmetric_scale([-0.145, 0.196]) == pytest.approx(0.2)
    assert symmetric_scale([0.05]) == pytest.approx(0.05)
    assert symmetric_scale([0.0]) == 0.05
    assert symmetric_scale([-1.0]) == symmetric_scale([]) == 1.0


@given(st.tuples(*[st.floats(-1, 1)] * 3), st.integers(0, 120), st.floats(0.05, 1))
def test_a_difference_bar_has_the_width_requested(
    ends: tuple[float, float, float], width: int, scale: float
) -> None:
    low, difference, high = sorted(ends)
    assert len(difference_bar(low, difference, high, width, scale)) == width
