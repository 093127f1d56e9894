"""The encoding of a text file, as its first bytes tell."""

from __future__ import annotations

import codecs

UTF8_MARK = codecs.BOM_UTF8
"""Byte order mark of UTF-8, which some editors write."""

_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be", UTF8_MARK: "utf-8"}
"""Encodings by their byte order mark."""

_ZEROS = {"1010": "utf-16-le", "0101": "utf-16-be"}
"""Encodings by which of the first four bytes of two ASCII characters are zero."""


def encoding_of(data: bytes) -> tuple[str, bytes]:
    """Return the encoding of a text that begins with `data`, and its byte order mark, b"" without one.

    UTF-16 without a mark is recognised where two ASCII characters come first. Everything else is UTF-8.
    """
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return encoding, mark
    zeros = "".join("0" if byte == 0 else "1" for byte in data[:4])
    return _ZEROS.get(zeros, "utf-8"), b""


def begins_as_utf16(data: bytes) -> bool:
    """Tell whether a text begins like UTF-16: with a mark, or with a zero byte, which no other text has."""
    return encoding_of(data)[0] != "utf-8" or 0 in data[:4]
