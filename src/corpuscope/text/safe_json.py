"""JSON that no terminal acts on and every reader splits at the same places, and bytes of texts beyond UTF-8."""

from __future__ import annotations

import json
import re
from functools import cache

from corpuscope.text.terminal_text import UNSAFE

_SURROGATE = re.compile("[\ud800-\udfff]")


def json_text(value: object, *, indent: int | None = None) -> bytes:
    """Serialise `value` as JSON in UTF-8, without a line end; on one line unless `indent` is given.

    Controls, bidi, tag and zero-width characters, and surrogates are written as escapes, which JSON readers undo.
    """
    return _unsafe().sub(_escape, json.dumps(value, ensure_ascii=False, indent=indent)).encode()


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]


@cache
def _unsafe() -> re.Pattern[str]:
    return re.compile(UNSAFE)


def is_utf8(text: str) -> bool:
    """Whether UTF-8 can encode `text`; a search for surrogates would take ten times as long."""
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
    return _SURROGATE.sub("\ufffd", text)
