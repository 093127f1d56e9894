"""Tests of the scales of charts, which end at a round number that holds every interval."""

from __future__ import annotations

import pytest

from corpuscope.report.scales import common_scale, nice_axis, share_ticks, symmetric_scale


@pytest.mark.parametrize(
    ("highs", "end"),
    [([0.05], 0.2), ([0.1, 0.2], 0.2), ([0.21], 0.4), ([0.59], 0.6), ([0.6], 1.0), ([], 1.0)],
)
def test_shares_end_at_a_fifth_above_the_largest_or_at_the_whole(highs: list[float], end: float) -> None:
    assert common_scale(highs) == pytest.approx(end)


@pytest.mark.parametrize(
    ("ends", "end"),
    [([-0.12, 0.1], 0.15), ([0.15], 0.15), ([0.001], 0.05), ([0.0], 0.05), ([-1.2], 1.0), ([], 1.0)],
)
def test_differences_end_at_a_twentieth_on_both_sides(ends: list[float], end: float) -> None:
    assert symmetric_scale(ends) == pytest.approx(end)


def test_shares_are_labelled_at_every_fifth_up_to_the_end() -> None:
    assert [share_ticks(end) for end in (0.2, 0.6, 1.0)] == [
        [0, 0.2],
        [0, 0.2, 0.4, 0.6],
        [0, 0.2, 0.4, 0.6, 0.8, 1],
    ]


@pytest.mark.parametrize(
    ("highest", "axis"),
    [
        (6, (6, 1)),
        (6.1, (8, 2)),
        (12, (12, 2)),
        (13, (15, 2.5)),
        (16, (20, 5)),
        (31, (40, 10)),
        (0.6, (0.6, 0.1)),
        (0, (1, 0.2)),
    ],
)
def test_an_axis_has_six_round_steps_at_most(highest: float, axis: tuple[float, float]) -> None:
    assert nice_axis(highest) == pytest.approx(axis)
