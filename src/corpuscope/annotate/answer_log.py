"""Adding to the answers of a model: a journal during a run, compacted into the Parquet file when it ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Self

import pyarrow.parquet as pq

from corpuscope.annotate.answers import (
    FILE,
    VERSION,
    all_answers,
    answers_in,
    model_folder,
    models_of,
    read_folder,
    stored_answers,
    to_table,
)
from corpuscope.domain.answer import Answer
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.files import Files, explained, locked, replacing, stream_of
from corpuscope.ledger.folder import JOURNAL, damaged_path
from corpuscope.ledger.journal import HEADER, Journal, encode


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
        self._lock = ExitStack()
        self._journal: Journal | None = None
        self._questions: set[tuple[str, str, str, str, str]] = set()
        self._ids_stored: set[str] = set()
        self.notices: tuple[str, ...] = ()
        """Sentences on journals of earlier runs that were set aside."""

    def __enter__(self) -> Self:
        """Lock the answers, and read those of earlier runs, killed ones included.

        Raises UsageError while another run has them, and LedgerError when they cannot be read or written.
        """
        try:
            self._files.make_folder(self.folder)
            with ExitStack() as on_error:
                busy = f"another run is filling {self.folder} at the moment"
                on_error.enter_context(locked(self.folder / "lock", busy, self._files))
                self._open()
                self._lock = on_error.pop_all()
        except OSError as fault:
            raise explained(fault, self.folder, "answers cannot be kept") from fault
        return self

    def _open(self) -> None:
        self._compact()
        answers = read_folder(self.folder)
        self._questions = {answer.question for answer in answers}
        self._ids_stored = {answer.id for answer in answers}
        self._ids = EventIds(self._clock, after=max((answer.id for answer in answers), default=None))
        path = self.folder / f"{self._ids.next()}{JOURNAL}"
        self._journal = Journal.create(path, {HEADER: VERSION}, self._files)

    def __exit__(self, *_: object) -> None:
        """Turn the journal into Parquet. A failure loses nothing: the next run does it."""
        assert self._journal is not None, "entered"
        with self._lock:
            try:
                self._journal.release()
                self._compact()
            except OSError as fault:
                raise explained(fault, self.folder, "answers stay in their journal") from fault

    def __contains__(self, question: tuple[str, str, str, str, str]) -> bool:
        """Tell whether a question (document, its text, prompt, model, parameters) is answered."""
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
        try:
            self._publish(journals)
        finally:
            for journal in journals:
                journal.release()

    def _publish(self, journals: Sequence[Journal]) -> None:
        """Add the answers in these journals to the Parquet file, and remove the journals or set damaged ones aside."""
        contents = [answers_in(journal.content()) for journal in journals]
        answers = [answer for own, _ in contents for answer in own]
        if answers:
            path = self.folder / FILE
            table = to_table((*stored_answers(path), *answers))
            with replacing(path, self._files) as descriptor, stream_of(descriptor) as stream:
                pq.write_table(table, stream, compression="zstd", write_page_checksum=True)
        for journal, (_, lost) in zip(journals, contents, strict=True):
            if not lost:
                journal.remove()
                continue
            place = damaged_path(journal.path)
            journal.set_aside(place)
            self.notices += (
                f"{place} was set aside (damaged lines: {lost:,}); what they held is asked again",
            )


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
