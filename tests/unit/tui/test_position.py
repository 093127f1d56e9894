"""Test the reading position in the bottom border of a document."""

from __future__ import annotations

import pytest

from corpuscope.tui.widgets.document_view import position


@pytest.mark.parametrize(
    ("fraction", "rows", "complete", "words"),
    [
        (0.25, 62, True, "25 % · 3.1 screens left"),
        (0.01, 123_456, False, "1 % · about 6,173 screens left"),
        (0.5, 200, True, "50 % · 10 screens left"),
        (0.9, 19, True, "90 % · 19 rows left"),
        (0.99, 1, True, "99 % · 1 row left"),
        (1.0, 0, True, "100 %"),
    ],
)
def test_the_position_says_how_much_is_read_and_how_much_is_left(
    fraction: float, rows: int, complete: bool, words: str
) -> None:
    assert position(fraction, rows, 20, complete=complete, room=60) == words


def test_the_part_that_does_not_fit_is_left_out_in_full() -> None:
    assert position(0.25, 62, 20, complete=True, room=24) == "25 % · 3.1 screens left"
    assert position(0.25, 62, 20, complete=True, room=23) == "25 %"
