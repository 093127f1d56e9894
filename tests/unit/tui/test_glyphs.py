"""Test that frames, bars and marks have ASCII characters of the same width."""

from __future__ import annotations

from rich.cells import cell_len

from corpuscope.tui.charts import bars, shares
from corpuscope.tui.glyphs import plain
from corpuscope.tui.line_items import progress_bar

DRAWN = "╭─╮│╰╯┃┊┼┿╋█▓▒▐★▸◂" + bars.FULL + bars.LEFT_HALF + bars.RIGHT_HALF + bars.HOLLOW + shares.MARKS


def test_plain_glyphs_are_ascii_and_as_wide_as_what_they_stand_for() -> None:
    assert plain(DRAWN).isascii()
    assert cell_len(plain(DRAWN)) == cell_len(DRAWN)


def test_a_bar_and_an_interval_can_be_read_without_the_heavy_characters() -> None:
    assert plain(progress_bar(25, 100, 8).text) == "==------"
    assert plain("╺━●━╸ ─○─") == "==o== -.-"


def test_plain_glyphs_tell_corpora_apart_and_leave_words_alone() -> None:
    assert len(set(plain(shares.MARKS))) == len(shares.MARKS)
    assert plain("naïve 漢字 ≠") == "naïve 漢字 ≠"
