"""Fuzz tests of rows from a colleague: whatever their values, they are refused or read, and nothing else is lost."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from corpuscope.cli import run
from corpuscope.ledger.check import check
from corpuscope.ledger.columns import COLUMNS
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.ledger.tables import records_in
from foreign import BAD_ROWS, Row, a_folder, a_journal, rewritten
from fuzz.profiles import examples
from ledger_fakes import Scribe, labels, parts, read

ROWS = 40
"""Rows of a colleague in one example; half of them are changed."""
EXAMPLES = examples(suite=2, bench=50, whole=250)
"""Examples of each test: 10,000 changed rows in the whole benchmark. Every command runs after each example."""
OWN = dict.fromkeys(range(1000, 1003), "News")

integers = st.sampled_from([-1, 0, 1, 2, 99, -(1 << 63), (1 << 63) - 1]) | st.integers(
    -(1 << 63), (1 << 63) - 1
)
strings = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "",
        "label",
        "undo",
        "adjudicate",
        "later-kind",
        "../x",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "[[]]",
        "{",
        "0",
    ]
)
VALUES = {
    "string": strings,
    "binary": st.binary(max_size=8),
    "bool": st.booleans(),
    "int64": integers,
    "timestamp": integers,
    "double": st.floats(),
}


@st.composite
def changes(draw: st.DrawFn) -> Row:
    """Generate what is changed in one row of a part."""
    if draw(st.booleans()):
        return dict(draw(st.sampled_from(list(BAD_ROWS.values()))))
    columns = draw(
        st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=3, unique_by=lambda column: column.name)
    )
    return {column.name: draw(st.none() | VALUES[column.type]) for column in columns}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 70), 1 << 70) | st.floats(-1e9, 1e9) | strings,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(strings, inner, max_size=3),
    max_leaves=6,
)
field_changes = st.dictionaries(
    st.sampled_from([*(column.name for column in COLUMNS), "document"]), json_values, min_size=1, max_size=3
)


@contextmanager
def folders() -> Iterator[tuple[Path, Path]]:
    """Yield a folder with our labels and one with a colleague's."""
    root = Path(tempfile.mkdtemp())
    try:
        yield a_folder(root / "ours", list(OWN), "ann"), a_folder(root / "other", range(ROWS))
    finally:
        shutil.rmtree(root)


def command(*arguments: str) -> int:
    """Run a command in this process and return its exit code; its output is thrown away."""
    with redirect_stdout(TextIOWrapper(BytesIO())), redirect_stderr(StringIO()):
        return run(arguments)


def use_everything(folder: Path) -> None:
    """Run the commands that read a labels folder, label in it, and repair it."""
    where = ("--labels", str(folder))
    for arguments in (
        ("summary", "--format", "json"),
        ("agreement", "--format", "json"),
        ("compare",),
        ("export", "--text", "--format", "jsonl"),
        ("corpora",),
        ("doctor", "--offline"),
        ("ledger", "check"),
    ):
        assert command(*arguments, *where) in (0, 1, 2), arguments
    reader = LedgerReader(folder)
    for decision in reader.read().recent():
        if decision.draw in OWN:
            assert reader.document(decision.event_id).text == f"text {decision.draw}"
    with Scribe(folder, "next", "ann") as scribe:
        scribe.label(2_000)
    assert labels(read(folder)).items() >= OWN.items() | {(2_000, "News")}
    assert command("ledger", "compact", *where) == 0
    assert labels(read(folder)).items() >= OWN.items() | {(2_000, "News")}
    assert not [problem for problem in check(folder).problems if "cannot be an event" in problem]


@settings(max_examples=EXAMPLES)
@given(st.lists(changes(), min_size=ROWS // 2, max_size=ROWS // 2))
def test_rows_of_any_values_do_no_harm(changed: list[Row]) -> None:
    def change(rows: list[dict[str, Any]]) -> None:
        for row, values in zip(rows, changed, strict=False):
            row.update(values)

    with folders() as (ours, other):
        part = rewritten(other, change)
        assert command("merge", str(other), "--labels", str(ours)) in (0, 1, 2)
        assert command("merge", str(other), "--labels", str(ours), "--partial") in (0, 1, 2)
        assert check(ours).problems == () or "takes back" in str(check(ours).problems)
        assert labels(read(ours)).items() >= OWN.items()
        shutil.copy(part, ours / "web" / "colleague.parquet")
        use_everything(ours)


@settings(max_examples=EXAMPLES)
@given(st.lists(field_changes, min_size=ROWS // 2, max_size=ROWS // 2))
def test_journal_lines_of_any_values_do_no_harm(changed: list[Row]) -> None:
    with folders() as (ours, other):
        [part] = parts(other)
        records = records_in(part, range(ROWS))
        for record, values in zip(records, changed, strict=False):
            record.update(values)
        part.unlink()
        a_journal(other / "s.journal", records)
        assert command("merge", str(other), "--labels", str(ours)) in (0, 1, 2)
        assert labels(read(ours)).items() >= OWN.items()
        shutil.copy(other / "s.journal", ours / "colleague.journal")
        use_everything(ours)
