"""Read a category, and the probabilities of all categories, out of what a model replied."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corpuscope.text.safe_json import without_surrogates

MOST_WORDS = 400
"""Characters of a server's own words that are quoted."""

MOST_IN_ALL = 1.01
"""Sum of probabilities up to which a server's rounding is taken for the reason why it is above 1."""

Tokens = Sequence[tuple[str, Sequence[tuple[str, float]]]]
"""For each token of a reply the token, and the likeliest tokens in its place with their log probabilities."""

_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_DECORATION = " \t\r\n\"'`*_#.:"
_FENCED = re.compile(r"\A\s*```(?:json)?\s*(.*?)\s*```\s*\Z", re.DOTALL)
_FURTHER_DIGITS = re.compile(r"(?!\.0+(?!\d))\s*[.,\u2013-]\s*\d")
_MOST_TOKENS = (1 << 63) - 1
_VALUE = re.compile(r'\{\s*"category"\s*:\s*"')


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's reply."""

    text: str
    """Its text; "" when it has none."""
    model: str
    """Name of the model, as the server reports it."""
    form: str
    """Name of the form in which it was asked for."""
    cut_off: bool
    """Whether it ended because `max_tokens` were used up."""
    tokens_in: int | None
    """Tokens of the prompt."""
    tokens_out: int | None
    """Tokens of the reply."""
    tokens: Tokens
    """Its tokens with their alternatives; empty when the server gives none."""


def reply_of(body: object, form: str) -> Reply:
    """Read a chat completion, which servers do not always make as they should.

    Raises ValueError for what is none, in words for people.
    """
    choices = body.get("choices") if isinstance(body, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(body, dict) or not isinstance(choice, dict) or not isinstance(message, dict):
        raise ValueError(f"the server sent no chat completion: {quoted(body)}")  # noqa: TRY004
    usage = body.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    texts = (message.get("content"), message.get("refusal"), "")
    return Reply(
        text=without_surrogates(next(text for text in texts if isinstance(text, str))),
        model=without_surrogates(str(body.get("model") or "")),
        form=form,
        cut_off=choice.get("finish_reason") == "length",
        tokens_in=_count(usage.get("prompt_tokens")),
        tokens_out=_count(usage.get("completion_tokens")),
        tokens=_tokens(choice.get("logprobs")),
    )


def quoted(words: object, status: object = None) -> str:
    """Quote a server in one line of at most `MOST_WORDS` characters, after its HTTP status if one is given."""
    line = " ".join(f"{f'HTTP {status}: ' if status else ''}{words}".split())
    return without_surrogates(line[:MOST_WORDS])


def _count(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= _MOST_TOKENS else None


def _tokens(logprobs: Any) -> Tokens:  # noqa: ANN401  whatever a server sends
    """Return the tokens of a reply with their alternatives; nothing when any of it is not as it should be."""
    try:
        return [
            (
                str(token["token"]),
                [_alternative(other) for other in token["top_logprobs"]] or [_alternative(token)],
            )
            for token in logprobs["content"]
        ]
    except (KeyError, TypeError, ValueError):
        return []


def _alternative(token: Any) -> tuple[str, float]:  # noqa: ANN401  whatever a server sends
    logprob = float(token["logprob"])
    if math.isnan(logprob):
        raise ValueError("a probability is not a number")
    return str(token["token"]), logprob


def category_in(reply: str, categories: Sequence[str], keys: Sequence[str]) -> str | None:
    """Return the category that a reply names, as JSON or as plain text; None when it names none.

    A plain reply has to begin with the name of a category or be the key of one; nothing is guessed from the rest.
    """
    reply = _THOUGHTS.sub("", reply)
    if fenced := _FENCED.match(reply):
        reply = fenced[1]
    try:
        value = json.loads(reply)
    except (ValueError, RecursionError):
        return _named(reply, categories, keys)
    if isinstance(value, dict):
        value = value.get("category")
    return _named(str(value), categories, keys) if isinstance(value, str | int | float) else None


def _named(words: str, categories: Sequence[str], keys: Sequence[str]) -> str | None:
    words = words.strip(_DECORATION)
    if words in categories:
        return words
    if words in keys:
        return categories[keys.index(words)]
    folded = words.casefold()
    for name in sorted(categories, key=len, reverse=True):
        start = name.strip(_DECORATION).casefold()
        rest = folded.removeprefix(start)
        if folded.startswith(start) and not rest[:1].isalnum() and not _goes_on(start, rest):
            return name
    return None


def _goes_on(start: str, rest: str) -> bool:
    """Tell whether a number goes on after the name of a category: "3.7" and "2-3" are not 3 and 2, but "3.0" is."""
    return start[-1:].isdigit() and _FURTHER_DIGITS.match(rest) is not None


def probabilities_in(tokens: Tokens, categories: Sequence[str]) -> dict[str, float] | None:
    """Return the probability of each category that the reply could have begun with; None when that cannot be told.

    An alternative token counts for a category when no other begins so. What the alternatives leave open counts for
    none, so that the sum may be below 1. Probabilities that add up to more than 1 are none.
    """
    start = _start(tokens)
    if start is None:
        return None
    index, lead = start
    result: dict[str, float] = {}
    prefix, path = "", 1.0
    for token, alternatives in tokens[index:]:
        chosen = 0.0
        for alternative, logprob in alternatives:
            probability = path * math.exp(min(logprob, 0.0))
            if alternative == token:
                chosen = probability
            elif alternative.startswith(lead):
                candidates = _candidates(prefix + alternative.removeprefix(lead), categories)
                if len(candidates) == 1:
                    result[candidates[0]] = result.get(candidates[0], 0.0) + probability
        prefix, path, lead = prefix + token.removeprefix(lead), chosen, ""
        candidates = _candidates(prefix, categories)
        if len(candidates) < 2 or not chosen:
            break
    if prefix.strip() in categories:
        candidates = [prefix.strip()]
    if len(candidates) != 1 or not path:
        return None
    result[candidates[0]] = result.get(candidates[0], 0.0) + path
    if math.fsum(result.values()) > MOST_IN_ALL:
        return None
    return {name: min(1.0, round(result[name], 6)) for name in categories if name in result}


def _start(tokens: Tokens) -> tuple[int, str] | None:
    """Return the token in which the name of a category begins, and what stands in it before the name."""
    text = "".join(token for token, _ in tokens)
    value = _VALUE.search(text)
    if value is None:
        return (0, "") if text and "{" not in text and "<think>" not in text else None
    position = 0
    for index, (token, _) in enumerate(tokens):
        if position <= value.end() < position + len(token):
            return index, token[: value.end() - position]
        position += len(token)
    return None


def _candidates(beginning: str, categories: Sequence[str]) -> list[str]:
    """Return the categories whose name a text begins, or that it names in full."""
    beginning = beginning.lstrip()
    if not beginning:
        return list(categories)
    whole = [
        name for name in categories if beginning.startswith(name) and not beginning[len(name) :][:1].isalnum()
    ]
    longer = [name for name in categories if name.startswith(beginning)]
    ended = [name for name in whole if beginning != name]
    return ended or list(dict.fromkeys((*whole, *longer)))
