"""Test the rows of the list of corpora."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from corpuscope.corpora.known import KNOWN
from corpuscope.session.study_plan import CorpusStatus
from corpuscope.tui.corpus_rows import own_cells, own_heading

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def a_status(labelled: int | None = 50, target: int | None = 200, pace: float | None = None) -> CorpusStatus:
    return CorpusStatus(KNOWN["c4"].corpus, labelled, target, None, "", pace, NOW - timedelta(days=1))


def row(status: CorpusStatus, width: int) -> str:
    return "".join(text for text, _ in own_cells(status, 10, width, NOW, marked=False))


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
