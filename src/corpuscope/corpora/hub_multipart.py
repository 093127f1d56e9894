"""Several ranges of a file in one answer: the `multipart/byteranges` of RFC 9110, section 14.6."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BOUNDARY = re.compile(r"multipart/byteranges\s*;.*?boundary=\"?([^\";,\s]+)", re.IGNORECASE)
_CONTENT_RANGE = re.compile(rb"^content-range:\s*bytes\s+(\d+)-(\d+)/", re.IGNORECASE | re.MULTILINE)
_HEAD = 1024
"""Most bytes of the boundary and the headers of one part."""


def is_multipart(content_type: str) -> bool:
    """Return whether a body of this type holds several ranges."""
    return _BOUNDARY.match(content_type) is not None


def most_bytes(spans: Sequence[tuple[int, int]]) -> int:
    """Return the most bytes that an answer with these ranges may have."""
    return sum(end - start for start, end in spans) + (len(spans) + 1) * _HEAD


def ranges_of(content_type: str, body: bytes, spans: Sequence[tuple[int, int]]) -> list[bytes] | None:
    """Return the bytes of each span, a first offset and the offset after the last, from a multipart body.

    A server may answer in another order, and may join ranges. None when the body is no multipart, is damaged, or lacks
    a span.
    """
    parts = _parts(content_type, body)
    if parts is None:
        return None
    ranges = []
    for start, end in spans:
        content = next(
            (
                part[start - offset : end - offset]
                for offset, part in parts
                if offset <= start and end <= offset + len(part)
            ),
            None,
        )
        if content is None:
            return None
        ranges.append(bytes(content))
    return ranges


def _parts(content_type: str, body: bytes) -> list[tuple[int, memoryview]] | None:
    """Return the offset in the file and the content of each part; None when the body is not as the RFC has it."""
    boundary = _BOUNDARY.match(content_type)
    if boundary is None:
        return None
    delimiter = b"--" + boundary[1].encode("ascii", "replace")
    view = memoryview(body)
    parts: list[tuple[int, memoryview]] = []
    position = body.find(delimiter, 0, _HEAD)
    while position >= 0 and body.startswith(delimiter, position):
        position += len(delimiter)
        if body.startswith(b"--", position):
            return parts
        head = body.find(b"\r\n\r\n", position, position + _HEAD)
        content_range = _CONTENT_RANGE.search(body[position : max(head, position)])
        if content_range is None:
            return None
        # The length is part of the headers, so a boundary within the content does no harm.
        start, last = int(content_range[1]), int(content_range[2])
        begin = head + 4
        end = begin + last + 1 - start
        if not begin < end <= len(body) or not body.startswith(b"\r\n", end):
            return None
        parts.append((start, view[begin:end]))
        position = end + 2
    return None
