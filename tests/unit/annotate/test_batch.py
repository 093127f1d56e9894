"""Tests of batches: requests in a file, and answers out of a file of results."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpuscope.annotate.answer_log import AnswerLog
from corpuscope.annotate.answers import read_answers
from corpuscope.annotate.batch import BatchOutcome, read_results, request_id, write_requests
from corpuscope.annotate.prompt import Prompt
from corpuscope.annotate.request import Parameters, parameters_json
from corpuscope.annotate.run import AnnotationTask, Question
from llm_server import completion
from makers import a_scheme

SCHEME = a_scheme("Educational", "Advertising", "Forum")
ASKING = AnnotationTask(Prompt.of(SCHEME), "bot", parameters_json(64, {}))
QUESTIONS = [Question("web", f"{i:032x}", "0" * 64, f"document {i}", truncated=False) for i in range(4)]


def result(
    question: Question, body: object, status: int = 200, task: AnnotationTask = ASKING
) -> dict[str, Any]:
    return {
        "id": "r",
        "custom_id": request_id(question, task),
        "response": {"status_code": status, "request_id": "q", "body": body},
        "error": None,
    }


def imported(labels: Path, results: Sequence[object]) -> BatchOutcome:
    lines = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in results]
    with AnswerLog(labels, "bot") as log:
        return read_results([*lines, b"\n"], QUESTIONS, ASKING, "schema", log)


def test_a_batch_has_one_request_per_document_with_an_id_that_openai_takes() -> None:
    stream = io.BytesIO()
    parameters = Parameters("bot", SCHEME.names, 64, {"top_k": 1})
    write_requests(stream, QUESTIONS, ASKING, parameters, "schema")
    requests = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [request["custom_id"] for request in requests] == [request_id(q, ASKING) for q in QUESTIONS]
    assert all(len(request["custom_id"]) <= 64 for request in requests)
    assert len({request["custom_id"] for request in requests}) == 4
    assert requests[0]["url"] == "/v1/chat/completions"
    assert requests[0]["body"]["model"] == "bot"
    assert requests[0]["body"]["top_k"] == 1
    assert "document 0" in requests[0]["body"]["messages"][1]["content"]


def test_answers_come_back_once_and_what_is_left_out_is_counted(tmp_path: Path) -> None:
    other = AnnotationTask(ASKING.prompt, "bot", parameters_json(65, {}))
    results = [
        result(QUESTIONS[0], completion('{"category": "Forum"}')),
        result(QUESTIONS[0], completion('{"category": "Forum"}')),
        result(QUESTIONS[1], completion("who knows")),
        result(QUESTIONS[2], {"error": {"message": "too long"}}, status=400),
        result(QUESTIONS[3], {"error": {"message": "busy"}}, status=500),
        result(QUESTIONS[3], completion('{"category": "Forum"}'), task=other),
        b"{not json",
        b"[]",
        {"custom_id": 7},
        {"custom_id": request_id(QUESTIONS[3], ASKING), "response": None, "error": {"message": "expired"}},
    ]
    outcome = imported(tmp_path, results)
    assert (outcome.answered, outcome.unanswered, outcome.known) == (1, 2, 1)
    assert (outcome.failed, outcome.foreign, outcome.broken) == (2, 2, 2)
    assert outcome.results == len(results)
    assert outcome.last_error == "refused: HTTP 400: too long"
    kept = read_answers(tmp_path, "bot").by_document
    assert [kept[question.corpus, question.document_id].category for question in QUESTIONS[:3]] == [
        "Forum",
        None,
        None,
    ]
    assert kept[QUESTIONS[2].corpus, QUESTIONS[2].document_id].error == "refused: HTTP 400: too long"
    assert kept[QUESTIONS[0].corpus, QUESTIONS[0].document_id].reported_model == "stub-1"
    assert imported(tmp_path, results[:1]).known == 1


@pytest.mark.parametrize(
    ("response", "error", "words"),
    [
        ({"status_code": 500, "body": {"error": {"message": "busy"}}}, None, "HTTP 500: busy"),
        ({"status_code": 429, "body": "slow down"}, None, "HTTP 429: slow down"),
        (None, {"code": "batch_expired", "message": "expired"}, "expired"),
        ({"status_code": 200, "body": {}}, None, "the server sent no chat completion: {}"),
        ("nothing", None, "nothing"),
    ],
)
def test_a_request_that_failed_is_counted_with_the_words_of_the_server(
    tmp_path: Path, response: object, error: object, words: str
) -> None:
    failed = {"custom_id": request_id(QUESTIONS[0], ASKING), "response": response, "error": error}
    outcome = imported(tmp_path, [failed])
    assert (outcome.failed, outcome.results, outcome.last_error) == (1, 1, words)


def test_an_answer_about_a_text_that_was_changed_since_is_left_out(tmp_path: Path) -> None:
    earlier = replace(QUESTIONS[0], sha256="1" * 64)
    outcome = imported(tmp_path, [result(earlier, completion('{"category": "Forum"}'))])
    assert (outcome.answered, outcome.foreign) == (0, 1)


def test_a_batch_of_an_earlier_version_is_still_read(tmp_path: Path) -> None:
    """Its ids had a digest of model and parameters, and said nothing about the text."""
    digest = hashlib.sha256(f"{ASKING.model}\x1f{ASKING.parameters}".encode()).hexdigest()[:12]
    answered = result(QUESTIONS[0], completion('{"category": "Forum"}'))
    answered["custom_id"] = f"{QUESTIONS[0].document_id}-{ASKING.prompt.hash}-{digest}"
    outcome = imported(tmp_path, [answered])
    assert (outcome.answered, outcome.foreign) == (1, 0)


def test_where_every_request_was_refused_the_form_was_wrong_and_all_can_be_asked_again(
    tmp_path: Path,
) -> None:
    refused = [result(q, {"error": {"message": f"no schema {i}"}}, 400) for i, q in enumerate(QUESTIONS)]
    outcome = imported(tmp_path, refused)
    assert (outcome.failed, outcome.unanswered, outcome.last_error) == (4, 0, "HTTP 400: no schema 3")
    assert not (tmp_path / "models" / "bot" / "answers.parquet").exists()
