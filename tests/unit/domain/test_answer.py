"""Tests of the answers of a language model, of which the latest to one prompt count together."""

from __future__ import annotations

from dataclasses import replace

from corpuscope.domain.answer import Answer, ModelAnswers
from makers import a_scheme

SCHEME = a_scheme("News", "Forum")
ANSWER = Answer("1", "", "web", "d1", "sha", "bot", "", "p", "{}", SCHEME.hash, "News")


def test_an_answer_is_to_the_whole_text_and_took_no_time_unless_it_says_so() -> None:
    assert (ANSWER.truncated, ANSWER.seconds, ANSWER.tokens_in, ANSWER.tokens_out) == (False, 0, None, None)
    assert (ANSWER.probabilities, ANSWER.form, ANSWER.error) == (None, "", "")


def test_a_question_is_the_same_for_the_same_document_text_prompt_model_and_parameters() -> None:
    same = replace(ANSWER, id="2", at="later", category="Forum", corpus="books", scheme="other")
    names = ("document_id", "sha256", "prompt", "model", "parameters")
    others = [replace(ANSWER, **{name: "x"}) for name in names]  # type: ignore[arg-type]
    assert same.question == ANSWER.question
    assert ANSWER.question not in {other.question for other in others}


def test_of_several_answers_about_a_document_the_latest_to_the_latest_prompt_counts() -> None:
    earlier, later = (
        replace(ANSWER, id="0", prompt="old", document_id="d2"),
        replace(ANSWER, id="2", category="Forum"),
    )
    answers = ModelAnswers.latest("bot", [later, ANSWER, earlier])
    assert dict(answers.by_document) == {("web", "d1"): later}
    older = ModelAnswers.latest("bot", [ANSWER, replace(earlier, id="3", scheme="old")], SCHEME)
    assert dict(older.by_document) == {("web", "d1"): ANSWER}
    assert ModelAnswers.latest("bot", [], SCHEME).by_document == {}


def test_an_answer_is_about_its_text_and_another_corpus_may_have_asked_for_it() -> None:
    answers = ModelAnswers.latest("bot", [ANSWER])
    assert answers.about(("web", "d1"), "sha") == ANSWER
    assert answers.about(("books", "d1"), "sha") == ANSWER
    assert answers.about(("web", "d1"), "other") is None
    bare = ModelAnswers.latest("bot", [replace(ANSWER, sha256="")])
    assert bare.about(("web", "d1"), "other") is not None
    hashes = {("web", "d1"): "other", ("books", "d1"): "sha"}
    assert dict(answers.about_texts(hashes).by_document) == {("books", "d1"): ANSWER}


def test_a_document_without_an_answer_or_a_category_has_none() -> None:
    answers = ModelAnswers.latest("bot", [ANSWER, replace(ANSWER, document_id="d2", category=None)])
    named = [answers.category_of(("web", document), SCHEME) for document in ("d1", "d2", "d3")]
    assert named == ["News", None, None]
    assert answers.category_of(("web", "d1"), a_scheme("Forum")) is None
