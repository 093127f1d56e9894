"""Copies of the four corpora with realistic sizes of files, row groups and pages.

The files of one corpus are hard links to one file, and C4's files have content only at their start, where readers
read, so that all of them take 5 GB of disk instead of 630.
"""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.layouts import C4, FINEWEB, FINEWEB_EDU, SYNTH, Layout

Columns = dict[str, Any]

_LETTERS = "etaoinshrdlucmfwypvbgkjqxz"
_VOCABULARY = 30_000


@dataclass(frozen=True, slots=True)
class Size:
    """Size of a scaled corpus."""

    layout: Layout
    """Layout of the corpus."""
    names: tuple[str, ...]
    """Names of the data files."""
    rows: int
    """Number of rows in each file; for C4, of rows with content."""
    bytes: int | None = None
    """Size to which a file is extended without content; None to leave it."""


def sizes(*, quick: bool = False) -> dict[str, Size]:
    """Return the sizes by key of the corpus. `quick` means smaller files."""
    sample = tuple(f"sample/10BT/{number:03}_00000.parquet" for number in range(15))
    return {
        "c4": Size(
            C4,
            tuple(f"en/c4-train.{number:05}-of-01024.json.gz" for number in range(1024)),
            10_000 if quick else 30_000,
            318_000_000,
        ),
        "fineweb": Size(FINEWEB, sample, 60_000 if quick else 991_000),
        "fineweb-edu": Size(FINEWEB_EDU, sample[:14], 60_000 if quick else 691_000),
        "synth": Size(
            SYNTH, tuple(f"synth_{number:03}.parquet" for number in range(500)), 20_000 if quick else 155_000
        ),
    }


def build_scaled(root: Path, key: str, size: Size) -> None:
    """Write one corpus under `root` unless it exists already. Takes up to a minute."""
    folder = root / size.layout.dataset
    if (folder / "README.md").exists():
        return
    first = folder / size.names[0]
    first.parent.mkdir(parents=True, exist_ok=True)
    _WRITERS[key](first, size.rows)
    if size.bytes is not None:
        os.truncate(first, max(size.bytes, first.stat().st_size))
    for name in size.names[1:]:
        (folder / name).unlink(missing_ok=True)
        (folder / name).hardlink_to(first)
    for name, content in size.layout.others.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "README.md").write_text(size.layout.card, encoding="utf-8")


class _Prose:
    """Made-up words from a Zipf distribution, which compress about as well as real text."""

    def __init__(self, length: int) -> None:
        draw = random.Random(7)
        words = ["".join(draw.choices(_LETTERS, k=draw.randrange(2, 9))) for _ in range(_VOCABULARY)]
        weights = [1 / rank for rank in range(1, _VOCABULARY + 1)]
        self._draw = draw
        self._text = " ".join(draw.choices(words, weights, k=length // 6))

    def pieces(self, count: int, mean: int) -> list[str]:
        """Return `count` texts of log-normal length with about this mean in characters."""
        texts = []
        for _ in range(count):
            length = min(20 * mean, int(self._draw.lognormvariate(0, 1) * mean * 0.6))
            start = self._draw.randrange(len(self._text) - length)
            texts.append(self._text[start : start + length])
        return texts


def _write_c4(path: Path, rows: int) -> None:
    texts = _Prose(20_000_000).pieces(rows, 2150)
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as file:
        for row, text in enumerate(texts):
            record = {"text": text, "timestamp": "2019-04-25T12:57:54Z", "url": f"https://c4.example/{row}"}
            file.write(json.dumps(record) + "\n")


def _write_fineweb(path: Path, rows: int) -> None:
    _write_groups(path, rows, 3275, lambda _: {})


def _write_edu(path: Path, rows: int) -> None:
    _write_groups(path, rows, 4790, lambda count: {"score": [2.5] * count, "int_score": [3] * count})


def _write_groups(path: Path, rows: int, mean: int, more: Callable[[int], Columns]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    group = 1000
    prose = _Prose(60_000_000)
    pool = [pa.array(prose.pieces(group, mean)) for _ in range(30)]
    draw = random.Random(3)
    writer = None
    for start in range(0, rows, group):
        numbers = range(start, min(rows, start + group))
        table = pa.table(
            {
                "text": pool[start // group % len(pool)].slice(0, len(numbers)),
                "id": [f"<urn:uuid:{draw.getrandbits(128):032x}>" for _ in numbers],
                "dump": ["CC-MAIN-2023-14"] * len(numbers),
                "url": [f"https://fineweb.example/{number}" for number in numbers],
                "date": ["2023-03-20T08:42:24Z"] * len(numbers),
                "file_path": [f"s3://commoncrawl/{draw.getrandbits(64):016x}.warc.gz" for _ in numbers],
                "language": ["en"] * len(numbers),
                "language_score": [draw.random() for _ in numbers],
                "token_count": [draw.randrange(50, 2000) for _ in numbers],
                **more(len(numbers)),
            }
        )
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _write_synth(path: Path, rows: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    prose = _Prose(60_000_000)
    columns: Columns = {
        "synth_id": [f"synth_{row:09}" for row in range(rows)],
        "language": [("en", "en", "en", "fr", "de")[row % 5] for row in range(rows)],
        "exercise": [("memorization", "mcq", "rag", "math")[row % 4] for row in range(rows)],
        "model": ["qwen-3-8b-memorization"] * rows,
        "query": prose.pieces(rows, 180),
        "query_seed_url": [f"https://en.wikipedia.example/wiki/{row * 7919 % 50_000}" for row in range(rows)],
        "query_seed_text": prose.pieces(rows, 900),
        "additional_seed_url": [None] * rows,
        "seed_license": ["CC-By-SA (4.0)"] * rows,
        "constraints": [("short", "long", None)[row % 3] for row in range(rows)],
        "script": [None] * rows,
        "synthetic_reasoning": prose.pieces(rows, 2400),
        "synthetic_answer": prose.pieces(rows, 1300),
        "words": [row * 31 % 900 for row in range(rows)],
    }
    table = pa.table(columns)
    pq.write_table(table, path, row_group_size=rows)


_WRITERS: dict[str, Callable[[Path, int], None]] = {
    "c4": _write_c4,
    "fineweb": _write_fineweb,
    "fineweb-edu": _write_edu,
    "synth": _write_synth,
}
