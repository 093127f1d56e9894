"""The answers of a model on disk: a journal while it is asked, a Parquet file afterwards."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from corpuscope.domain.answer import Answer, ModelAnswers
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.errors import CorpuscopeError, LedgerError, UsageError
from corpuscope.files import Files, digest, explained, replacing, stream_of
from corpuscope.ledger.folder import EVENT_ID, JOURNAL, damaged_path
from corpuscope.ledger.journal import HEADER, Journal, encode, scan

FOLDER = "models"
"""Folder of the answers in a labels folder. Its files lie deeper than labels, read as `labels/*/*.parquet`."""

FILE = "answers.parquet"
"""Name of the Parquet file in the folder of a model."""

_VERSION = 1
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


class AnswerLog:
    """The answers of one model, open to be added to; a context manager.

    An answer is durable once `append` returns. Only one run adds to a model's answers at a time.
    """

    def __init__(
        self, labels: Path, model: str, *, clock: Clock | None = None, files: Files | None = None
    ) -> None:
        """Touch nothing yet."""
        self.folder = model_folder(labels, model)
        """Folder of the answers."""
        self._clock = clock or Clock()
        self._files = files or Files()
        self._lock: int | None = None
        self._journal: Journal | None = None
        self._questions: set[tuple[str, str, str, str]] = set()
        self._ids_stored: set[str] = set()
        self.notices: tuple[str, ...] = ()
        """Sentences on journals of earlier runs that were set aside."""

    def __enter__(self) -> Self:
        """Lock the answers, and read those of earlier runs, killed ones included.

        Raises UsageError while another run has them, and LedgerError when they cannot be read or written.
        """
        try:
            self._open()
        except OSError as fault:
            self._release()
            raise explained(fault, self.folder, "answers cannot be kept") from fault
        except CorpuscopeError:
            self._release()
            raise
        return self

    def _open(self) -> None:
        self._files.make_folder(self.folder)
        self._lock = self._files.open_lock(self.folder / "lock")
        if not self._files.lock(self._lock, wait=False):
            raise UsageError(f"another run is filling {self.folder} at the moment", "wait for it, or stop it")
        self._compact()
        answers = _read(self.folder)
        self._questions = {answer.question for answer in answers}
        self._ids_stored = {answer.id for answer in answers}
        self._ids = EventIds(self._clock, after=max((answer.id for answer in answers), default=None))
        path = self.folder / f"{self._ids.next()}{JOURNAL}"
        self._journal = Journal.create(path, {HEADER: _VERSION}, self._files)

    def __exit__(self, *_: object) -> None:
        """Turn the journal into Parquet. A failure loses nothing: the next run does it."""
        assert self._journal is not None, "entered"
        try:
            self._journal.release()
            self._compact()
        except OSError as fault:
            raise explained(fault, self.folder, "answers stay in their journal") from fault
        finally:
            self._release()

    def __contains__(self, question: tuple[str, str, str, str]) -> bool:
        """Tell whether a question (document, prompt, model, parameters) is answered."""
        return question in self._questions

    def append(self, answer: Answer) -> Answer:
        """Append an answer durably under a new id and the time of now, and return it.

        Raises LedgerError when it cannot be written.
        """
        assert self._journal is not None, "entered"
        stamped = replace(
            answer, id=self._ids.next(), at=self._clock.now().isoformat(timespec="milliseconds")
        )
        try:
            self._journal.append(encode(asdict(stamped)))
        except OSError as fault:
            raise explained(fault, self._journal.path, "the answer could not be kept") from fault
        self._questions.add(stamped.question)
        return stamped

    def add_all(self, answers: Iterable[Answer]) -> int:
        """Add the answers of another folder durably under their own ids, and return how many are new.

        Raises LedgerError when they cannot be written.
        """
        assert self._journal is not None, "entered"
        new = [answer for answer in answers if answer.id not in self._ids_stored]
        try:
            if new:
                self._journal.append(b"".join(encode(asdict(answer)) for answer in new))
        except OSError as fault:
            raise explained(fault, self._journal.path, "the answers could not be kept") from fault
        self._ids_stored.update(answer.id for answer in new)
        self._questions.update(answer.question for answer in new)
        return len(new)

    def _compact(self) -> None:
        """Move the answers of ended runs from their journals into the Parquet file. Raises OSError."""
        journals = [
            journal
            for path in sorted(self.folder.glob(f"*{JOURNAL}"))
            if (journal := Journal.take_over(path, self._files)) is not None
        ]
        answers: list[Answer] = []
        damaged: list[Journal] = []
        for journal in journals:
            own, lost = _answers_in(journal.content())
            answers += own
            if lost:
                damaged.append(journal)
                place = damaged_path(journal.path)
                self.notices += (
                    f"{place} was set aside (damaged lines: {lost:,}); what they held is asked again",
                )
        if answers:
            path = self.folder / FILE
            table = pa.Table.from_pylist(
                [_row(answer) for answer in _distinct((*_stored(path), *answers))], schema=_SCHEMA
            )
            table = table.replace_schema_metadata({_VERSION_KEY: str(_VERSION)})
            with replacing(path, self._files) as descriptor, stream_of(descriptor) as stream:
                pq.write_table(table, stream, compression="zstd", write_page_checksum=True)
        for journal in journals:
            if journal in damaged:
                journal.set_aside(damaged_path(journal.path))
            else:
                journal.remove()

    def _release(self) -> None:
        if self._lock is not None:
            self._files.close(self._lock)
            self._lock = None


def read_answers(labels: Path, model: str) -> ModelAnswers:
    """Read the latest answers of a model, one per document, also during a run.

    Raises UsageError for a model that was never asked, and LedgerError when the answers cannot be read.
    """
    answers = [answer for answer in all_answers(labels, model) if answer.model == model]
    if not answers:
        names = models_of(labels)
        others = f"answers are there of {', '.join(names)}" if names else "no model has answered yet"
        raise UsageError(
            f"there are no answers of {model!r}; {others}", f"ask it: corpuscope annotate --model {model}"
        )
    return ModelAnswers.latest(model, answers)


def all_answers(labels: Path, model: str) -> tuple[Answer, ...]:
    """Read all answers of a model, oldest first. Raises LedgerError when it cannot be read."""
    folder = model_folder(labels, model)
    try:
        return _read(folder)
    except OSError as fault:
        raise explained(fault, folder, "answers cannot be read") from fault


def models_of(labels: Path) -> tuple[str, ...]:
    """Return the names of the models with answers in a labels folder, sorted.

    Raises LedgerError when the answers cannot be read.
    """
    try:
        folders = sorted(path for path in (labels / FOLDER).glob("*") if path.is_dir())
        return tuple(sorted({answer.model for folder in folders for answer in _read(folder)}))
    except OSError as fault:
        raise explained(fault, labels / FOLDER, "answers cannot be read") from fault


def merge_answers(labels: Path, other: Path, *, write: bool = True) -> dict[str, int]:
    """Merge the answers of another labels folder, and return how many are new by model; without `write` only count.

    Raises like `AnswerLog`.
    """
    new = {}
    for model in models_of(other):
        answers = [answer for answer in all_answers(other, model) if answer.model == model]
        if write:
            with AnswerLog(labels, model) as log:
                new[model] = log.add_all(answers)
        else:
            here = {answer.id for answer in all_answers(labels, model)}
            new[model] = sum(answer.id not in here for answer in answers)
    return new


def _read(folder: Path) -> tuple[Answer, ...]:
    """Read the Parquet file and the journals; a journal first, for it is removed once the file has its answers."""
    journalled: list[Answer] = []
    for path in sorted(folder.glob(f"*{JOURNAL}")):
        try:
            journalled += _answers_in(path.read_bytes())[0]
        except FileNotFoundError:
            continue
    return _distinct((*_stored(folder / FILE), *journalled))


def _distinct(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """Return each answer once, in the order of their ids."""
    by_id = {answer.id: answer for answer in answers}
    return tuple(by_id[key] for key in sorted(by_id))


def _answers_in(journal: bytes) -> tuple[list[Answer], int]:
    """Return the answers in a journal, and the number of damaged lines. A torn last line was never acknowledged."""
    lines = scan(journal)
    answers = [answer for record in lines.events if (answer := _answer(record)) is not None]
    return answers, lines.damaged + len(lines.events) - len(answers)


def _stored(path: Path) -> list[Answer]:
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
    if version != str(_VERSION).encode() or len(answers) < len(rows):
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
        isinstance(value, _TYPES[name]) for name, value in given.items()
    )
    sound = sound and re.fullmatch(EVENT_ID, given["id"]) is not None
    probabilities = given.get("probabilities") if sound else None
    if probabilities and not all(
        type(value) is float and 0 <= value <= 1 for value in probabilities.values()
    ):
        sound = False
    try:
        return Answer(**given) if sound else None
    except TypeError:
        return None


def _row(answer: Answer) -> dict[str, object]:
    probabilities = answer.probabilities
    return {
        **asdict(answer),
        "probabilities": None if probabilities is None else json.dumps(dict(probabilities)),
    }
