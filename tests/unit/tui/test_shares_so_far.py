"""Test the panel at the end of a plan."""

from __future__ import annotations

import pytest

from corpuscope.config.keymap import Keymap
from corpuscope.session.progress import Progress
from corpuscope.stats.sample import Sample
from corpuscope.stats.summarise import summarise
from corpuscope.tui.screens.shares_so_far import reached_rows
from makers import a_scheme

SCHEME = a_scheme("News", "Forum")
CODES = (0,) * 150 + (1,) * 50


def panel(
    *names: str, pending: int = 0, pace: float | None = 9.0, size: tuple[int, int] = (78, 30)
) -> list[str]:
    samples = [Sample(name, SCHEME.names, CODES, pending=pending) for name in names]
    corpora = summarise(samples).corpora
    rows = reached_rows(Progress(200, 200, None, pace), "a study", corpora, SCHEME, Keymap(), size)
    return ["".join(text for text, _ in row) for row in rows]


def test_the_end_of_a_plan_states_the_time_the_largest_category_and_where_to_go() -> None:
    rows = panel("web")
    assert rows[0] == "a study: 200 of 200 labelled.  About 30 min of reading.  9 s per label."
    assert rows[-7:] == [
        "",
        "web: News is the largest category, 75 % (69-80).",
        "",
        "  enter  go on     further labels count as beyond the plan",
        "    tab  summary   every corpus in one chart",
        "      d  compare   which differences between corpora are established",
        "      h  corpora   choose another corpus",
    ]


@pytest.mark.parametrize(
    ("pace", "words"),
    [
        (None, ""),
        (0.2, ""),
        (0.6, "  About 2 min of reading."),
        (1.0, "  About 3 min of reading.  1 s per label."),
    ],
)
def test_a_pace_is_stated_from_a_second_per_label(pace: float | None, words: str) -> None:
    assert panel("web", pace=pace)[0] == "a study: 200 of 200 labelled." + words


def test_no_category_is_called_the_largest_while_labels_are_pending() -> None:
    assert not [row for row in panel("web", pending=3) if "largest" in row or "bounds" in row]


@pytest.mark.parametrize(("height", "chart"), [(16, 6), (15, 5), (14, 0)])
def test_the_chart_gives_up_its_gaps_and_then_its_place_to_the_words(height: int, chart: int) -> None:
    rows = panel("web", "books", size=(78, height))
    assert len(rows) == (height if chart else 9)
    assert sum("│" in row or "interval" in row for row in rows) == chart
    assert rows[-1].endswith("choose another corpus")


def test_the_words_of_a_key_are_wrapped_below_each_other() -> None:
    rows = panel("web", size=(40, 30))
    row = next(i for i, row in enumerate(rows) if "compare" in row)
    assert rows[row : row + 3] == [
        "      d  compare   which differences",
        "                   between corpora are",
        "                   established",
    ]
