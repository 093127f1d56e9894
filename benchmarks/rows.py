"""What a benchmark tells `make bench` beside its own table: one row a ratio, with the target it has to meet."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

FILE = "CORPUSCOPE_BENCH"
"""The variable that names the file rows are added to; without it a benchmark only prints."""


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement of one run."""

    what: str
    """What was measured."""
    rival: str
    """What it was measured against, in the same run."""
    value: float
    """The ratio to it; a count where there is no rival."""
    sign: Literal["<=", ">="] = "<="
    """On which side of the target the value has to be."""
    target: float | None = None
    """The target; None for what is only told."""


def tell(row: Row) -> None:
    """Adds a row to the file of this run, if there is one."""
    if name := os.environ.get(FILE):
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(row)) + "\n")


def told(file: Path) -> list[Row]:
    """The rows of a file, in the order they were told."""
    return [Row(**json.loads(line)) for line in file.read_text("utf-8").splitlines()] if file.exists() else []
