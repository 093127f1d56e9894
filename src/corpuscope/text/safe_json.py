"""JSON that every reader takes line by line: legible, and escaped where it would break."""

import json
import re

_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def json_text(value: object) -> bytes:
    """One line of JSON in UTF-8, without its line end.

    Written as escapes: what some readers take for a line end, and what UTF-8 cannot hold.
    """
    line = json.dumps(value, ensure_ascii=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", line).encode()
