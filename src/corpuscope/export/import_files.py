"""Readers of the tables that labels are imported from: CSV, JSON and Parquet, also as other programs save them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any, TypeVar

from corpuscope.corpora.local_files import COMPRESSIONS, described
from corpuscope.corpora.text_encoding import UTF8_MARK, encoding_of
from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.export.label_records import COLUMNS
from corpuscope.files import reason
from corpuscope.text.safe_csv import cell_text

Fields = Mapping[str, Any]
"""One label as the file holds it, by the column names of an export."""
_BLANKS = re.compile(r"\s*")
ANSWERED = "answered"
"""Extra field, true for a label that somebody gave in another tool."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An answer in a file that gives no label."""

    entry: str
    """The entry of the file, as "task 12"."""
    reason: str
    """Why, in words."""
    refused: bool = True
    """False where nobody answered, so that nothing is lost."""


Entry = Fields | LeftOut
E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reader of the files of an export format."""

    read: Callable[[Path], Iterable[Entry]]
    """Reads the labels of a path. It raises OSError or what `fields_in` takes for content of another format."""
    lacks: str = ""
    """What such a file does not hold, in words; "" when nothing is missing."""
    recognises: Callable[[Path], bool] | None = None
    """Tells by its first entry whether a file is of this format, where others have the same ending."""
    endings: tuple[str, ...] = ()
    """Further endings of files it reads, beside that of the format."""


def fields_in(path: Path, name: str, read: Callable[[Path], Iterable[E]]) -> Iterator[E]:
    """Yield the labels of a file as it holds them; `name` is that of the format which `read` reads.

    Raises UsageError when the content is not of that format, CorpuscopeError when the file cannot be read.
    """
    try:
        yield from read(path)
    except OSError as fault:
        raise CorpuscopeError(f"{path}: cannot be read: {reason(fault)}") from fault
    except UnicodeDecodeError as fault:
        raise UsageError(
            f"{path}: not what {name} exports look like: not UTF-8 at byte {fault.start}",
            "save it as UTF-8, which Excel calls CSV UTF-8; nothing was imported",
        ) from None
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        ArithmeticError,
        RecursionError,
        EOFError,
        csv.Error,
    ) as fault:
        what = f"{fault} is missing" if isinstance(fault, KeyError) else str(fault)
        raise UsageError(
            f"{path}: not what {name} exports look like: {what}", "nothing was imported"
        ) from None


def read_csv(path: Path) -> Iterator[Fields]:
    """Yield the rows of a CSV export, by column; spreadsheets may have saved it with other delimiters or in UTF-16.

    Rows of empty cells, which spreadsheets leave at the end, are passed over.
    """
    csv.field_size_limit(1 << 30)  # web texts exceed the default of 128 KiB
    with _text_of(path) as (file, encoding):
        header = file.readline()
        delimiter = max(",;\t", key=header.count)
        rows = csv.DictReader(chain((header,), file), strict=True, delimiter=delimiter)
        if "annotation_id" in (rows.fieldnames or ()):
            raise label_studio_without_people(path, "CSV")
        check_header(rows.fieldnames or ())
        for number, row in enumerate(rows, 1):
            extra = row.pop(None, None)  # DictReader's key for cells beyond the header
            if not any(row.values()) and not any(extra or ()):
                continue
            check_width(number, extra or ())
            # what `export --spreadsheet` put before cells that look like formulas
            yield {name: cell_text(cell) for name, cell in row.items()} if encoding != "utf-8" else row


def check_header(names: Iterable[object]) -> None:
    """Raise ValueError for a column of an export that a table has twice: only one of its values would count."""
    counts = Counter(names)
    for name in COLUMNS:
        if counts[name] > 1:
            raise ValueError(
                f"the header names {name} {counts[name]} times; rename the columns that do not count"
            )


def check_width(number: int, beyond: Iterable[object]) -> None:
    """Raise ValueError when a row of a table has values beyond its header, since cells may have moved.

    `number` is that of the row, from 1.
    """
    if any(cell not in (None, "") for cell in beyond):
        raise ValueError(f"row {number:,} has more cells than the header")


def label_studio_without_people(path: Path, form: str) -> UsageError:
    """Return the error for Label Studio's short forms, which do not say whose the labels are that we exported."""
    return UsageError(
        f"{path}: Label Studio's {form} does not say who gave which label, nor which were there before",
        "export JSON there; nothing was imported",
    )


@contextmanager
def _text_of(path: Path) -> Iterator[tuple[IO[str], str]]:
    """Open a text file, compressed or not, and yield it with its encoding, which its first bytes tell."""
    with _opened(path) as binary:
        start = binary.read(4)
    encoding, mark = encoding_of(start)
    if mark:
        encoding = "utf-8-sig" if mark == UTF8_MARK else "utf-16"
    with _opened(path) as binary, io.TextIOWrapper(binary, encoding=encoding, newline="") as file:
        yield file, encoding


def _opened(path: Path) -> io.BufferedReader:
    """Open the content of a file, decompressed as that of a corpus is."""
    file = described(path, str(path.parent))
    if file is None or file.compression is None:
        return path.open("rb")
    from corpuscope.corpora.compressed import DecompressedFile, file_content

    return io.BufferedReader(DecompressedFile(file_content(file).chunks()))


def read_json_lines(path: Path) -> Iterator[Fields]:
    """Yield the objects of a JSON Lines file, or of a JSON array; `jq .` has given objects several lines."""
    if named_suffix(path) != ".json":
        with _text_of(path) as (file, _):
            first = next((line for line in file if line.strip()), "")
            if first.strip() != "{" and not first.lstrip().startswith("["):
                for line in chain((first,), file):
                    if line.strip():
                        yield json_object(json.loads(line))
                return
    yield from json_array(path)


def read_parquet(path: Path) -> Iterator[Fields]:
    """Yield the rows of a Parquet file, or of all in a folder, without texts and urls.

    Where `datasets` saved it, the category is a number of a `ClassLabel`, and becomes its name again.
    """
    files = sorted(file for file in path.rglob("*.parquet") if file.is_file()) if path.is_dir() else [path]
    if not files:
        raise ValueError("the folder holds no Parquet file")
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        for part in files:
            with pq.ParquetFile(part) as file:
                check_header(file.schema_arrow.names)
                columns = [name for name in file.schema_arrow.names if name not in ("text", "url")]
                names = _class_names(file.schema_arrow.metadata or {})
                for batch in file.iter_batches(1_000, columns=columns):
                    yield from (_named(row, names) for row in batch.to_pylist())
    except pa.ArrowException as fault:
        raise ValueError(str(fault)) from fault


def _class_names(metadata: Mapping[bytes, bytes]) -> Mapping[str, list[str]]:
    """Return the names of each `ClassLabel` column, by column, in the metadata of a Parquet file from `datasets`."""
    try:
        features = json.loads(metadata[b"huggingface"])["info"]["features"].items()
        return {column: kind["names"] for column, kind in features if kind.get("_type") == "ClassLabel"}
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _named(row: dict[str, Any], class_names: Mapping[str, list[str]]) -> Fields:
    """Return a row with names for the numbers of its `ClassLabel` columns, None for -1. Raises ValueError."""
    for column, names in class_names.items():
        code = row.get(column)
        if isinstance(code, int):
            if not -1 <= code < len(names):
                raise ValueError(f"{column} is {code}, which its ClassLabel does not name")
            row[column] = names[code] if code >= 0 else None
    return row


def named_suffix(path: Path) -> str:
    """Return the ending that says what a file holds, in lower case: ".csv" for "x.CSV" and "x.csv.gz"."""
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix in COMPRESSIONS else suffix


def json_array(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a JSON array, or of one object after the other, as DuckDB, pandas and `jq` write them."""
    with _text_of(path) as (file, _):
        text = file.read()
    values = list(_values(text))
    content = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    if content is values and len(values) == 1 and named_suffix(path) == ".json":
        # an object around all labels holds none where they are looked for
        raise TypeError("it is not a JSON array")
    yield from map(json_object, content)


def _values(text: str) -> Iterator[Any]:
    """Yield the JSON values that follow each other in a text. Raises ValueError, also where there is none."""
    decoder, position = json.JSONDecoder(), 0
    while position < len(text) or not position:
        value, position = decoder.raw_decode(text, _after_blanks(text, position))
        yield value
        position = _after_blanks(text, position)


def _after_blanks(text: str, position: int) -> int:
    blanks = _BLANKS.match(text, position)
    return blanks.end() if blanks else position


def json_object(value: object) -> Mapping[str, Any]:
    """Return `value` when it is an object. Raises TypeError."""
    if not isinstance(value, Mapping):
        raise TypeError(f"{str(value)[:40]!r} is not a JSON object")
    return value


def is_table(path: Path) -> bool:
    """Return whether a file is of one JSON object per label, from its first object."""
    single = named_suffix(path) == ".json"
    first: Fields = next(fields_in(path, "JSON" if single else "jsonl", read_json_lines), {})
    if "annotation_id" in first:  # a short form of Label Studio
        return False
    return "corpus" in first or not (single or "accept" in first or "answer" in first)
