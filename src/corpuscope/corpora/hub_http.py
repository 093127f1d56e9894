"""An HTTP client for the Hub that fails at once, and says in our words what failed."""

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
_PASSING = frozenset({408, 425, 429})
_CONNECT_SECONDS = 5.0
_LOGIN = "log in with `hf auth login` or set HF_TOKEN"
_AGAIN = "it is tried again"


class HubClient(httpx.Client):
    """Raises our errors instead of returning answers nobody can use.

    huggingface_hub and `datasets` repeat requests that fail with an error of `httpx`, for up to a minute.
    Ours pass through them untouched, so that the retries of the feed are the only ones.
    """

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:  # noqa: ANN401
        """Sends a request. Raises SourceUnavailable, AccessDenied, CorpusError or HubOffline."""
        require_online(_subject(request.url))
        with translate_errors(request.url):
            response = super().send(request, **options)
        if fault := _fault(response):
            response.close()
            raise fault
        return response


def new_client() -> HubClient:
    """A client with the patience that HF_HUB_DOWNLOAD_TIMEOUT asks for: seconds without a byte."""
    patience = httpx.Timeout(float(constants.HF_HUB_DOWNLOAD_TIMEOUT), connect=_CONNECT_SECONDS)
    return HubClient(follow_redirects=True, timeout=patience)


@contextmanager
def translate_errors(url: httpx.URL | str) -> Iterator[None]:
    """Turns what the network does into SourceUnavailable."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise SourceUnavailable(f"{_subject(url)} did not arrive in time", _AGAIN) from error
    except httpx.TransportError as error:
        reason = _ERRNO.sub("", str(error)) or type(error).__name__
        raise SourceUnavailable(f"{_subject(url)} did not arrive: {reason}", "check the network") from error


def _subject(url: httpx.URL | str) -> str:
    """What an address stands for, and who was asked for it."""
    url = httpx.URL(url)
    found = _DATASET.search(url.path)
    what = (found["name"] or f"the file list of {found['id']}") if found else url.path
    return f"{what} from {url.netloc.decode()}"


def _fault(response: httpx.Response) -> CorpuscopeError | None:
    """What an answer means for a reader; None when it can be used, or when a missing file was expected."""
    status = response.status_code
    if status < 400:
        return None
    first = response.history[0].request if response.history else response.request
    if status in _PASSING or status >= 500:
        wait = _retry_after(response.headers)
        said = f", to be asked again in {wait:.0f} s" if wait is not None else ""
        message = f"{_subject(first.url)}: the answer was {status}{said}"
        return SourceUnavailable(message, _AGAIN, retry_after=wait)
    if first.url.netloc != response.request.url.netloc and status in (401, 403):
        # A signed address that has expired; asking the Hub again yields a fresh one.
        return SourceUnavailable(f"{_subject(first.url)}: the storage behind it answered {status}", _AGAIN)
    return _refusal(first, response)


def _refusal(request: httpx.Request, response: httpx.Response) -> CorpuscopeError | None:
    found = _DATASET.search(request.url.path)
    if found is None:
        return None
    status, code = response.status_code, response.headers.get("X-Error-Code", "")
    said = response.headers.get("X-Error-Message", "no reason given")
    dataset, page = found["id"], f"{constants.ENDPOINT}/datasets/{found['id']}"
    if status in (401, 403) and code == "GatedRepo":
        known = "authorization" in request.headers
        then = "the account of your token has not been let in yet" if known else f"then {_LOGIN}"
        return AccessDenied(f"dataset {dataset} is gated", f"ask for access at {page}; {then}")
    if status == 401 and "credentials" in said:
        return AccessDenied(f"the Hub does not accept your token for dataset {dataset}: {said}", _LOGIN)
    if status == 401 or code == "RepoNotFound":
        kind = AccessDenied if status == 401 else CorpusError
        hint = f"check the name at {page}; if it is private, {_LOGIN} of an account that may read it"
        return kind(f"dataset {dataset} does not exist, or is private", hint)
    if status == 403:
        return AccessDenied(f"the Hub refused dataset {dataset}: {said}", f"see {page}, or {_LOGIN}")
    if code == "RevisionNotFound":
        return CorpusError(
            f"dataset {dataset} has no revision {found['revision']}", f"see {page}/commits/main"
        )
    if request.method == "GET" and found["call"] == "resolve":  # `datasets` probes for files with HEAD
        return CorpusError(
            f"{found['name']} cannot be had from dataset {dataset}: {status}", f"see {page}/tree/main"
        )
    return None


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds the answer asks to wait: a used-up RateLimit, else Retry-After as seconds or as a date."""
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
