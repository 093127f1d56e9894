"""JSON lines that are legible and that every reader splits at the same places."""

from __future__ import annotations

import json
import re

_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def json_text(value: object) -> bytes:
    """Serialise `value` as one line of JSON in UTF-8, without a line end.

    Characters that some readers take for a line end, and surrogates, are written as escapes.
    """
    line = json.dumps(value, ensure_ascii=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", line).encode()
