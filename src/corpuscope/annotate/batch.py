"""Questions as a file of requests in OpenAI's batch format, and the answers out of a file of results."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from corpuscope.annotate.answer_log import AnswerLog
from corpuscope.annotate.reply import Reply, quoted, reply_of
from corpuscope.annotate.request import FORMS, Parameters
from corpuscope.annotate.run import AnnotationTask, Question
from corpuscope.text.safe_json import json_text

URL = "/v1/chat/completions"
"""What a batch asks for."""

REFUSED = (400, 422)
"""HTTP statuses of a request that would be refused again."""


@dataclass(slots=True)
class BatchOutcome:
    """What was in a file of results."""

    answered: int = 0
    """Answers with a category."""
    unanswered: int = 0
    """Replies without a category, and documents that the server refused; not asked again."""
    known: int = 0
    """Results about questions that were answered before."""
    failed: int = 0
    """Requests that were not answered; they can be asked again."""
    foreign: int = 0
    """Results of other documents or texts, another prompt or other parameters."""
    broken: int = 0
    """Lines that are no results."""
    last_error: str = ""
    """The last reason why a question has no category."""

    @property
    def results(self) -> int:
        """Lines of the file that are not blank."""
        return self.answered + self.unanswered + self.known + self.failed + self.foreign + self.broken


def request_id(question: Question, task: AnnotationTask) -> str:
    """Return the id of a request, at most 64 characters: document, prompt, and a digest of text, model and parameters.

    An answer about a text that was changed since has another id, and is not taken for one about the new text.
    """
    return _request_id(question, task, question.sha256)


def _request_id(question: Question, task: AnnotationTask, *further: str) -> str:
    digest = hashlib.sha256("\x1f".join((task.model, task.parameters, *further)).encode()).hexdigest()[:12]
    return f"{question.document_id}-{task.prompt.hash}-{digest}"


def write_requests(
    stream: BinaryIO, questions: Sequence[Question], task: AnnotationTask, parameters: Parameters, form: str
) -> None:
    """Write one request per line. Raises OSError."""
    body = parameters.body(FORMS[form])
    for question in questions:
        request = {
            "custom_id": request_id(question, task),
            "method": "POST",
            "url": URL,
            "body": {**body, "messages": task.prompt.messages(question.excerpt), **parameters.extra_body},
        }
        stream.write(json_text(request) + b"\n")


def read_results(
    lines: Iterable[bytes], questions: Sequence[Question], task: AnnotationTask, form: str, log: AnswerLog
) -> BatchOutcome:
    """Keep the answers in a file of results; `questions` are all that the file may be about.

    A refused document is kept as one without a category, unless every request was refused: then the form is wrong,
    and another one may be answered. Raises what `log` raises.
    """
    outcome = BatchOutcome()
    # batches of earlier versions did not say which text they were about
    by_id = {_request_id(question, task): question for question in questions}
    by_id |= {request_id(question, task): question for question in questions}
    replies: list[tuple[Question, Reply]] = []
    refusals: list[tuple[Question, str]] = []
    for line in lines:
        if not line.strip():
            continue
        try:
            result = json.loads(line)
            question = by_id.get(result["custom_id"])
            response, error = result.get("response"), result.get("error")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            outcome.broken += 1
            continue
        status, body = None, response
        if isinstance(response, dict):
            status, body = response.get("status_code"), response.get("body")
        if question is None:
            outcome.foreign += 1
        elif status in REFUSED:
            refusals.append((question, _words(error or body, status)))
        elif status != 200:
            outcome.failed += 1
            outcome.last_error = _words(error or body, status)
        else:
            try:
                replies.append((question, reply_of(body, form)))
            except ValueError as fault:
                outcome.failed += 1
                outcome.last_error = str(fault)
    answers = [task.answer(question, reply) for question, reply in replies]
    if replies:
        answers += [task.answer(question, None, f"refused: {words}") for question, words in refusals]
    elif refusals:
        outcome.failed += len(refusals)
        outcome.last_error = refusals[-1][1]
    for answer in answers:
        if answer.question in log:
            outcome.known += 1
            continue
        log.append(answer)
        outcome.answered += answer.category is not None
        outcome.unanswered += answer.category is None
        outcome.last_error = answer.error or outcome.last_error
    return outcome


def _words(error: object, status: object) -> str:
    """Return what the server said about a request, in one line."""
    while isinstance(error, dict) and ("error" in error or "message" in error):
        error = error.get("error", error.get("message"))
    return quoted(error, status)
