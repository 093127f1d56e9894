"""Requests to the Hub: a card, a page of a file list, ranges of bytes of a file."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

from corpuscope.corpora.hub_multipart import is_multipart, most_bytes, ranges_of
from corpuscope.corpora.hub_settings import endpoint, log_to_root, silence_hub
from corpuscope.errors import ConfigError, CorpusError, SourceUnavailable
from corpuscope.version import __version__

if TYPE_CHECKING:  # the environment is set before huggingface_hub is loaded
    from huggingface_hub.utils import httpx  # type: ignore[attr-defined]

Span = tuple[int, int]
"""A range of bytes: its first offset, and the offset after its last."""

_LANES = 4
"""Ranges of one file fetched at the same time, from storage that sends one of them per request."""
_MOST_AT_ONCE = 16
"""Ranges in one request. Servers limit them, and the length of a header."""
_MOST_REFUSALS = 2
"""Requests for several ranges that a host refuses before it gets no more of them. One may be an accident."""
_LISTS = BoundedSemaphore(8)
"""Pages of file lists asked for at the same time."""
_MAX_HOPS = 8
_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each retry of one block of a long stream, since starting again would cost far more."""
_KEPT_SECONDS = 300.0
"""Seconds for which an address is used whose expiry is not part of it."""
_MARGIN_SECONDS = 30.0
"""Seconds before its expiry from which an address is not used."""


@cache
def configure_hub_client() -> None:
    """Make huggingface_hub, and through it `datasets`, use our HTTP client. Call this before using either."""
    silence_hub()
    from huggingface_hub import set_client_factory

    from corpuscope.corpora.hub_http import new_client

    set_client_factory(new_client)
    log_to_root("huggingface_hub")


def file_url(dataset: str, revision: str, name: str) -> str:
    """Return the URL of one file of a dataset."""
    return f"{endpoint()}/datasets/{dataset}/resolve/{quote(revision, safe='')}/{quote(name)}"


@dataclass(frozen=True, slots=True)
class Hop:
    """One host on the way to the bytes of a file."""

    host: str
    """Name and port."""
    seconds: float
    """Time until its answer."""


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
            from datetime import UTC, datetime

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
        response = _send(address, _headers(address, url) | _range(*spans), url, follow_redirects=True)
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
    return _body(url, span, _send(address, _headers(address, url) | _range(span), url, follow_redirects=True))


def _headers(address: str, url: str) -> dict[str, str]:
    """Return the headers of a request to storage, which gets no token; to the Hub itself when `address` is `url`."""
    return hub_headers() if address == url else _program()


def _resolve(url: str, span: Span) -> str | bytes:
    """Return the storage address of the file at `url`, or the bytes of `span` when the Hub sends them itself."""
    response = _send(url, hub_headers() | _range(span), url, follow_redirects=False)
    for _ in range(_MAX_HOPS):
        if not response.is_redirect:
            return _body(url, span, response)
        response.close()
        step = response.next_request
        if step is None:
            raise SourceUnavailable(f"{url} answered {response.status_code} without an address to go to")
        if _origin(str(step.url)) != _origin(url) and "/resolve" not in step.url.path:
            return str(step.url)
        response = _session().send(step, stream=True, follow_redirects=False)
    raise SourceUnavailable(f"{url} redirects without an end")


def _body(url: str, span: Span, response: httpx.Response) -> bytes:
    """Return exactly the bytes of `span` from a response that may still be arriving."""
    from corpuscope.corpora.hub_http import translate_errors

    start, end = span
    try:
        if response.status_code == 404:
            raise _gone(url)
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


def _gone(url: str) -> CorpusError:
    dataset, _, name = urlsplit(url).path.partition("/datasets/")[2].partition("/resolve/")
    file = name.partition("/")[2]
    return CorpusError(
        f"dataset {dataset} has no file {file} at this commit",
        f"see {endpoint()}/datasets/{dataset}/tree/main",
    )


def read_card(dataset: str, revision: str) -> tuple[str, bytes]:
    """Return the commit of `revision`, a commit, branch or tag, and the content of the dataset's card.

    The card is empty when there is none. Raises like `read_range`.
    """
    url = file_url(dataset, revision, "README.md")
    response = _session().get(url, headers=hub_headers(), extensions=_extensions(url))
    hops = [*response.history, response]
    commit = next((hop.headers["X-Repo-Commit"] for hop in hops if "X-Repo-Commit" in hop.headers), None)
    if commit is None:
        raise SourceUnavailable(
            f"README.md from {urlsplit(url).netloc}: the answer names no commit, as a sign-in page of a network would",
            "check the network and HF_ENDPOINT",
        )
    if response.status_code not in (200, 404):
        raise SourceUnavailable(f"{url} answered {response.status_code}")
    return commit, response.content if response.status_code == 200 else b""


def list_tree(dataset: str, revision: str, folder: str, *, recursive: bool) -> Iterator[dict[str, Any]]:
    """Yield the entries of a folder of a dataset as the Hub describes them, 1,000 per request.

    Each has `type` ("file" or "directory"), `path` and `size`. Raises FileNotFoundError when there is no such
    folder, and like `read_range`.
    """
    base = f"{endpoint()}/api/datasets/{dataset}/tree/{quote(revision, safe='')}"
    url: str | None = (
        f"{base}/{quote(folder)}".rstrip("/") + f"?recursive={str(recursive).lower()}&expand=false"
    )
    pages: set[str] = set()
    while url is not None:
        if url in pages:
            raise SourceUnavailable(f"the file list of {dataset} has no end: a page comes after itself")
        pages.add(url)
        with _LISTS:
            response = _session().get(url, headers=hub_headers())
        if response.status_code == 404:
            raise FileNotFoundError(f"dataset {dataset} has no folder {folder}")
        if response.status_code != 200:
            raise SourceUnavailable(f"{url} answered {response.status_code}")
        try:
            entries = response.json()
        except (ValueError, RecursionError) as error:
            raise SourceUnavailable(f"the file list of {dataset} is not JSON: {error}") from error
        if not isinstance(entries, list) or not all(map(_is_entry, entries)):
            raise SourceUnavailable(f"the answer to the file list of {dataset} is no list of files")
        yield from entries
        following = response.links.get("next", {}).get("url")
        url = _at_endpoint(following) if following else None


def _is_entry(value: object) -> bool:
    """Tell whether a value of a file list describes a file or folder."""
    if not isinstance(value, dict):
        return False
    size = value.get("size") or 0
    return isinstance(value.get("path"), str) and "type" in value and isinstance(size, int) and size >= 0


def _at_endpoint(url: str) -> str:
    """Move an address to the configured Hub, since a mirror may pass on that of the original."""
    hub, parts = urlsplit(endpoint()), urlsplit(url)
    path = parts.path[parts.path.find("/api/") :]
    return urlunsplit((hub.scheme, hub.netloc, hub.path + path, parts.query, ""))


def probe_file(dataset: str, revision: str, name: str, seconds: float) -> list[Hop]:
    """Fetch the first byte of a file, without retries, and return every host on the way with its time.

    Raises SourceUnavailable when a host does not answer within `seconds`, and like `read_range`.
    """
    from corpuscope.corpora.hub_http import translate_errors

    url = file_url(dataset, revision, name)
    hops = []
    session = _session()
    request = session.build_request(
        "GET",
        url,
        headers=hub_headers() | _range((0, 1)),
        timeout=seconds,
        extensions=_extensions(url),
    )
    for _ in range(_MAX_HOPS):
        began = time.monotonic()
        with translate_errors(url):
            response = session.send(request, stream=True, follow_redirects=False)
        hops.append(Hop(request.url.netloc.decode(), time.monotonic() - began))
        response.close()
        if response.status_code == 404:
            raise _gone(url)
        if not response.is_redirect:
            break
        if response.next_request is None:
            raise SourceUnavailable(f"{url} answered {response.status_code} without an address to go to")
        request = response.next_request
    return hops


def _send(address: str, headers: dict[str, str], url: str, *, follow_redirects: bool) -> httpx.Response:
    session = _session()
    request = session.build_request("GET", address, headers=headers, extensions=_extensions(url))
    return session.send(request, stream=True, follow_redirects=follow_redirects)


def _session() -> httpx.Client:
    configure_hub_client()
    from huggingface_hub import get_session

    return get_session()


def hub_headers() -> dict[str, str]:
    """Return the headers of a request to the Hub: our name, and the token when there is one.

    Raises ConfigError for a token that no header can hold.
    """
    configure_hub_client()
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # exported lazily

    headers: dict[str, str] = build_hf_headers(library_name="corpuscope", library_version=__version__)
    token = headers.get("authorization", "").removeprefix("Bearer ")
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise ConfigError(
            "the token of the Hub holds characters that no token has",
            "copy HF_TOKEN again, or log in with `hf auth login`",
        )
    return headers


def _program() -> dict[str, str]:
    """Return the headers of a request to storage, which gets no token."""
    return {name: value for name, value in hub_headers().items() if name != "authorization"}


def _range(*spans: Span) -> dict[str, str]:
    # CloudFront takes several ranges in ascending order only. Storage that may compress its answer ignores them.
    ranges = ",".join(f"{start}-{end - 1}" for start, end in sorted(spans))
    return {"Range": f"bytes={ranges}", "Accept-Encoding": "identity"}


def _extensions(url: str) -> dict[str, Any]:
    from corpuscope.corpora.hub_http import FILE

    return {FILE: url}


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
