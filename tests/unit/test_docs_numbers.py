"""Tests that the numbers in the docs are those of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpuscope.corpora.hub_lines import PREFIX_ROWS
from corpuscope.corpora.hub_parquet import FirstPages
from corpuscope.ledger.parquet_part import ROWS_A_GROUP
from corpuscope.ledger.write.compaction import ROWS_A_PART, SMALL_PARTS
from corpuscope.ledger.write.prewrite import LONG
from corpuscope.ledger.write.writer import BYTES_A_JOURNAL, EVENTS_A_JOURNAL
from corpuscope.session.fatigue import LONG_STRETCH
from corpuscope.session.pool_drawer import POOL_SIZE
from corpuscope.session.repeats import DISTANCE, SPREAD
from corpuscope.session.study_plan import OVERLAP, SECOND_LOOKS

DOCS = Path(__file__).parents[2] / "docs"
WORDS = {8: "eight", 10: "ten"}
LAST_DISTANCE = DISTANCE + SPREAD - 1


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("labels.md", f"After {EVENTS_A_JOURNAL} events, or {BYTES_A_JOURNAL >> 20} MB, a new journal is begun"),
        ("labels.md", f"once a corpus has {WORDS.get(SMALL_PARTS)} parts of fewer than {ROWS_A_PART // 2:,} events"),
        ("labels.md", f"they are merged into parts of up to {ROWS_A_PART:,}."),
        ("labels.md", f"It costs the texts of at most {ROWS_A_GROUP:,} events"),
        ("labels.md", f"A document longer than {LONG:,} characters is written while it is being read"),
        ("labels.md", f"shown a second time, {DISTANCE} to {LAST_DISTANCE} documents later"),
        ("guide.md", f"labelled document in {WORDS.get(100 // SECOND_LOOKS)} is shown a second time, at"),
        ("guide.md", f"at least {DISTANCE} documents later"),
        ("guide.md", f"you have not paused for {LONG_STRETCH / 60:g} minutes"),
        ("how-to/second-looks.md", f"The second reading comes {DISTANCE} to {LAST_DISTANCE} documents after the first"),
        ("how-to/two-people.md", f"Without `--overlap` it is {OVERLAP} %."),
        ("how-to/assisted.md", f"the next {POOL_SIZE:,} documents of the plan"),
        ("how-to/hub.md", f"one of the first {FirstPages.prefix_rows} rows of a file"),
        ("how-to/hub.md", f"one of the first {PREFIX_ROWS} rows of a file"),
    ],
)  # fmt: skip
def test_a_number_of_the_docs_is_that_of_the_code(document: str, sentence: str) -> None:
    assert sentence in " ".join((DOCS / document).read_text("utf-8").split())
