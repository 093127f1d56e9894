"""Where a reader is in a document and how much of it is left, in a few words."""

TENTHS_BELOW = 10
"""Screens left; where it is more nobody needs to know tenths."""


def position(fraction: float, rows_left: int, height: int, *, complete: bool, room: int) -> str:
    """How much is read or in sight, from 0 to 1, and what lies below a window of `height` rows.

    Without `complete` the rows that are left are an estimate. What does not fit into less than `room` cells is left
    out whole: half a sentence says less than none.
    """
    read = f"{fraction * 100:.0f} %"
    screens = rows_left / max(1, height)
    if screens >= 1:
        digits = 1 if screens < TENTHS_BELOW else 0
        left = f" · {'' if complete else 'about '}{screens:,.{digits}f} screens left"
    else:
        left = f" · {rows_left} {'row' if rows_left == 1 else 'rows'} left" if rows_left else ""
    return read + left if len(read + left) < room else read
