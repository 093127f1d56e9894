"""Tests of the documents that a model is asked about, and of which of its answers are about their texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from corpuscope.annotate.documents import (
    answers_about_labelled,
    labelled_questions,
    labelled_texts,
    other_texts_words,
    prompt_tokens,
)
from corpuscope.annotate.run import Question
from corpuscope.domain.answer import Answer, ModelAnswers
from corpuscope.domain.document import sha256_of
from corpuscope.ledger.read.decisions import Decisions
from ledger_fakes import Scribe, read
from makers import a_document

DOCUMENTS = [a_document(draw, f"text {draw}") for draw in range(4)]


@pytest.fixture
def decisions(tmp_path: Path) -> Decisions:
    """Three documents with a label, of which one has two, and a skipped one."""
    with Scribe(tmp_path) as scribe:
        for document in DOCUMENTS[:3]:
            scribe.label(document, "News")
        scribe.label(DOCUMENTS[0], "Forum")
        scribe.skip(DOCUMENTS[3])
    return read(tmp_path)


def texts(event_ids: Sequence[str]) -> list[str | None]:
    """Return a text per event, but none for the second: damage took it."""
    return [None if i == 1 else f"text {i}" for i, _ in enumerate(event_ids)]


def test_each_labelled_document_is_read_once_in_the_order_of_draws(decisions: Decisions) -> None:
    pairs = list(labelled_texts(decisions, ("web",), texts))
    assert [(decision.draw, text) for decision, text in pairs] == [(0, "text 0"), (1, None), (2, "text 2")]
    some = labelled_texts(decisions, ("web",), texts, {DOCUMENTS[2].id})
    assert [(decision.draw, text) for decision, text in some] == [(2, "text 0")]


def test_documents_whose_text_is_lost_are_counted_and_not_asked_about(decisions: Decisions) -> None:
    questions, lost = labelled_questions(decisions, ("web",), texts)
    assert lost == 1
    assert [(q.document_id, q.excerpt, q.truncated) for q in questions] == [
        (DOCUMENTS[0].id, "text 0", False),
        (DOCUMENTS[2].id, "text 2", False),
    ]


def answer(document: int, sha256: str) -> Answer:
    return Answer("", "", "web", DOCUMENTS[document].id, sha256, "bot", "", "p", "{}", "s", "News")


def test_answers_about_other_texts_do_not_count_and_are_counted(decisions: Decisions) -> None:
    given = ModelAnswers.latest("bot", [answer(0, sha256_of("text 0")), answer(2, "0"), answer(3, "0")])
    own = answers_about_labelled(given, decisions, lambda ids: [f"text {i}" for i, _ in enumerate(ids)])
    assert {document for _, document in own.by_document} == {DOCUMENTS[0].id, DOCUMENTS[3].id}
    assert other_texts_words(given, own) == "1 answer of bot is about another text of the same documents"
    assert other_texts_words(own, own) == ""


def test_tokens_are_estimated_from_characters() -> None:
    questions = [Question("web", str(i), "0", "x" * 50, truncated=False) for i in range(2)]
    assert prompt_tokens(questions, "y" * 200) == (2 * 50 + 2 * (200 + 150)) // 4
