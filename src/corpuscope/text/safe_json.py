"""JSON lines that every reader splits at the same places, and exact bytes of texts that UTF-8 cannot encode."""

from __future__ import annotations

import json
import re

_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_SURROGATE = re.compile("[\ud800-\udfff]")


def json_text(value: object) -> bytes:
    """Serialise `value` as one line of JSON in UTF-8, without a line end.

    Characters that some readers take for a line end, and surrogates, are written as escapes.
    """
    line = json.dumps(value, ensure_ascii=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", line).encode()


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
