"""Ranges of bytes of a file on the Hub, fetched from the storage that the Hub sends to."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from corpuscope.corpora.hub_multipart import is_multipart, most_bytes, ranges_of
from corpuscope.corpora.hub_requests import (
    MAX_HOPS,
    Span,
    hub_headers,
    hub_session,
    missing_file,
    range_header,
    send,
)
from corpuscope.errors import CorpusError, SourceUnavailable

if TYPE_CHECKING:  # the environment is set before huggingface_hub is loaded
    from huggingface_hub.utils import httpx  # type: ignore[attr-defined]

_LANES = 4
"""Ranges of one file fetched at the same time, from storage that sends one of them per request."""
_MOST_AT_ONCE = 16
"""Ranges in one request. Servers limit them, and the length of a header."""
_MOST_REFUSALS = 2
"""Requests for several ranges that a host refuses before it gets no more of them. One may be an accident."""
_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each retry of one block of a long stream, since starting again would cost far more."""
_KEPT_SECONDS = 300.0
"""Seconds for which an address is used whose expiry is not part of it."""
_MARGIN_SECONDS = 30.0
"""Seconds before its expiry from which an address is not used."""


class _Addresses:
    """The storage addresses of files, each kept until it expires. Thread-safe."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, float]] = {}
        self._lock = Lock()

    def of(self, url: str) -> str | None:
        with self._lock:
            address, expiry = self._kept.get(url, ("", 0.0))
        return address if expiry > time.time() else None

    def keep(self, url: str, address: str) -> None:
        with self._lock:
            self._kept[url] = address, _expiry(address) - _MARGIN_SECONDS

    def drop(self, url: str, address: str) -> None:
        with self._lock:
            if self._kept.get(url, ("", 0.0))[0] == address:
                del self._kept[url]

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


ADDRESSES = _Addresses()
"""The storage addresses of this process."""

REFUSALS: Counter[str] = Counter()
"""By host, how often in a row it has refused to send several ranges at once."""


def _expiry(address: str) -> float:
    """Return when a signed address expires, in seconds since 1970, from the parameters of CloudFront or S3."""
    query = {name.lower(): values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    try:
        if "expires" in query:
            return float(query["expires"])
        if "x-amz-expires" in query and "x-amz-date" in query:
            signed = datetime.strptime(query["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            return signed.timestamp() + float(query["x-amz-expires"])
    except ValueError:
        pass
    return time.time() + _KEPT_SECONDS


def read_range(url: str, start: int, end: int) -> bytes:
    """Read exactly the bytes from `start` up to `end` of the file at `url`, without retries.

    Raises SourceUnavailable when another try may work, AccessDenied, ConfigError or CorpusError when it cannot.
    """
    return read_ranges(url, [(start, end)])[0]


def read_ranges(url: str, spans: Sequence[Span]) -> list[bytes]:
    """Read several ranges of the file at `url`, in one request where storage can send them so.

    Its address is resolved at most once. Raises like `read_range`.
    """
    from corpuscope.corpora.hub_http import AddressExpired

    address = ADDRESSES.of(url)
    if address is not None:
        try:
            return _read_all(address, url, spans)
        except AddressExpired:
            ADDRESSES.drop(url, address)
        except SourceUnavailable:
            ADDRESSES.drop(url, address)  # the Hub may send to another host by now
            raise
    resolved = _resolve(url, spans[0])
    if isinstance(resolved, str):
        ADDRESSES.keep(url, resolved)
        try:
            return _read_all(resolved, url, spans)
        except AddressExpired:
            ADDRESSES.drop(url, resolved)
            raise
    return [resolved, *_read_all(url, url, spans[1:])]


def read_range_with_retries(url: str, start: int, end: int) -> bytes:
    """Read a range of bytes like `read_range`, retrying for some seconds before SourceUnavailable."""
    for wait in _WAITS:
        try:
            return read_range(url, start, end)
        except SourceUnavailable as fault:
            requested = fault.retry_after or 0.0
            if requested > 10 * _WAITS[-1]:
                raise
            time.sleep(max(wait, requested))
    return read_range(url, start, end)


def _read_all(address: str, url: str, spans: Sequence[Span]) -> list[bytes]:
    if len(spans) < 2:
        return [_read(address, url, span) for span in spans]
    host = urlsplit(address).netloc
    if len(spans) <= _MOST_AT_ONCE and REFUSALS[host] < _MOST_REFUSALS:
        bodies = _read_at_once(address, url, spans)
        if bodies is not None:
            REFUSALS[host] = 0
            return bodies
        bodies = _read_separately(address, url, spans)
        REFUSALS[host] += 1  # only now, since a file that is gone or an expired address fails both ways
        return bodies
    return _read_separately(address, url, spans)


def _read_at_once(address: str, url: str, spans: Sequence[Span]) -> list[bytes] | None:
    """Read several ranges in one request; None when the server does not answer with them.

    Raises SourceUnavailable when the network fails, or the server asks to wait.
    """
    from corpuscope.corpora.hub_http import translate_errors

    try:
        response = send(address, _headers(address, url) | range_header(*spans), url, follow_redirects=True)
    except CorpusError:
        return None
    except SourceUnavailable as fault:
        if fault.retry_after is not None or fault.__cause__ is not None:
            raise
        return None
    kind, length = (response.headers.get(name, "") for name in ("Content-Type", "Content-Length"))
    try:  # Of anything else than what was asked for, such as the whole file, nothing is read.
        is_fitting = length.isdecimal() and int(length) <= most_bytes(spans)
        if response.status_code != 206 or not is_multipart(kind) or not is_fitting:
            return None
        with translate_errors(url):
            body = response.read()
    finally:
        response.close()
    return ranges_of(kind, body, spans)


def _read_separately(address: str, url: str, spans: Sequence[Span]) -> list[bytes]:
    try:
        with ThreadPoolExecutor(min(_LANES, len(spans))) as lanes:
            return list(lanes.map(lambda span: _read(address, url, span), spans))
    except RuntimeError as error:  # no thread can be started while Python shuts down
        raise SourceUnavailable(f"{url} was not read: {error}") from error


def _read(address: str, url: str, span: Span) -> bytes:
    return _body(
        url, span, send(address, _headers(address, url) | range_header(span), url, follow_redirects=True)
    )


def _headers(address: str, url: str) -> dict[str, str]:
    """Return the headers of a request to storage, which gets no token; to the Hub itself when `address` is `url`."""
    return hub_headers() if address == url else _program()


def _resolve(url: str, span: Span) -> str | bytes:
    """Return the storage address of the file at `url`, or the bytes of `span` when the Hub sends them itself."""
    response = send(url, hub_headers() | range_header(span), url, follow_redirects=False)
    for _ in range(MAX_HOPS):
        if not response.is_redirect:
            return _body(url, span, response)
        response.close()
        step = response.next_request
        if step is None:
            raise SourceUnavailable(f"{url} answered {response.status_code} without an address to go to")
        if _origin(str(step.url)) != _origin(url) and "/resolve" not in step.url.path:
            return str(step.url)
        response = hub_session().send(step, stream=True, follow_redirects=False)
    raise SourceUnavailable(f"{url} redirects too many times")


def _body(url: str, span: Span, response: httpx.Response) -> bytes:
    """Return exactly the bytes of `span` from a response that may still be arriving."""
    from corpuscope.corpora.hub_http import translate_errors

    start, end = span
    try:
        if response.status_code == 404:
            raise missing_file(url)
        if response.status_code != 206:  # a 200 would carry the whole file
            raise SourceUnavailable(
                f"{url} answered {response.status_code} to a request for a range of bytes"
            )
        sent = response.headers.get("Content-Range", "")
        if not sent.startswith(f"bytes {start}-{end - 1}/"):  # a broken cache may send another range
            raise SourceUnavailable(
                f"{url} sent {sent or 'no range'} where bytes {start}-{end - 1} were asked for"
            )
        body = bytearray()
        with translate_errors(url):
            for piece in response.iter_bytes():
                body += piece
                if len(body) > end - start:
                    break
    finally:
        response.close()
    if len(body) != end - start:
        raise SourceUnavailable(f"{url} sent {len(body)} bytes where {end - start} were asked for")
    return bytes(body)


def _program() -> dict[str, str]:
    """Return the headers of a request to storage, which gets no token."""
    return {name: value for name, value in hub_headers().items() if name != "authorization"}


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
