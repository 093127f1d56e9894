"""Readers of the files that labels are imported from: exports, and results of other annotation tools."""

from __future__ import annotations

import csv
import json
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.export.tasks import QUESTION
from corpuscope.text.safe_csv import cell_text

Fields = Mapping[str, Any]
"""One label as the file holds it, by the column names of an export."""
ANSWERED = "answered"
"""Extra field, true for a label that somebody gave in another tool."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reader of the files of an export format."""

    read: Callable[[Path], Iterable[Fields]]
    """Reads the labels of a path. It raises OSError, ValueError, TypeError, KeyError, AttributeError and csv.Error."""
    lacks: str = ""
    """What such a file does not hold, in words; "" when nothing is missing."""
    recognises: Callable[[Path], bool] | None = None
    """Tells by its first entry whether a file is of this format, where others have the same ending."""


def fields_in(path: Path, name: str, read: Callable[[Path], Iterable[Fields]]) -> Iterator[Fields]:
    """Yield the labels of a file as it holds them; `name` is that of the format which `read` reads.

    Raises UsageError when the content is not of that format, CorpuscopeError when the file cannot be read.
    """
    try:
        yield from read(path)
    except OSError as fault:
        raise CorpuscopeError(f"{path}: cannot be read: {fault.strerror or fault}") from fault
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        ArithmeticError,
        RecursionError,
        csv.Error,
    ) as fault:
        raise UsageError(
            f"{path}: not what {name} exports look like: {fault}", "nothing was imported"
        ) from None


def read_csv(path: Path) -> Iterator[Fields]:
    """Yield the rows of a CSV export, by column."""
    csv.field_size_limit(1 << 30)  # web texts exceed the default of 128 KiB
    with path.open("rb") as start:
        for_spreadsheet = start.read(len(BOM_UTF8)) == BOM_UTF8
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            # what `export --spreadsheet` put before cells that look like formulas
            yield {name: cell_text(cell) for name, cell in row.items()} if for_spreadsheet else row


def read_json_lines(path: Path) -> Iterator[Fields]:
    """Yield the objects of a JSON Lines file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield _object(json.loads(line))


def read_parquet(path: Path) -> Iterator[Fields]:
    """Yield the rows of a Parquet file, or of all in a folder, without texts and urls."""
    files = sorted(file for file in path.rglob("*.parquet") if file.is_file()) if path.is_dir() else [path]
    if not files:
        raise ValueError("the folder holds no Parquet file")
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        for part in files:
            with pq.ParquetFile(part) as file:
                columns = [name for name in file.schema_arrow.names if name not in ("text", "url")]
                for batch in file.iter_batches(1_000, columns=columns):
                    yield from batch.to_pylist()
    except pa.ArrowException as fault:
        raise ValueError(str(fault)) from fault


def read_prodigy(path: Path) -> Iterator[Fields]:
    """Yield the accepted answers of a Prodigy file."""
    for example in read_json_lines(path):
        accepted = example.get("accept") or []
        if example.get("answer") != "accept" or not accepted:
            continue  # rejected or ignored: no category was given
        meta = _object(example["meta"])
        yield {
            **meta,
            "category": accepted[0],
            "annotator": example.get("_annotator_id") or "",
            "at": example.get("_timestamp"),
            ANSWERED: True,
        }


def read_label_studio(path: Path) -> Iterator[Fields]:
    """Yield the annotations of the tasks of a Label Studio file."""
    for task in _array(path):
        data = _object(task["data"])
        for annotation in task["annotations"]:
            choices = [
                result for result in annotation.get("result") or () if result.get("from_name") == QUESTION
            ]
            if annotation.get("was_cancelled") or not choices:
                continue
            seconds = annotation.get("lead_time")
            own_fields = {name: annotation[name] for name in _OWN_FIELDS if name in annotation}
            yield {
                **data,
                **own_fields,
                "category": choices[0]["value"]["choices"][0],
                "annotator": own_fields.get("annotator") or _person(annotation.get("completed_by")),
                "at": annotation.get("created_at"),
                "reading_ms": None if seconds is None else round(seconds * 1000),
                "event_id": choices[0].get("id"),
                ANSWERED: "annotator" not in own_fields,
            }


def read_argilla(path: Path) -> Iterator[Fields]:
    """Yield the submitted responses of an Argilla file, and the suggestion of a record without one."""
    for record in _array(path):
        metadata = _object(record.get("metadata") or {})
        responses = _answers(record.get("responses"))
        for response in responses:
            yield {
                **metadata,
                "category": response["value"],
                "annotator": _person(response.get("user_id")),
                "at": None,
                "event_id": record.get("id"),
                "reading_ms": None,
                "note": None,
                ANSWERED: True,
            }
        if not responses:
            suggestion = _object(record["suggestions"])[QUESTION]
            yield {**metadata, "category": suggestion["value"], "event_id": record.get("id")}


def _answers(responses: Any) -> Sequence[Mapping[str, Any]]:  # noqa: ANN401 - of a file
    """Return the submitted responses to our question. Argilla writes them as a mapping or as a list."""
    if isinstance(responses, Mapping):
        responses = [
            {**response, "question_name": question}
            for question, answers in responses.items()
            for response in answers
        ]
    return [
        response
        for response in responses or ()
        if response.get("question_name") == QUESTION and response.get("status", "submitted") == "submitted"
    ]


def _person(value: object) -> str:
    """Return how another tool identifies an annotator: by e-mail address, else by id; "" when it does not."""
    if isinstance(value, Mapping):
        value = value.get("email") or value.get("id")
    return "" if value is None else str(value)


def _array(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8") as file:
        content = json.load(file)
    if not isinstance(content, list):
        raise TypeError("it is no JSON array")
    yield from map(_object, content)


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{str(value)[:40]!r} is no JSON object")
    return value


def is_prodigy(path: Path) -> bool:
    """Return whether the first line is an example of Prodigy."""
    first = next(fields_in(path, "jsonl", read_json_lines), {})
    return "accept" in first or "answer" in first


def is_label_studio(path: Path) -> bool:
    """Return whether the first element is a task of Label Studio, or there is none."""
    return "annotations" in next(fields_in(path, "JSON", _array), {"annotations": ()})


_OWN_FIELDS = ("annotator", "look", "blind", "note", "bookmarked", "scheme")
"""Fields that our export adds to an annotation of Label Studio."""
