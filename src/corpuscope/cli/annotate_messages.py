"""Messages of `corpuscope annotate` on cost and outcome."""

from __future__ import annotations

from collections.abc import Sequence

from corpuscope.annotate.documents import prompt_tokens
from corpuscope.annotate.run import STOPPED, AnnotationTask, Outcome, Question
from corpuscope.cli.stderr import say_stderr
from corpuscope.text.quantities import quantity

TOKENS_A_REPLY = 12
"""Tokens of a reply, roughly."""

WORTH = ((67, 1.7), (83, 2.5), (92, 4.4))
"""Percent of documents for which a model is right, and what 200 labels then count as; see docs/statistics.md."""


def say_cost(
    questions: Sequence[Question],
    task: AnnotationTask,
    price_in: float | None,
    price_out: float | None,
) -> None:
    """Print what the questions cost, and what the answers are worth. Prices are those of a million tokens."""
    tokens = prompt_tokens(questions, task.prompt.system)
    n = len(questions)
    cost = money(tokens, n * TOKENS_A_REPLY, price_in, price_out)
    price = f"about {cost}" if cost else "--price-in and --price-out say what that costs"
    say_stderr(f"{quantity(n, 'document')}, about {_millions(tokens)} tokens, {price}")
    worth = ", ".join(
        f"{round(200 * gain, -1):,.0f} where it is right for {share} %" for share, gain in WORTH
    )
    say_stderr(f"with its answers on a pool, 200 labels can be worth {worth}: corpuscope estimate --llm")


def money(tokens_in: int, tokens_out: int, price_in: float | None, price_out: float | None) -> str:
    """Return the price of tokens, "" when no price is known; prices are those of a million."""
    if price_in is None and price_out is None:
        return ""
    cost = (tokens_in * (price_in or 0) + tokens_out * (price_out or 0)) / 1e6
    return f"{cost:,.2f}" if cost >= 0.1 else f"{cost:.4f}"


def _millions(count: int) -> str:
    return f"{count / 1e6:,.1f} M" if count >= 1e6 else f"{round(count, -2):,}"


def say_outcome(outcome: Outcome, due: int, price_in: float | None, price_out: float | None) -> None:
    """Print what was answered, what was not and why, and what it cost; `due` is the number of questions."""
    cost = money(outcome.tokens_in, outcome.tokens_out, price_in, price_out)
    tokens = f"{outcome.tokens_in:,} tokens in, {outcome.tokens_out:,} out"
    say_stderr(
        f"answered: {outcome.answered:,} of {quantity(due, 'document')} ({tokens}{f', {cost}' if cost else ''})"
    )
    if outcome.unanswered:
        say_stderr(
            f"{outcome.unanswered:,} without a category, not to be asked again"
            + ("" if outcome.failed else f"; the last one: {outcome.last_error}")
        )
    if outcome.cut_off:
        say_stderr(
            f"{outcome.cut_off:,} of these cut off: raise --max-tokens, or turn reasoning off with --extra-body"
        )
    if outcome.failed:
        say_stderr(
            f"{outcome.failed:,} failed; the same command asks again; the last one: {outcome.last_error}"
        )
    if outcome.stopped == STOPPED:
        say_stderr(f"stopped with {due - outcome.asked:,} to go; the same command resumes from there")
    elif outcome.stopped:
        say_stderr(f"ended early: {outcome.stopped}")
