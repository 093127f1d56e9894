"""The formats labels are exported in, as a table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from corpuscope.errors import UsageError, nearest
from corpuscope.export import columns, fasttext, quotes, tasks
from corpuscope.export.records import LabelRecord, Shape

Writer = Callable[[Iterable[LabelRecord], Shape, BinaryIO], int]
"""Writes records in this shape and says how many labels there were."""


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write labels."""

    name: str
    """What --format calls it."""
    description: str
    """What it is good for."""
    write: Writer
    """Does it, holding one document's labels at a time."""
    binary: bool = False
    """True when it is of no use on a terminal."""
    needs_text: bool = False
    """True when it says nothing without the texts."""
    folder: bool = False
    """True when what is written is the data of a folder with a card."""

    def check(self, *, text: bool) -> None:
        """Raises UsageError when texts are needed and were not asked for."""
        if self.needs_text and not text:
            raise UsageError(
                f"{self.name} is of no use without texts", "add --text, or use a format that keeps addresses"
            )


def format_named(name: str) -> Format:
    """The format called `name`. Raises UsageError that lists the known ones."""
    for each in FORMATS:
        if each.name == name:
            return each
    raise UsageError(f"there is no format {name!r}", nearest(name, NAMES))


def format_of(file: Path) -> Format:
    """The format a file's ending asks for, csv where it has none. Raises UsageError for one that asks for none."""
    if (name := ENDINGS.get(file.suffix.lower())) is None:
        raise UsageError(
            f"{file}: {file.suffix} does not say what to write", f"say --format; known: {', '.join(NAMES)}"
        )
    return format_named(name)


ENDINGS = {
    "": "csv",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".md": "markdown",
    ".markdown": "markdown",
}
"""What is written into a file that ends so; several tools share .json and .txt."""

FORMATS = (
    Format("csv", "a table for spreadsheets and R", columns.write_csv),
    Format("jsonl", "one JSON object a line", columns.write_jsonl),
    Format(
        "parquet", "typed columns for pyarrow, DuckDB, polars, datasets", columns.write_parquet, binary=True
    ),
    Format(
        "dataset",
        "a folder with Parquet and a card, for datasets and the Hub",
        columns.write_parquet,
        binary=True,
        folder=True,
    ),
    Format("labelstudio", "tasks with annotations for Label Studio", tasks.write_label_studio),
    Format("argilla", "records with suggestions for Argilla", tasks.write_argilla),
    Format("prodigy", "choice examples for Prodigy", tasks.write_prodigy, needs_text=True),
    Format("fasttext", "training lines for fastText", fasttext.write_fasttext, needs_text=True),
    Format("markdown", "beginnings of documents to quote in a post", quotes.write_markdown, needs_text=True),
)
"""Every format, by name."""

NAMES = tuple(form.name for form in FORMATS)
"""What --format can be."""
