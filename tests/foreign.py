"""Rows of a colleague that no label can have, and folders that hold them under valid checksums."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpuscope.ledger.event_record import Record
from corpuscope.ledger.journal import VERSION as JOURNAL_VERSION
from corpuscope.ledger.journal import encode
from corpuscope.ledger.parquet_schema import LAST_EVENT_KEY, VERSION, VERSION_KEY, arrow_schema
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.plan_file import save_plan
from ledger_fakes import Scribe, parts
from makers import a_document

Row = dict[str, Any]
DEEP = "[" * 100_000 + "]" * 100_000
OF_F = "ffffffff-ffff-ffff-ffff-ffffffffffff"

BAD_ROWS: Mapping[str, Row] = {
    "an undo target that is no id": {"kind": "undo", "category": None, "target": "x"},
    "an undo without a target": {"kind": "undo", "category": None},
    "an id of all f's": {"event_id": OF_F},
    "an id in upper case": {"event_id": "0190ABCD-0000-7000-8000-000000000001"},
    "a malformed id": {"event_id": "not an id"},
    "no id": {"event_id": None},
    "no annotator": {"annotator": None},
    "metadata that is no object": {"metadata": "[1]"},
    "metadata that is too deep": {"metadata": f'{{"a": {DEEP}}}'},
    "metadata of nested values": {"metadata": '{"a": {"b": 1}}'},
    "metadata that is no JSON": {"metadata": "{"},
    "a number of too many digits": {"metadata": '{"a": ' + "9" * 5000 + "}"},
    "sections that are none": {"sections": '{"a": 1}'},
    "sections that are too deep": {"sections": DEEP},
    "sections with a place that is a text": {"sections": '[["title", "0", 1]]'},
    "originals that are no object": {"originals": "7"},
    "originals that are no hex digits": {"originals": '{"annotator": "zz"}'},
    "a time before all times": {"at": -(1 << 62)},
    "a time after all times": {"at": (1 << 62)},
    "a label without a category": {"category": None},
    "a corpus that leaves the folder": {"corpus": "../../out"},
    "another corpus": {"corpus": "other"},
    "another document": {"document_id": "0" * 32},
    "a document id that is none": {"document_id": "zz"},
    "another text": {"text": "not what was labelled"},
    "a text that is not text": {"text_bytes": b"\xff\xfe"},
    "a wrong length": {"characters": 7_000_000},
    "a negative row": {"row": -1},
    "no draw": {"draw": None},
    "an infinite probability": {"probability": float("inf")},
    "a probability so small that its weight overflows": {"probability": 4e-306},
    "no probability": {"probability": None},
    "a look that is none": {"look": 99},
}
"""What is changed in a row of a sound part, by what is wrong with it."""

BAD_LINES: Mapping[str, bytes] = {
    "deep nesting": DEEP.encode(),
    "deep nesting in a field": b'{"event_id": ' + DEEP.encode() + b"}",
    "a huge integer": b'{"row": ' + b"9" * 5000 + b"}",
    "a row beyond 64 bits": b'{"row": 99999999999999999999}',
    "bytes that are no UTF-8": b'{"event_id": "\xff\xfe\xff"}',
    "no object": b"[1, 2]",
    "an empty object": b"{}",
    "a document that is a list": b'{"document": [], "text": 7}',
    "a text that is a number": b'{"event_id": "x", "text": 7}',
    "a version that is a text": b'{"ledger": "2"}',
}
"""Bodies of journal lines that are given a valid checksum, by what is wrong with them."""


def a_folder(folder: Path, draws: Sequence[int] = range(4), annotator: str = "ben") -> Path:
    """Write a labels folder with a plan and labels of these draws in one part, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    save_plan(Plan(7), folder / "plan.json")
    with Scribe(folder, f"s-{annotator}", annotator) as scribe:
        for draw in draws:
            scribe.label(a_document(draw, f"text {draw}", url="http://x/"))
    return folder


def rewritten(folder: Path, change: Callable[[list[Row]], None]) -> Path:
    """Change the rows of the only part of a folder, and return the part. Times are microseconds."""
    [path] = parts(folder)
    table = pq.read_table(path)
    schema = arrow_schema()
    place = schema.get_field_index("at")
    numbers = schema.set(place, pa.field("at", pa.int64()))
    rows = table.set_column(place, "at", table["at"].cast(pa.int64())).to_pylist()
    change(rows)
    changed = pa.Table.from_pylist(rows, schema=numbers)
    changed = changed.set_column(place, "at", changed["at"].cast(pa.timestamp("us", tz="UTC")))
    last = max(str(row["event_id"]) for row in rows)
    metadata = {VERSION_KEY: str(VERSION).encode(), LAST_EVENT_KEY: last.encode()}
    pq.write_table(changed.replace_schema_metadata(metadata), path, write_page_checksum=True)
    return path


def a_journal(path: Path, records: Sequence[Record], bodies: Sequence[bytes] = ()) -> Path:
    """Write the journal of a dead session, with `bodies` on lines with valid checksums, and return its path."""
    from zlib import crc32

    header = encode(
        {"ledger": JOURNAL_VERSION, "session": path.stem, "opened": datetime.now(UTC).isoformat()}
    )
    lines = [encode(record) for record in records]
    lines += [b"%08x %b\n" % (crc32(body), body) for body in bodies]
    path.write_bytes(header + b"".join(lines))
    return path


def as_json(value: object) -> bytes:
    """Return a value as the body of a journal line."""
    return json.dumps(value).encode()
