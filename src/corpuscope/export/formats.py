"""Table of the formats that labels are exported in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from corpuscope.errors import UsageError, nearest
from corpuscope.export import fasttext, import_files, import_tools, tabular, tasks, workbook
from corpuscope.export.import_files import Reader, named_suffix
from corpuscope.export.label_records import ExportOptions, LabelRecord, by_document
from corpuscope.report.excerpts import excerpt_of
from corpuscope.text.safe_json import without_surrogates


def write_markdown(records: Iterable[LabelRecord], options: ExportOptions, stream: BinaryIO) -> int:  # noqa: ARG001 - a Writer
    """Write an escaped excerpt of each document with its address, category and notes."""
    from corpuscope.report.markdown import excerpt_markdown

    count = 0
    for labels in by_document(records):
        first = labels[0]
        excerpt = excerpt_of(
            first.decision.corpus,
            first.decision,
            first.text or "",
            url=first.url,
            labels=[
                (label.decision.annotator, label.decision.look, label.category or "") for label in labels
            ],
            notes=[(label.decision.annotator, label.decision.note) for label in labels],
            final=first.final,
        )
        separator = "\n---\n\n" if count else ""
        stream.write(without_surrogates(f"{separator}{excerpt_markdown(excerpt)}\n").encode())
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
    ending: str
    """Ending of its files, by which `import` knows them; "" for a folder."""
    infers: tuple[str, ...] = ()
    """Endings of a file from which `export` infers the format; none where several formats share the ending."""
    reader: Reader | None = None
    """Reader for `import`; None where the files hold no addresses."""
    binary: bool = False
    """Whether the format is refused on a terminal."""
    needs_text: bool = False
    """Whether the format is useless without texts."""
    tabular: bool = False
    """Whether a label is a row of columns, so that it may lack its text; other formats then leave it out."""
    single: bool = False
    """Whether a document has one label in the format, so that others are left out unless they are asked for."""
    skips: bool = False
    """Whether the format has a place for skips."""
    folder: bool = False
    """Whether the format is a folder of data and a card; `write` then writes only the data."""

    def reads(self, suffix: str) -> bool:
        """Tell whether a file with this ending may be of this format."""
        return suffix == self.ending or (self.reader is not None and suffix in self.reader.endings)

    def check(self, *, text: bool) -> None:
        """Raise UsageError when the format needs texts and `text` is False."""
        if self.needs_text and not text:
            raise UsageError(
                f"{self.name} needs the texts", "add --text, or use a format that keeps addresses"
            )


def format_named(name: str) -> Format:
    """Return the format called `name`. Raises UsageError that lists the known ones."""
    for form in FORMATS:
        if form.name == name:
            return form
    raise UsageError(f"there is no format {name!r}", nearest(name, NAMES))


def format_of(file: Path) -> Format:
    """Infer the format from the extension of `file`, csv without one. Raises UsageError for an unknown extension."""
    for form in FORMATS:
        if file.suffix.lower() in form.infers:
            return form
    raise UsageError(f"{file}: unknown file type {file.suffix}", f"choose with --format: {', '.join(NAMES)}")


def format_to_import(path: Path) -> Format:
    """Determine the format of a file from its extension and first entry, that of a folder is dataset.

    Raises UsageError that names the known extensions.
    """
    suffix = named_suffix(path)
    forms = [form for form in FORMATS if (form.folder if path.is_dir() else suffix and form.reads(suffix))]
    readable = [form for form in forms if form.reader]
    # formats that recognise their own come first; of the others one has the ending to itself
    for form in sorted(readable, key=lambda form: form.reader is None or form.reader.recognises is None):
        if form.reader and (form.reader.recognises is None or form.reader.recognises(path)):
            return form
    endings = dict.fromkeys(
        ending
        for form in FORMATS
        if form.reader and form.ending
        for ending in (form.ending, *form.reader.endings)
    )
    hint = f"known: {', '.join(endings)}, or a dataset folder"
    if forms:
        raise UsageError(
            f"{path}: labels cannot be imported from {forms[0].name} files",
            f"import the export they were made beside; {hint}",
        )
    raise UsageError(f"{path}: unknown file type {path.suffix or 'without extension'}", hint)


FORMATS = (
    Format(
        "csv",
        "a table for spreadsheets and R",
        tabular.write_csv,
        ".csv",
        tabular=True,
        infers=("", ".csv"),
        skips=True,
        reader=Reader(import_files.read_csv, endings=(".tsv",)),
    ),
    Format(
        "jsonl",
        "one JSON object a line",
        tabular.write_jsonl,
        ".jsonl",
        tabular=True,
        infers=(".jsonl", ".ndjson"),
        skips=True,
        reader=Reader(
            import_files.read_json_lines, recognises=import_files.is_table, endings=(".ndjson", ".json")
        ),
    ),
    Format(
        "parquet",
        "typed columns for pyarrow, DuckDB, polars, datasets",
        tabular.write_parquet,
        ".parquet",
        tabular=True,
        infers=(".parquet",),
        skips=True,
        reader=Reader(import_files.read_parquet),
        binary=True,
    ),
    Format(
        "xlsx",
        "a workbook for spreadsheets",
        workbook.write_xlsx,
        ".xlsx",
        tabular=True,
        infers=(".xlsx",),
        skips=True,
        reader=Reader(workbook.read_xlsx),
        binary=True,
    ),
    Format(
        "dataset",
        "a folder with Parquet and a card, for datasets and the Hub",
        tabular.write_parquet,
        "",
        tabular=True,
        reader=Reader(import_files.read_parquet),
        binary=True,
        folder=True,
    ),
    Format(
        "labelstudio",
        "tasks with annotations for Label Studio",
        tasks.write_label_studio,
        ".json",
        reader=Reader(import_tools.read_label_studio, recognises=import_tools.is_label_studio),
    ),
    Format(
        "argilla",
        "records with suggestions for Argilla",
        tasks.write_argilla,
        ".json",
        reader=Reader(import_tools.read_argilla, "when a response was given"),
    ),
    Format(
        "prodigy",
        "choice examples for Prodigy",
        tasks.write_prodigy,
        ".jsonl",
        reader=Reader(
            import_tools.read_prodigy,
            "how long an answer took, and fractions of its second",
            import_tools.is_prodigy,
        ),
        needs_text=True,
        single=True,
    ),
    Format(
        "fasttext",
        "training lines for fastText",
        fasttext.write_fasttext,
        ".txt",
        needs_text=True,
        single=True,
    ),
    Format(
        "markdown",
        "beginnings of documents to quote in a post",
        write_markdown,
        ".md",
        infers=(".md", ".markdown"),
        needs_text=True,
    ),
)
"""All formats, in the order in which help and errors list them."""

NAMES = tuple(form.name for form in FORMATS)
"""Names of all formats."""
