"""Test the panel at the end of a plan."""

from __future__ import annotations

from corpuscope.config.keymap import Keymap
from corpuscope.session.progress import Progress
from corpuscope.stats.sample import Sample
from corpuscope.stats.summary import summarise
from corpuscope.tui.screens.shares_so_far import reached_rows
from makers import a_scheme

SCHEME = a_scheme("News", "Forum")


def panel(pending: int = 0, pace: float | None = 9.0) -> list[str]:
    codes = (0,) * 150 + (1,) * 50
    corpora = summarise([Sample("web", SCHEME.names, codes, pending=pending)]).corpora
    rows = reached_rows(Progress(200, 200, None, pace), "web", corpora, SCHEME, Keymap(), (78, 30))
    return ["".join(text for text, _ in row) for row in rows]


def test_the_end_of_a_plan_states_the_time_and_the_largest_category() -> None:
    rows = panel()
    assert rows[0] == "web: 200 of 200 labelled.  About 30 min of reading.  9 s per label."
    assert "web: News is the largest category, 75 % (69-80)." in rows


def test_no_category_is_called_the_largest_while_labels_are_pending() -> None:
    assert not [row for row in panel(pending=3) if "largest" in row or "bounds" in row]
