"""The formats labels are exported in, as a table; excerpts in Markdown among them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from corpuscope.errors import UsageError, nearest
from corpuscope.export import fasttext, tabular, tasks
from corpuscope.export.label_records import ExportOptions, LabelRecord, by_document
from corpuscope.report.excerpts import excerpt_of


def write_markdown(records: Iterable[LabelRecord], options: ExportOptions, stream: BinaryIO) -> int:  # noqa: ARG001 - a Writer
    """The beginning of each document with its address, category and notes; none of it is markup."""
    from corpuscope.report.markdown import excerpt_markdown

    count = 0
    for labels in by_document(records):
        first = labels[0]
        given = [(label.annotator, label.category, label.note or "") for label in labels]
        quoted = excerpt_of(
            first.corpus, first, first.text or "", url=first.url, given=given, final=first.final
        )
        before = "\n---\n\n" if count else ""
        stream.write(f"{before}{excerpt_markdown(quoted)}\n".encode("utf-8", "replace"))
        count += len(labels)
    return count


Writer = Callable[[Iterable[LabelRecord], ExportOptions, BinaryIO], int]
"""Writes records in this options and says how many labels there were."""


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
"""Every format, by name."""

NAMES = tuple(form.name for form in FORMATS)
"""What --format can be."""
