"""The HTTP client for the Hub, which fails at once and raises the errors of this app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from huggingface_hub import constants
from huggingface_hub.utils import (  # type: ignore[attr-defined]  # exported lazily, unseen by mypy
    httpx,
    parse_ratelimit_headers,
)

from corpuscope.corpora.hub_settings import require_online
from corpuscope.errors import AccessDenied, CorpuscopeError, CorpusError, SourceUnavailable

_DATASET = re.compile(
    r"/datasets/(?P<id>[^/]+/[^/]+)"
    r"(/(?P<call>resolve|revision|tree|paths-info)/(?P<revision>[^/]+)(/(?P<name>.+))?)?"
)
_ERRNO = re.compile(r"^\[Errno -?\d+\] ")
_TRANSIENT = frozenset({408, 425, 429})
_CONNECT_SECONDS = 5.0
_LOGIN = "log in with `hf auth login` or set HF_TOKEN"
_AGAIN = "it is tried again"


class HubClient(httpx.Client):
    """A client that raises our errors instead of returning failed responses.

    huggingface_hub and `datasets` retry requests that fail with an `httpx` error for up to a minute. They pass
    our errors on unchanged, so that only the feed retries.
    """

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:  # noqa: ANN401
        """Send a request. Raises SourceUnavailable, AccessDenied, CorpusError or HubOffline."""
        require_online(_subject(request.url))
        with translate_errors(request.url):
            response = super().send(request, **options)
        if fault := _fault(response):
            response.close()
            raise fault
        return response


def new_client() -> HubClient:
    """Return a client whose read timeout is HF_HUB_DOWNLOAD_TIMEOUT, in seconds without a byte."""
    timeout = httpx.Timeout(float(constants.HF_HUB_DOWNLOAD_TIMEOUT), connect=_CONNECT_SECONDS)
    return HubClient(follow_redirects=True, timeout=timeout)


@contextmanager
def translate_errors(url: httpx.URL | str) -> Iterator[None]:
    """Turn `httpx` transport errors into SourceUnavailable."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise SourceUnavailable(f"{_subject(url)} did not arrive in time", _AGAIN) from error
    except httpx.TransportError as error:
        reason = _ERRNO.sub("", str(error)) or type(error).__name__
        raise SourceUnavailable(f"{_subject(url)} did not arrive: {reason}", "check the network") from error


def _subject(url: httpx.URL | str) -> str:
    """Return the file or list that an address stands for, and the host it was requested from."""
    url = httpx.URL(url)
    match = _DATASET.search(url.path)
    what = (match["name"] or f"the file list of {match['id']}") if match else url.path
    return f"{what} from {url.netloc.decode()}"


def _fault(response: httpx.Response) -> CorpuscopeError | None:
    """Return the error a response stands for; None when it is usable, or when a missing file is expected."""
    status = response.status_code
    if status < 400:
        return None
    first = response.history[0].request if response.history else response.request
    if status in _TRANSIENT or status >= 500:
        wait = _retry_after(response.headers)
        when = f", to be asked again in {wait:.0f} s" if wait is not None else ""
        message = f"{_subject(first.url)}: the answer was {status}{when}"
        return SourceUnavailable(message, _AGAIN, retry_after=wait)
    if first.url.netloc != response.request.url.netloc and status in (401, 403):
        # The signed address has expired. Another request to the Hub yields a fresh one.
        return SourceUnavailable(f"{_subject(first.url)}: the storage behind it answered {status}", _AGAIN)
    return _refusal(first, response)


def _refusal(request: httpx.Request, response: httpx.Response) -> CorpuscopeError | None:
    match = _DATASET.search(request.url.path)
    if match is None:
        return None
    status, code = response.status_code, response.headers.get("X-Error-Code", "")
    reason = response.headers.get("X-Error-Message", "no reason given")
    dataset, page = match["id"], f"{constants.ENDPOINT}/datasets/{match['id']}"
    if status in (401, 403) and code == "GatedRepo":
        has_token = "authorization" in request.headers
        then = "the account of your token has not been let in yet" if has_token else f"then {_LOGIN}"
        return AccessDenied(f"dataset {dataset} is gated", f"ask for access at {page}; {then}")
    if status == 401 and "credentials" in reason:
        return AccessDenied(f"the Hub does not accept your token for dataset {dataset}: {reason}", _LOGIN)
    if status == 401 or code == "RepoNotFound":
        kind = AccessDenied if status == 401 else CorpusError
        hint = f"check the name at {page}; if it is private, {_LOGIN} of an account that may read it"
        return kind(f"dataset {dataset} does not exist, or is private", hint)
    if status == 403:
        return AccessDenied(f"the Hub refused dataset {dataset}: {reason}", f"see {page}, or {_LOGIN}")
    if code == "RevisionNotFound":
        return CorpusError(
            f"dataset {dataset} has no revision {match['revision']}", f"see {page}/commits/main"
        )
    if request.method == "GET" and match["call"] == "resolve":  # `datasets` probes for files with HEAD
        return CorpusError(
            f"{match['name']} cannot be had from dataset {dataset}: {status}", f"see {page}/tree/main"
        )
    return None


def _retry_after(headers: httpx.Headers) -> float | None:
    """Return the seconds a response asks to wait, from a used-up RateLimit or else from Retry-After."""
    limit = parse_ratelimit_headers(headers)
    if limit is not None and limit.remaining == 0:
        return float(limit.reset_in_seconds)
    value = headers.get("Retry-After", "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
