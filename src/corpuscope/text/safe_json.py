"""JSON that no terminal acts on and every reader splits at the same places, and bytes of texts beyond UTF-8."""

from __future__ import annotations

import json
import math
import re
from functools import cache

from corpuscope.text.terminal_text import UNSAFE

_SURROGATE = "[\ud800-\udfff]"


def json_text(value: object, *, indent: int | None = None) -> bytes:
    """Serialise `value` as JSON in UTF-8, without a line end; on one line unless `indent` is given.

    Controls, bidi, tag and zero-width characters are written as escapes, which JSON readers undo. Many readers refuse a
    file with a lone surrogate, which becomes U+FFFD. NaN and infinities become null.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    except ValueError:
        text = json.dumps(_without_nan(value), ensure_ascii=False, indent=indent)
    return _unsafe().sub(_escape, without_surrogates(text)).encode()


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]


def _without_nan(value: object) -> object:
    """Return `value` with None for each number that JSON cannot write."""
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


@cache
def _unsafe() -> re.Pattern[str]:
    return re.compile(UNSAFE)


def is_utf8(text: str) -> bool:
    """Tell whether UTF-8 can encode `text`; a search for surrogates would take ten times as long."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def exact_bytes(text: str) -> bytes:
    """Encode `text` as UTF-8, and a lone surrogate as the three bytes it was read from."""
    return text.encode("utf-8", errors="surrogatepass")


def exact_text(data: bytes) -> str:
    """Decode what `exact_bytes` encoded. Raises UnicodeDecodeError."""
    return data.decode("utf-8", errors="surrogatepass")


def without_surrogates(text: str) -> str:
    """Return `text` as UTF-8 can encode it, with U+FFFD in place of each lone surrogate."""
    return text if is_utf8(text) else re.sub(_SURROGATE, "\ufffd", text)
