"""Table of the formats that labels are exported in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from corpuscope.errors import UsageError, nearest
from corpuscope.export import fasttext, tabular, tasks
from corpuscope.export.label_records import ExportOptions, LabelRecord, by_document
from corpuscope.report.excerpts import excerpt_of


def write_markdown(records: Iterable[LabelRecord], options: ExportOptions, stream: BinaryIO) -> int:  # noqa: ARG001 - a Writer
    """Write an escaped excerpt of each document with its address, category and notes."""
    from corpuscope.report.markdown import excerpt_markdown

    count = 0
    for labels in by_document(records):
        first = labels[0]
        answers = [(label.decision.annotator, label.category, label.decision.note or "") for label in labels]
        excerpt = excerpt_of(
            first.decision.corpus,
            first.decision,
            first.text or "",
            url=first.url,
            given=answers,
            final=first.final,
        )
        separator = "\n---\n\n" if count else ""
        stream.write(f"{separator}{excerpt_markdown(excerpt)}\n".encode("utf-8", "replace"))
        count += len(labels)
    return count


Writer = Callable[[Iterable[LabelRecord], ExportOptions, BinaryIO], int]
"""Function that writes records to a binary stream and returns the number of labels."""


@dataclass(frozen=True, slots=True)
class Format:
    """Export format."""

    name: str
    """Name, as given to --format."""
    description: str
    """What the format is for."""
    write: Writer
    """Writer; it holds the labels of one document at a time in memory."""
    binary: bool = False
    """Whether the format is refused on a terminal."""
    needs_text: bool = False
    """Whether the format is useless without texts."""
    folder: bool = False
    """Whether the format is a folder of data and a card; `write` then writes only the data."""

    def check(self, *, text: bool) -> None:
        """Raise UsageError when the format needs texts and `text` is False."""
        if self.needs_text and not text:
            raise UsageError(
                f"{self.name} is of no use without texts", "add --text, or use a format that keeps addresses"
            )


def format_named(name: str) -> Format:
    """Return the format called `name`. Raises UsageError that lists the known ones."""
    for form in FORMATS:
        if form.name == name:
            return form
    raise UsageError(f"there is no format {name!r}", nearest(name, NAMES))


def format_of(file: Path) -> Format:
    """Infer the format from the extension of `file`, csv without one. Raises UsageError for an unknown extension."""
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
"""Format name by file extension. Several formats use .json and .txt, so these are absent."""

FORMATS = (
    Format("csv", "a table for spreadsheets and R", tabular.write_csv),
    Format("jsonl", "one JSON object a line", tabular.write_jsonl),
    Format(
        "parquet", "typed columns for pyarrow, DuckDB, polars, datasets", tabular.write_parquet, binary=True
    ),
    Format(
        "dataset",
        "a folder with Parquet and a card, for datasets and the Hub",
        tabular.write_parquet,
        binary=True,
        folder=True,
    ),
    Format("labelstudio", "tasks with annotations for Label Studio", tasks.write_label_studio),
    Format("argilla", "records with suggestions for Argilla", tasks.write_argilla),
    Format("prodigy", "choice examples for Prodigy", tasks.write_prodigy, needs_text=True),
    Format("fasttext", "training lines for fastText", fasttext.write_fasttext, needs_text=True),
    Format("markdown", "beginnings of documents to quote in a post", write_markdown, needs_text=True),
)
"""All formats, in the order in which help and errors list them."""

NAMES = tuple(form.name for form in FORMATS)
"""Names of all formats."""
