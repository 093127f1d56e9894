"""Tests of what `corpuscope annotate` says before its questions are asked and after."""

from __future__ import annotations

import pytest

from corpuscope.annotate.prompt import Prompt
from corpuscope.annotate.request import parameters_json
from corpuscope.annotate.run import STOPPED, AnnotationTask, Outcome, Question
from corpuscope.cli.annotate_messages import money, say_cost, say_outcome
from makers import a_scheme

PROMPT = Prompt.of(a_scheme())
TASK = AnnotationTask(PROMPT, "bot", parameters_json(64, {}))


def questions_of(tokens: int, count: int = 1) -> list[Question]:
    """Return questions whose prompts have so many tokens in all, four characters each."""
    frame = len(PROMPT.system) + 150
    excerpt = "x" * (4 * tokens // count - frame)
    return [Question("web", str(i), "0", excerpt, truncated=False) for i in range(count)]


def say(capsys: pytest.CaptureFixture[str], outcome: Outcome, due: int, *prices: float | None) -> list[str]:
    say_outcome(outcome, due, *(prices or (None, None)))
    return capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(
    ("tokens", "prices", "words"),
    [
        (1_234, (None, None), "1,200 tokens, --price-in and --price-out say what that costs"),
        (999_000, (None, None), "999,000 tokens, --price-in"),
        (1_000_000, (2, None), "1.0 M tokens, about 2.00"),
        (1_260_000, (1, 1e5), "1.3 M tokens, about 2.46"),
        (1_000, (2, 8), "1,000 tokens, about 0.0021"),
    ],
)
def test_the_cost_is_said_before_anything_is_asked(
    tokens: int, prices: tuple[float | None, float | None], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    say_cost(questions_of(tokens), TASK, *prices)
    assert capsys.readouterr().err.startswith(f"1 document, about {words}")


def test_what_the_answers_are_worth_is_said_with_the_cost(capsys: pytest.CaptureFixture[str]) -> None:
    say_cost(questions_of(4_000, count=2), TASK, None, 1)
    first, second = capsys.readouterr().err.splitlines()
    assert first == "2 documents, about 4,000 tokens, about 0.0000"
    assert second == (
        "with its answers on a pool, 200 labels can be worth 340 where it is right for 67 %, 500 where it is right "
        "for 83 %, 880 where it is right for 92 %: corpuscope estimate --llm"
    )


@pytest.mark.parametrize(
    ("tokens", "prices", "words"),
    [
        ((1_000_000, 1_000_000), (None, None), ""),
        ((1_000_000, 1_000_000), (2, 8), "10.00"),
        ((1_000_000, 1_000_000), (None, 8), "8.00"),
        ((1_000_000, 1_000_000), (0, None), "0.0000"),
        ((50_000, 0), (2, None), "0.10"),
        ((49_000, 0), (2, None), "0.0980"),
        ((10**9, 0), (2, 0), "2,000.00"),
    ],
)
def test_money_has_two_decimals_and_four_below_a_tenth(
    tokens: tuple[int, int], prices: tuple[float | None, float | None], words: str
) -> None:
    assert money(*tokens, *prices) == words


def test_an_outcome_names_only_what_there_was(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = Outcome(answered=6, tokens_in=1_200, tokens_out=60)
    assert say(capsys, outcome, 6) == ["answered: 6 of 6 documents (1,200 tokens in, 60 out)"]
    assert say(capsys, outcome, 6, 100.0, None) == [
        "answered: 6 of 6 documents (1,200 tokens in, 60 out, 0.12)"
    ]


def test_an_outcome_says_what_has_no_answer_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = Outcome(answered=1, unanswered=2, last_error="cut off at max_tokens: well", cut_off=1)
    assert say(capsys, outcome, 3) == [
        "answered: 1 of 3 documents (0 tokens in, 0 out)",
        "2 without a category, not to be asked again; the last one: cut off at max_tokens: well",
        "1 of these cut off: raise --max-tokens, or turn reasoning off with --extra-body",
    ]
    outcome = Outcome(unanswered=1, failed=1_000, last_error="HTTP 500: busy", stopped=STOPPED)
    assert say(capsys, outcome, 2_001) == [
        "answered: 0 of 2,001 documents (0 tokens in, 0 out)",
        "1 without a category, not to be asked again",
        "1,000 failed; the same command asks again; the last one: HTTP 500: busy",
        "stopped with 1,000 to go; the same command resumes from there",
    ]
    assert say(capsys, Outcome(stopped="the server is gone"), 1)[1:] == ["ended early: the server is gone"]
