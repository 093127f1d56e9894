"""Ask a model about many documents: several at a time, each once, and none after a stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from threading import Event
from typing import Protocol

from corpuscope.annotate.answer_log import AnswerLog
from corpuscope.annotate.prompt import Prompt
from corpuscope.annotate.reply import Reply, category_in, probabilities_in
from corpuscope.annotate.request import CallFailed, DocumentRefused
from corpuscope.domain.answer import Answer
from corpuscope.errors import CorpuscopeError

MOST_FAILURES = 20
"""Questions in a row without an answer after which a run stops."""

STOPPED = "stopped"
"""`Outcome.stopped` of a run that was asked to stop."""

QUOTED = 200
"""Characters of a reply without a category that are kept."""


@dataclass(frozen=True, slots=True)
class Question:
    """A document to ask about."""

    corpus: str
    """Key of the corpus."""
    document_id: str
    """Id of the document."""
    sha256: str
    """Hex digest of the exact text."""
    excerpt: str
    """What the model sees of it."""
    truncated: bool
    """Whether something was left out of the excerpt."""


@dataclass(frozen=True, slots=True)
class AnnotationTask:
    """What all questions of a run share: the prompt, the model and the parameters of its calls."""

    prompt: Prompt
    """The prompt."""
    model: str
    """Name of the model."""
    parameters: str
    """Parameters of the calls, as JSON with sorted keys."""

    def key(self, question: Question) -> tuple[str, str, str, str, str]:
        """Return the key of a question, by which none is asked twice; that of `Answer.question`."""
        return question.document_id, question.sha256, self.prompt.hash, self.model, self.parameters

    def answer(
        self, question: Question, reply: Reply | None, error: str = "", seconds: float = 0.0
    ) -> Answer:
        """Read a reply, or the refusal `error`, into an answer; the log gives it id and time."""
        prompt = self.prompt
        category = None if reply is None else category_in(reply.text, prompt.categories, prompt.keys)
        if reply is not None and category is None:
            error = "cut off at max_tokens: " * reply.cut_off + (
                " ".join(reply.text.split())[:QUOTED] or "an empty reply"
            )
        return Answer(
            id="",
            at="",
            corpus=question.corpus,
            document_id=question.document_id,
            sha256=question.sha256,
            model=self.model,
            reported_model=reply.model if reply else "",
            prompt=prompt.hash,
            parameters=self.parameters,
            scheme=prompt.scheme,
            category=category,
            probabilities=probabilities_in(reply.tokens, prompt.categories) if reply and category else None,
            form=reply.form if reply else "",
            truncated=question.truncated,
            tokens_in=reply.tokens_in if reply else None,
            tokens_out=reply.tokens_out if reply else None,
            seconds=round(seconds, 3),
            error=error,
        )


class ChatModel(Protocol):
    """What answers the questions: a `client.Client`."""

    def ask(self, messages: Sequence[dict[str, str]]) -> Reply:
        """Ask one question. Raises CallFailed, DocumentRefused or UsageError."""
        ...


@dataclass(slots=True)
class Outcome:
    """Counts of a run so far."""

    answered: int = 0
    """Questions answered with a category."""
    unanswered: int = 0
    """Questions to which the reply named no category, or which the server refused; not asked again."""
    failed: int = 0
    """Questions that the server did not answer this time; a later run asks them again."""
    tokens_in: int = 0
    """Tokens of the prompts, as far as the server counts them."""
    tokens_out: int = 0
    """Tokens of the replies."""
    stopped: str = ""
    """Why the run ended early, in a sentence; "" when every question was asked."""
    last_error: str = ""
    """Last reason why a question has no category, in the words of server or model."""
    cut_off: int = 0
    """Questions whose reply was cut off at `max_tokens`."""
    faults: list[CorpuscopeError] = field(default_factory=list)
    """The error that ended the run, if one did."""

    @property
    def asked(self) -> int:
        """Questions asked."""
        return self.answered + self.unanswered + self.failed


def ask_all(
    questions: Sequence[Question],
    task: AnnotationTask,
    chat_model: ChatModel,
    log: AnswerLog,
    *,
    concurrency: int = 8,
    stop: Event | None = None,
    on_answer: Callable[[Outcome], None] = lambda _: None,
) -> Outcome:
    """Ask every question that `log` has no answer to. An answer counts once it is durable.

    Once `stop` is set no further question is asked, and those in flight are waited for. `MOST_FAILURES` questions in
    a row without a category end the run. Raises what `log` raises, and UsageError when the server refuses key or
    model, both after the questions in flight.
    """
    stop = stop or Event()
    outcome, in_a_row = Outcome(), 0
    waiting = iter([question for question in questions if task.key(question) not in log])
    with ThreadPoolExecutor(concurrency, thread_name_prefix="ask") as executor:
        in_flight = _submit(executor, task, chat_model, waiting, concurrency)
        while in_flight:
            done, _ = wait(in_flight, return_when=FIRST_COMPLETED)
            for future in done:
                in_flight.discard(future)
                try:
                    answered = _record(future, outcome, log)
                except CorpuscopeError as fault:
                    outcome.faults.append(fault)
                    stop.set()
                    continue
                in_a_row = 0 if answered else in_a_row + 1
                on_answer(outcome)
                if in_a_row >= MOST_FAILURES and not outcome.stopped:
                    outcome.stopped = (
                        f"{MOST_FAILURES} documents in a row have no answer; the last time it said: "
                        f"{outcome.last_error}"
                    )
                    stop.set()
            if not stop.is_set():
                in_flight |= _submit(executor, task, chat_model, waiting, concurrency - len(in_flight))
    if outcome.faults:
        raise outcome.faults[0]
    if not outcome.stopped and next(waiting, None) is not None:
        outcome.stopped = STOPPED
    return outcome


Result = tuple[Answer | None, str]


def _submit(
    executor: ThreadPoolExecutor,
    task: AnnotationTask,
    chat_model: ChatModel,
    waiting: Iterator[Question],
    most: int,
) -> set[Future[Result]]:
    """Ask the next questions, at most `most`."""
    return {executor.submit(_ask, task, chat_model, question) for question in islice(waiting, most)}


def _ask(task: AnnotationTask, chat_model: ChatModel, question: Question) -> Result:
    """Ask one question; return its answer, or None and why there is none this time."""
    began = time.monotonic()
    try:
        reply = chat_model.ask(task.prompt.messages(question.excerpt))
    except CallFailed as fault:
        return None, str(fault)
    except DocumentRefused as refusal:
        return task.answer(question, None, f"refused: {refusal}", time.monotonic() - began), ""
    return task.answer(question, reply, seconds=time.monotonic() - began), ""


def _record(future: Future[Result], outcome: Outcome, log: AnswerLog) -> bool:
    """Append the answer of a question to the log and count it; return whether it names a category."""
    answer, failure = future.result()
    if answer is None:
        outcome.failed += 1
        outcome.last_error = failure
        return False
    log.append(answer)
    outcome.tokens_in += answer.tokens_in or 0
    outcome.tokens_out += answer.tokens_out or 0
    if answer.category is None:
        outcome.unanswered += 1
        outcome.cut_off += answer.error.startswith("cut off")
        outcome.last_error = answer.error
        return False
    outcome.answered += 1
    return True
