"""Rows that benchmarks hand to `make bench`, one per ratio, with the target it must meet."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

ROWS_VARIABLE = "CORPUSCOPE_BENCH"
"""Environment variable that names the file to which rows are appended. Without it a benchmark only prints."""


@dataclass(frozen=True, slots=True)
class BenchmarkRow:
    """One measurement of one run."""

    what: str
    """Quantity that was measured."""
    baseline: str
    """Operation that was measured for comparison in the same run; "" for none."""
    value: float
    """Ratio to the baseline, or the measured value itself without a baseline."""
    sign: Literal["<=", ">="] = "<="
    """Side of the target on which the value must lie."""
    target: float | None = None
    """Value to meet; None for a measurement that is only reported."""


def add_row(row: BenchmarkRow) -> None:
    """Append a row to the file of this run, if there is one."""
    if name := os.environ.get(ROWS_VARIABLE):
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(row)) + "\n")


def read_rows(file: Path) -> list[BenchmarkRow]:
    """Return the rows of a file in the order in which they were added; none when it does not exist."""
    if not file.exists():
        return []
    return [BenchmarkRow(**json.loads(line)) for line in file.read_text("utf-8").splitlines()]
