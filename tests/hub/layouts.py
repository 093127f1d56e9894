"""Small copies of real Hub datasets in their real layouts, in which every text names its shard and row."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Record = dict[str, Any]

_WORDS = """
the of and to in a is that for it was on as with be by at this have from or had not are but they one which you
were all her she there would their we him been has when who will no more if out so up said what its than into
them can only other time new some could these two may first then do any like my now over such our man me even
"""
_ODD = (
    "caf\u00e9 \U0001f642",
    "tab\there",
    "line\r\nbreak",
    "\u2028separator",
    "[citation needed]",
    "\u0007bell",
)
_LANGUAGES = (
    "af",
    "am",
    "ar",
    "bg",
    "de",
    "en",
    "en.noblocklist",
    "en.noclean",
    "fr",
    "ja",
    "realnewslike",
    "zh",
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of one dataset and their content."""

    dataset: str
    """Repository id."""
    card: str
    """Content of README.md."""
    shards: tuple[str, ...]
    """Names of the data files of the sampled split."""
    rows: tuple[int, ...]
    """Number of rows in each shard."""
    record: Callable[[int, int], Record]
    """Returns the row at (shard, row), which is always the same."""
    write: Callable[[Path, list[Record]], None]
    """Writes one data file."""
    others: Mapping[str, bytes]
    """Content of other files by name, which no sample may read."""

    def build(self, root: Path) -> None:
        """Write the dataset under `root` unless it exists already."""
        folder = root / self.dataset
        if (folder / "README.md").exists():
            return
        for name, content in self.others.items():
            _with_parent(folder / name).write_bytes(content)
        for shard, (name, rows) in enumerate(zip(self.shards, self.rows, strict=True)):
            self.write(_with_parent(folder / name), [self.record(shard, row) for row in range(rows)])
        _with_parent(folder / "README.md").write_text(self.card, encoding="utf-8")


def _with_parent(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@cache
def _paragraphs() -> tuple[str, ...]:
    draw, words = random.Random(1), _WORDS.split()
    return tuple(" ".join(draw.choices(words, k=draw.randrange(40, 120))) for _ in range(300))


def _text(seed: str, paragraphs: int = 3) -> str:
    draw = random.Random(seed)
    return "\n".join(
        [f"{seed} {draw.choice(_ODD)}", *draw.choices(_paragraphs(), k=draw.randrange(1, 2 * paragraphs))]
    )


def _write_json_lines(path: Path, records: list[Record]) -> None:
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_bytes(gzip.compress(lines.encode(), mtime=0))


def _write_groups(path: Path, records: list[Record]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(records), path, row_group_size=40)


def _write_one_group(path: Path, records: list[Record]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    # Without compression, a few thousand rows are too many bytes to fetch for one of them.
    table = pa.Table.from_pylist(records)
    pq.write_table(
        table,
        path,
        row_group_size=len(records),
        compression="none",
        data_page_size=64 << 10,
        write_batch_size=64,
    )


def _c4(shard: int, row: int) -> Record:
    return {
        "text": _text(f"c4 {shard} {row}"),
        "timestamp": f"2019-04-{row % 30 + 1:02}T12:57:54Z",
        "url": f"https://c4.example/{shard}/{row}",
    }


def _fineweb(shard: int, row: int) -> Record:
    text = _text(f"fineweb {shard} {row}")
    return {
        "text": text,
        "id": f"<urn:uuid:{shard}-{row}>",
        "dump": "CC-MAIN-2023-14",
        "url": f"https://fineweb.example/{shard}/{row}",
        "date": f"2023-03-{row % 30 + 1:02}T08:42:24Z",
        "file_path": f"s3://commoncrawl/{shard}/{row}.warc.gz",
        "language": "en",
        "language_score": 0.5 + row / 1000,
        "token_count": len(text.split()),
    }


def _edu(shard: int, row: int) -> Record:
    record = _fineweb(shard, row) | {
        "text": _text(f"edu {shard} {row}"),
        "score": 2.5 + row / 100,
        "int_score": 3,
    }
    del record["date"]
    return record


def _synth(shard: int, row: int) -> Record:
    return {
        "synth_id": f"synth_{shard}_{row}",
        "language": ("en", "fr", "de")[row % 3],
        "exercise": ("memorization", "mcq", "rag")[row % 3],
        "model": "qwen-3-8b-memorization",
        "query": f"Question {shard} {row}? {_ODD[row % len(_ODD)]}",
        "query_seed_url": f"https://synth.example/{shard}/{row}",
        "query_seed_text": _text(f"seed {shard} {row}", 4),
        "additional_seed_url": "",
        "seed_license": "CC-By-SA (4.0)",
        "constraints": None,
        "script": None,
        "synthetic_reasoning": _text(f"reasoning {shard} {row}", 3),
        "synthetic_answer": _text(f"answer {shard} {row}", 2),
        "words": row,
    }


def _c4_card() -> str:
    configs = "".join(
        f"- config_name: {name}\n  data_files:\n  - split: train\n    path: {name}/c4-train.*.json.gz\n"
        for name in _LANGUAGES
    )
    features = "".join(f"  - name: {name}\n    dtype: string\n" for name in ("text", "timestamp", "url"))
    return (
        f"---\npretty_name: C4\nlicense:\n- odc-by\ndataset_info:\n- config_name: en\n  features:\n{features}"
        f"  splits:\n  - name: train\n    num_bytes: 828589180707\n    num_examples: 364868892\n"
        f"configs:\n{configs}---\n\n# C4\n"
    )


def _fineweb_card(title: str) -> str:
    paths = {"default": "data/*/*", "sample-10BT": "sample/10BT/*", "sample-100BT": "sample/100BT/*"}
    configs = "".join(
        f"- config_name: {name}\n  data_files:\n  - split: train\n    path: {path}\n"
        for name, path in paths.items()
    )
    return f"---\nlicense: odc-by\npretty_name: {title}\nconfigs:\n{configs}---\n\n# {title}\n"


def _parts(title: str, folder: str, count: int, ending: str) -> tuple[str, ...]:
    return tuple(f"{folder}{title.format(number=number, count=count)}{ending}" for number in range(count))


C4 = Layout(
    "allenai/c4",
    _c4_card(),
    _parts("c4-train.{number:05}-of-{count:05}", "en/", 8, ".json.gz"),
    (120, 120, 120, 120, 120, 120, 120, 30),
    _c4,
    _write_json_lines,
    {
        "en/c4-validation.00000-of-00008.json.gz": gzip.compress(b'{"text": "not for training"}\n', mtime=0),
        "fr/c4-train.00000-of-00008.json.gz": gzip.compress(b'{"text": "pas en anglais"}\n', mtime=0),
    },
)
FINEWEB = Layout(
    "HuggingFaceFW/fineweb",
    _fineweb_card("FineWeb"),
    _parts("{number:03}_00000", "sample/10BT/", 4, ".parquet"),
    (130, 130, 130, 70),
    _fineweb,
    _write_groups,
    {"data/CC-MAIN-2023-14/000_00000.parquet": b"PAR1 not read PAR1"},
)
FINEWEB_EDU = Layout(
    "HuggingFaceFW/fineweb-edu",
    _fineweb_card("FineWeb-Edu"),
    _parts("{number:03}_00000", "sample/10BT/", 3, ".parquet"),
    (100, 100, 60),
    _edu,
    _write_groups,
    {"data/CC-MAIN-2023-14/train-00000-of-00014.parquet": b"PAR1 not read PAR1"},
)
SYNTH = Layout(
    "PleIAs/SYNTH",
    "---\nlicense: cdla-permissive-2.0\nlanguage:\n- en\n- fr\npretty_name: SYNTH\n---\n\n# SYNTH\n",
    _parts("synth_{number:03}", "", 4, ".parquet"),
    (9000, 900, 900, 200),
    _synth,
    _write_one_group,
    {"images/synth_results.png": b"\x89PNG not read"},
)
LAYOUTS = (C4, FINEWEB, FINEWEB_EDU, SYNTH)
"""All four corpora."""


def build_all(root: Path) -> None:
    """Write every layout under `root` that does not exist yet."""
    for layout in LAYOUTS:
        layout.build(root)
