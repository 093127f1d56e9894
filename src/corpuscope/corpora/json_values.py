"""JSON objects as people write them: with huge numbers, deep nesting and repeated keys."""

from __future__ import annotations

import re
from json import JSONDecoder
from json.decoder import scanstring  # type: ignore[attr-defined]  # public name, missing in typeshed
from typing import Any

from corpuscope.corpora.rows import Record, unique_names

_AROUND = " \t\r\n\ufeff\x1e"
"""Characters around an object that are no part of it: blanks, a byte order mark, RFC 7464's separator."""

_LONGEST_INT = 4000
"""Digits of an integer. Python refuses to read longer ones, which stay text."""

_NEXT = re.compile(r"[ \t\r\n]*(.?)", re.DOTALL)

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_INT else digits


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) == len(pairs):
        return record
    names = unique_names([name for name, _ in pairs])
    return dict(zip(names, (value for _, value in pairs), strict=True))


_DECODER = JSONDecoder(object_pairs_hook=_object, parse_int=_integer)


def parse_object(text: str) -> Record | None:
    """Return a JSON object, which may be followed by a comma; None when `text` holds anything else.

    Integers too long for Python stay text, and so does a value that is nested too deep. Of repeated keys the
    later ones are numbered.
    """
    text = text.strip(_AROUND).removesuffix(",")
    try:
        record = _DECODER.decode(text)
    except RecursionError:
        record = _by_member(text)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _by_member(text: str) -> dict[str, Any] | None:
    """Parse an object one member at a time; None when it is malformed."""
    pairs: list[tuple[str, Any]] = []
    character, at = _next(text, 0)
    try:
        while character in ("{", ","):
            character, at = _next(text, at)
            if character != '"':
                return None
            key, at = scanstring(text, at)
            character, at = _next(text, at)
            if character != ":":
                return None
            value, at = _value(text, _next(text, at)[1] - 1)
            pairs.append((key, value))
            character, at = _next(text, at)
    except ValueError:
        return None
    return _object(pairs) if character == "}" and not text[at:].strip() else None


def _next(text: str, at: int) -> tuple[str, int]:
    """Return the next character that is not blank, and the position behind it."""
    match = _NEXT.match(text, at)
    return (match.group(1), match.end()) if match else ("", at)


def _value(text: str, at: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except RecursionError:
        depth = 0
        for token in _TOKEN.finditer(text, at):
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token.group(), 0)
            if depth == 0:
                return text[at : token.end()], token.end()
        raise ValueError("the value does not end") from None
