"""Test the rows of the list of corpora."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from corpuscope.corpora.known import KNOWN
from corpuscope.session.study_plan import CorpusStatus
from corpuscope.tui.corpus_rows import (
    budgets,
    day,
    details,
    introduction,
    name_width,
    own_cells,
    own_heading,
    panel_heights,
    published_tokens,
    ready_cells,
    ready_heading,
)
from corpuscope.tui.widgets.rows_panel import PanelRow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def a_status(labelled: int | None = 50, target: int | None = 200, pace: float | None = None) -> CorpusStatus:
    return CorpusStatus(KNOWN["c4"].corpus, labelled, target, None, "", pace, NOW - timedelta(days=1))


def row(status: CorpusStatus, width: int) -> str:
    return "".join(text for text, _ in own_cells(status, 10, width, NOW, marked=False))


def text_of(rows: Iterable[PanelRow]) -> list[str]:
    return ["".join(text for text, _ in row) for row in rows]


@pytest.mark.parametrize(
    ("width", "columns"),
    [
        (65, ["corpus", "labels", "left"]),
        (66, ["corpus", "labels", "left", "last used"]),
        (99, ["corpus", "labels", "left", "last used"]),
        (100, ["corpus", "labels", "per label", "left", "last used"]),
    ],
)
def test_a_wide_list_has_more_columns(width: int, columns: list[str]) -> None:
    heading, cells = own_heading(width, 10), row(a_status(pace=9.0), width)
    assert re.findall(r"\S+(?: \S+)*", heading) == columns
    assert len(heading) == len(cells) == width
    assert ("9 s" in cells) is ("per label" in columns)
    assert cells.index("22 min") == heading.index("left")


@pytest.mark.parametrize(
    ("pace", "words"), [(0.4, "under 1 s"), (1.0, "  1 s"), (1.6, "  2 s"), (None, "  ")]
)
def test_a_label_never_takes_zero_seconds(pace: float | None, words: str) -> None:
    heading = own_heading(120, 10)
    end = heading.index("per label") + len("per label")
    assert row(a_status(pace=pace), 120)[:end].endswith(words)


def test_a_row_estimates_the_time_left_until_the_plan_is_reached() -> None:
    assert "  22 min " in row(a_status(pace=9.0), 120)
    assert "  about 25 min" in row(a_status(), 120)
    assert "  plan reached" in row(a_status(200), 120)
    assert "  plan reached" in row(a_status(201), 120)
    for status in (a_status(None), a_status(50, None)):
        assert not re.search(r"min|reached|━", row(status, 120))


@pytest.mark.parametrize(
    ("labelled", "target", "count"),
    [(50, 200, "50 / 200"), (0, 200, "0 / 200"), (1234, None, "1,234"), (None, 200, "…")],
)
def test_a_row_shows_the_labels_and_their_target(
    labelled: int | None, target: int | None, count: str
) -> None:
    assert row(a_status(labelled, target), 80)[12:25] == f"{count:>13}"


def test_the_bar_fills_the_room_between_labels_and_time_left() -> None:
    assert row(a_status(100), 80)[25:53] == "  " + "━" * 12 + "─" * 12 + "  "
    assert "  ━━──  " in row(a_status(100), 47)
    assert not re.search("[━─]", row(a_status(100), 46))


def test_the_column_of_names_fits_the_longest_name_up_to_a_limit() -> None:
    short, long = a_status(), a_status()._replace(corpus=replace(KNOWN["c4"].corpus, title="x" * 30))
    assert [name_width(statuses) for statuses in ([], [short], [short, long])] == [7, 3, 23]
    assert row(long, 80)[2:12] == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (None, ""),
        ("2026-03-01 09:05", "today 09:05"),
        ("2026-02-28 23:00", "yesterday"),
        ("2026-02-27 23:00", "27 Feb"),
        ("2025-12-31 12:00", "31 Dec 2025"),
    ],
)
def test_the_last_use_is_a_day_in_local_time(moment: str | None, words: str) -> None:
    noon, used = (
        local and datetime.fromisoformat(local).astimezone() for local in ("2026-03-01 12:00", moment)
    )
    assert noon
    assert day(used or None, noon) == words


def test_the_published_size_is_shown_in_billions_or_trillions_of_tokens() -> None:
    sizes = {key: published_tokens(key) for key in (*KNOWN, "mine")}
    assert sizes["fineweb"].endswith(" T")
    assert sizes["c4"].endswith(" B")
    assert sizes["mine"] == ""


def test_a_corpus_outside_the_study_has_its_size_and_as_much_of_its_description_as_fits() -> None:
    cells = ready_cells("C4", "156 B", "d" * 60, 10, 60, marked=True)
    assert text_of([cells]) == ["● C4           156 B   " + "d" * 36 + "…"]
    assert len(ready_heading(10).split("what")[0]) == len("● C4           156 B   ")


def test_each_number_of_labels_is_shown_with_its_time_its_interval_and_what_it_may_miss() -> None:
    heading, *rows = text_of(budgets(300))[1:]
    assert heading.split("  ")[0] == ""
    assert rows == [
        "      50   8 min       ±13 points        7.1 %",
        "     200   33 min      ±7 points         1.9 %",
        "     300   50 min      ±6 points         1.3 %   planned",
        "     400   1 h 7 min   ±5 points         1.0 %",
        "   1,000   2 h 47 min  ±3 points         0.4 %",
    ]


def test_the_details_of_a_corpus_are_its_source_its_revision_and_its_uniformity() -> None:
    status = a_status()._replace(revision="0123456789abcdef", uniform="every document alike")
    licence = f" · licence {status.corpus.licence}"
    source, revision, *others = text_of(details(status, 60))
    assert source == "allenai/c4 en train"
    assert revision == f"revision 0123456789ab{licence}"
    assert others == ["", "every document alike"]
    assert text_of(details(a_status(), 60))[1] == f"revision pinned on first use{licence}"


def test_the_introduction_has_a_row_per_key_with_the_time_it_takes() -> None:
    rows = text_of(introduction(78, 200, ("p", "d", "enter"), marked=2, roomy=True))
    assert rows[:2] == [
        "",
        "What is in a pretraining corpus? Read a fair random sample of it, press one",
    ]
    assert rows[-1].startswith("  enter  label     the 2 marked corpora, mixed and blind  ")
    assert rows[-1].endswith("  200 labels: 33 min")
    assert [len(row) for row in rows[-3:]] == [78, 78, 78]
    (one,) = text_of(introduction(78, 200, ("p", "d", "enter"), marked=1, roomy=False)[-1:])
    assert "the corpus under the cursor" in one
    assert text_of(introduction(30, 200, ("p", "d", "enter"), roomy=False)[-1:]) == [
        "  enter  label     the corpus…"
    ]


@pytest.mark.parametrize(
    ("rows", "start", "own", "ready", "heights"),
    [
        (40, 0, 4, 10, (0, 7, 13, 20)),
        (40, 9, 0, 10, (9, 0, 13, 18)),
        (28, 0, 4, 10, (0, 7, 13, 8)),
        (27, 0, 4, 10, (0, 7, 20, 0)),
        (22, 0, 4, 10, (0, 7, 15, 0)),
        (22, 0, 9, 10, (0, 11, 11, 0)),
        (22, 0, 30, 10, (0, 11, 11, 0)),
        (40, 0, 30, 5, (0, 32, 8, 0)),
        (22, 8, 0, 20, (8, 0, 14, 0)),
        (40, 9, 20, 12, (9, 20, 11, 0)),
    ],
)
def test_the_list_of_own_corpora_may_fill_half_of_the_screen_and_details_need_eight_rows(
    rows: int, start: int, own: int, ready: int, heights: tuple[int, int, int, int]
) -> None:
    assert panel_heights(rows, start, own, ready) == heights
    assert sum(heights) == rows


def test_the_colours_of_a_row_say_what_is_marked_and_what_is_done() -> None:
    status = a_status(200)
    *_, left, used = own_cells(status, 10, 80, NOW, marked=True)
    assert (left, used) == (("  plan reached  ", "$success"), ("yesterday    ", "$foreground-muted"))
    mark, name, count, *_ = own_cells(status, 10, 80, NOW, marked=True)
    assert (mark, name, count) == (("● ", "$accent"), ("C4        ", ""), ("    200 / 200", "bold"))
    pace, left = own_cells(a_status(pace=9.0), 10, 100, NOW, marked=False)[-3:-1]
    assert (pace, left) == (("        9 s", "$foreground-muted"), ("  22 min        ", ""))
    assert own_cells(status, 10, 80, NOW, marked=False)[0] == ("  ", "$accent")
    rows = budgets(200)
    assert [row[0] for row in rows[2:4]] == [("      50", ""), ("     200", "bold")]
    assert rows[3][-1] == ("   planned", "$success")


def test_a_sentence_of_the_introduction_is_not_wider_than_can_be_read() -> None:
    lines = {
        width: text_of(introduction(width, 200, ("p", "d", "enter"), roomy=True))[1]
        for width in (40, 85, 200)
    }
    assert lines[40] == "What is in a pretraining corpus? Read a"
    assert lines[85] == "What is in a pretraining corpus? Read a fair random sample of it, press one key per"
    assert lines[200] == lines[85]


def test_a_choice_of_the_introduction_states_its_time_only_beside_a_gap() -> None:
    keys = ("p", "d", "enter")
    whole = "  d      demo      bundled documents, no network"
    fits = len(whole) + 2 + len("any time")
    assert text_of(introduction(fits, 200, keys, roomy=False))[-2] == f"{whole}  any time"
    assert text_of(introduction(fits - 1, 200, keys, roomy=False))[-2] == whole
    assert text_of(introduction(19, 200, keys, roomy=False))[-2] == whole[:19] + "…"
    assert text_of(introduction(78, 200, keys, marked=1000, roomy=False))[-1].startswith(
        "  enter  label     the 1,000 marked corpora"
    )
