"""Export to the tasks of other annotation tools: Label Studio, Argilla, Prodigy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from corpuscope.domain.document import format_address
from corpuscope.export.label_records import ExportOptions, LabelRecord, by_document
from corpuscope.text.safe_json import json_text

QUESTION = "category"
"""Name of the category choice in every tool."""

ABOUT_DOCUMENT = (
    *("corpus", "final", "dataset", "name", "split", "revision", "shard", "row", "draw", "probability"),
    *("characters", "tokens", "document_id", "uniform"),
)
_ABOUT_LABEL = ("annotator", "look", "reading_ms", "blind", "unsure", "note", "bookmarked", "scheme")


def write_label_studio(records: Iterable[LabelRecord], options: ExportOptions, stream: BinaryIO) -> int:
    """Write a JSON array of one task per document, with one annotation per label; return the number of labels."""
    counter = _RecordCounter()
    _write_array(
        (
            _label_studio_task(number, labels, options)
            for number, labels in enumerate(by_document(counter.of(records)), 1)
        ),
        stream,
    )
    return counter.count


def write_argilla(records: Iterable[LabelRecord], options: ExportOptions, stream: BinaryIO) -> int:
    """Write a JSON array of one record per label, with the label as suggestion; return the number of labels."""
    counter = _RecordCounter()
    _write_array((_argilla_record(record, options) for record in counter.of(records)), stream)
    return counter.count


def write_prodigy(records: Iterable[LabelRecord], options: ExportOptions, stream: BinaryIO) -> int:
    """Write one choice example per label, one per line; return the number of labels."""
    choices = [{"id": category, "text": category} for category in options.categories]
    count = 0
    for record in records:
        example = {
            "text": record.text,
            "options": choices,
            "accept": [record.category],
            "answer": "accept",
            "_view_id": "choice",
            "_annotator_id": record.decision.annotator,
            "_session_id": record.decision.annotator,
            "_timestamp": int(record.decision.at.timestamp()),
            "meta": _filled(
                record, (*ABOUT_DOCUMENT, "url", *options.extra, "category", *_ABOUT_LABEL, "event_id")
            )
            | {"at": record.decision.at.isoformat()},
        }
        stream.write(json_text(example) + b"\n")
        count += 1
    return count


class _RecordCounter:
    """Counter of the records that pass through it."""

    def __init__(self) -> None:
        self.count = 0

    def of(self, records: Iterable[LabelRecord]) -> Iterator[LabelRecord]:
        for record in records:
            self.count += 1
            yield record


def _label_studio_task(number: int, labels: list[LabelRecord], options: ExportOptions) -> dict[str, Any]:
    first = labels[0]
    data = {
        "address": format_address(first.decision),
        **_filled(first, (*ABOUT_DOCUMENT, "url", *options.extra)),
    }
    text_field = {"text": first.text} if options.text else {}
    annotations = [
        {
            "result": [
                {
                    "id": record.decision.event_id,
                    "from_name": QUESTION,
                    "to_name": "text",
                    "type": "choices",
                    "value": {"choices": [record.category]},
                }
            ],
            "was_cancelled": False,
            "ground_truth": False,
            "lead_time": None if record.decision.reading_ms is None else record.decision.reading_ms / 1000,
            "created_at": record.decision.at.isoformat(),
            **_filled(record, ("annotator", "look", "blind", "unsure", "note", "bookmarked", "scheme")),
        }
        for record in labels
    ]
    return {"id": number, "data": {**text_field, **data}, "annotations": annotations}


def _argilla_record(record: LabelRecord, options: ExportOptions) -> dict[str, Any]:
    text_field = {"text": record.text} if options.text else {}
    metadata = _filled(
        record,
        (*ABOUT_DOCUMENT, "url", *options.extra, *_ABOUT_LABEL),
    )
    return {
        "id": record.decision.event_id,
        "status": "pending",
        "fields": {**text_field, "address": format_address(record.decision)},
        "metadata": metadata | {"at": record.decision.at.isoformat()},
        "suggestions": {
            QUESTION: {"value": record.category, "score": None, "agent": record.decision.annotator}
        },
        "responses": {},
        "vectors": {},
    }


def _filled(record: LabelRecord, names: Iterable[str]) -> dict[str, Any]:
    """Return the named fields that are not None."""
    return {name: value for name, value in record.values(names).items() if value is not None}


def _write_array(values: Iterable[object], stream: BinaryIO) -> None:
    """Write a JSON array element by element, one per line."""
    separator = b"[\n"
    for value in values:
        stream.write(separator + json_text(value))
        separator = b",\n"
    stream.write(b"[]\n" if separator == b"[\n" else b"\n]\n")
