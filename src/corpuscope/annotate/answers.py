"""The answers of models on disk: a Parquet file per model, and journals of runs that have not ended."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpuscope.domain.answer import Answer, ModelAnswers
from corpuscope.domain.category import CategoryScheme
from corpuscope.errors import LedgerError, UsageError
from corpuscope.files import digest, explained
from corpuscope.ledger.folder import EVENT_ID, JOURNAL
from corpuscope.ledger.journal import scan
from corpuscope.text.safe_json import is_utf8

FOLDER = "models"
"""Folder of the answers in a labels folder. Its files lie deeper than labels, read as `labels/*/*.parquet`."""

FILE = "answers.parquet"
"""Name of the Parquet file in the folder of a model."""

VERSION = 1
"""Version of both formats."""
_VERSION_KEY = b"corpuscope.answers"
_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("id", "at", "corpus", "document_id", "sha256", "model")),
        *((name, pa.string()) for name in ("reported_model", "prompt", "parameters", "scheme", "category")),
        ("probabilities", pa.string()),
        ("form", pa.string()),
        ("truncated", pa.bool_()),
        ("tokens_in", pa.int64()),
        ("tokens_out", pa.int64()),
        ("seconds", pa.float64()),
        ("error", pa.string()),
    ]
)


def model_folder(labels: Path, model: str) -> Path:
    """Return the folder of a model's answers. Names that are no file names get a digest, so that none coincide."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", model)[:80].strip(".-")
    if safe != model:
        safe = f"{safe}-{digest(model).hex()[:8]}"
    return labels / FOLDER / safe


def read_answers(labels: Path, model: str, scheme: CategoryScheme | None = None) -> ModelAnswers:
    """Read the latest answers of a model, one per document, also during a run.

    Answers in the categories of `scheme` come before later ones in others.
    Raises UsageError for a model that was never asked, and LedgerError when the answers cannot be read.
    """
    answers = [answer for answer in all_answers(labels, model) if answer.model == model]
    if not answers:
        names = models_of(labels)
        others = f", only of {', '.join(names)}" if names else ": no model has answered yet"
        raise UsageError(
            f"there are no answers of {model!r}{others}", f"ask it: corpuscope annotate --model {model}"
        )
    return ModelAnswers.latest(model, answers, scheme)


def all_answers(labels: Path, model: str) -> tuple[Answer, ...]:
    """Read all answers of a model, oldest first. Raises LedgerError when they cannot be read."""
    folder = model_folder(labels, model)
    try:
        return read_folder(folder)
    except OSError as fault:
        raise explained(fault, folder, "answers cannot be read") from fault


def models_of(labels: Path) -> tuple[str, ...]:
    """Return the names of the models with answers in a labels folder, sorted.

    Raises LedgerError when the answers cannot be read.
    """
    try:
        folders = sorted(path for path in (labels / FOLDER).glob("*") if path.is_dir())
        return tuple(sorted({answer.model for folder in folders for answer in read_folder(folder)}))
    except OSError as fault:
        raise explained(fault, labels / FOLDER, "answers cannot be read") from fault


def read_folder(folder: Path) -> tuple[Answer, ...]:
    """Read the Parquet file and the journals; a journal first, for it is removed once the file has its answers."""
    journalled: list[Answer] = []
    for path in sorted(folder.glob(f"*{JOURNAL}")):
        try:
            journalled += answers_in(path.read_bytes())[0]
        except FileNotFoundError:
            continue
    return distinct((*stored_answers(folder / FILE), *journalled))


def distinct(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """Return each answer once, in the order of their ids."""
    by_id = {answer.id: answer for answer in answers}
    return tuple(by_id[key] for key in sorted(by_id))


def answers_in(journal: bytes) -> tuple[list[Answer], int]:
    """Return the answers in a journal, and the number of damaged lines. A torn last line was never acknowledged."""
    lines = scan(journal)
    answers = [answer for record in lines.events if (answer := _answer(record)) is not None]
    return answers, lines.damaged + len(lines.events) - len(answers)


def stored_answers(path: Path) -> list[Answer]:
    """Read the answers in a Parquet file, none when it is missing. Raises LedgerError when it is damaged."""
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            version = (file.schema_arrow.metadata or {}).get(_VERSION_KEY, b"")
            rows = file.read().to_pylist()
    except FileNotFoundError:
        return []
    except (pa.ArrowException, OSError) as fault:
        raise LedgerError(
            f"{path} is damaged: {str(fault).partition(chr(10))[0]}",
            "nothing was overwritten; move it away, and what it held is asked again",
        ) from fault
    answers = [answer for row in rows if (answer := _answer(row | _probabilities(row))) is not None]
    if version != str(VERSION).encode() or len(answers) < len(rows):
        raise LedgerError(f"{path} holds no answers of this version", "move it away, or upgrade corpuscope")
    return answers


def _probabilities(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the probabilities of a row, which the file has as JSON."""
    try:
        return {"probabilities": json.loads(row.get("probabilities") or "null")}
    except (ValueError, TypeError, RecursionError):
        return {"probabilities": "none of JSON"}


_TEXTS = ("corpus", "sha256", "reported_model", "scheme", "form", "error", "at")
_REQUIRED = ("id", "document_id", "model", "prompt", "parameters")
_TYPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys((*_REQUIRED, *_TEXTS), (str,)),
    "category": (str, type(None)),
    "probabilities": (dict, type(None)),
    "truncated": (bool,),
    "tokens_in": (int, type(None)),
    "tokens_out": (int, type(None)),
    "seconds": (float, int),
}
"""What each field of an answer may be: a labels folder may come from a stranger."""


def _answer(record: Mapping[str, Any]) -> Answer | None:
    """Return the answer in a record, None for what is none."""
    given = {name: value for name, value in record.items() if name in _TYPES}
    sound = all(name in given for name in _REQUIRED) and all(
        type(value) in _TYPES[name] for name, value in given.items()
    )
    sound = sound and re.fullmatch(EVENT_ID, given["id"]) is not None and all(map(_storable, given.values()))
    probabilities = given.get("probabilities") if sound else None
    if probabilities and not all(
        type(value) is float and 0 <= value <= 1 for value in probabilities.values()
    ):
        sound = False
    try:
        return Answer(**given) if sound else None
    except TypeError:
        return None


def _storable(value: object) -> bool:
    """Tell whether the Parquet file can hold a value: text of UTF-8, and a number of 64 bits."""
    return is_utf8(value) if isinstance(value, str) else not isinstance(value, int) or abs(value) < 1 << 63


def to_table(answers: Iterable[Answer]) -> pa.Table:
    """Return answers as a table, each once and in the order of their ids."""
    table = pa.Table.from_pylist([_row(answer) for answer in distinct(answers)], schema=_SCHEMA)
    return table.replace_schema_metadata({_VERSION_KEY: str(VERSION)})


def _row(answer: Answer) -> dict[str, object]:
    probabilities = answer.probabilities
    return {
        **asdict(answer),
        "probabilities": None if probabilities is None else json.dumps(dict(probabilities)),
    }
