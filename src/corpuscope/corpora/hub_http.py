"""The HTTP client for the Hub, which fails at once and raises the errors of this app."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from huggingface_hub import constants
from huggingface_hub.utils import (  # type: ignore[attr-defined]  # exported lazily, unseen by mypy
    httpx,
    parse_ratelimit_headers,
)

from corpuscope.corpora.hub_settings import require_online
from corpuscope.errors import AccessDenied, ConfigError, CorpuscopeError, CorpusError, SourceUnavailable

_DATASET = re.compile(
    r"/datasets/(?P<id>[^/]+/[^/]+)"
    r"(/(?P<call>resolve|revision|tree|paths-info)/(?P<revision>[^/]+)(/(?P<name>.+))?)?"
)
_ERRNO = re.compile(r"^\[Errno -?\d+\] ")
LONGEST_WAIT = 3600.0
"""Seconds that a server may ask to wait; the Hub's own limits are renewed within 300."""
_TRANSIENT = frozenset({408, 425, 429})
_EXPIRED = frozenset({400, 401, 403, 410})
"""Statuses with which storage refuses a signed address that has expired."""
_CONNECT_SECONDS = 5.0
_LOGIN = "log in with `hf auth login` or set HF_TOKEN"
_AGAIN = "it will be tried again"
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Variables that name trusted certificates, the first one that is set being used."""
_PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY")
FILE = "corpuscope_file"
"""Extension of a request to storage that holds the Hub's address of the file, for messages."""


class AddressExpired(SourceUnavailable):
    """Storage refused a signed address, so the Hub has to be asked for a new one."""


class HubClient(httpx.Client):
    """A client that raises our errors instead of returning failed responses.

    huggingface_hub and `datasets` retry requests that fail with an `httpx` error for up to a minute. They pass
    our errors on unchanged, so that only the feed retries.
    """

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:  # noqa: ANN401
        """Send a request. Raises SourceUnavailable, AccessDenied, CorpusError, ConfigError or HubOffline."""
        url = request.extensions.get(FILE, request.url)
        require_online(_subject(url))
        with translate_errors(url):
            response = super().send(request, **options)
        if fault := _fault(response):
            response.close()
            raise fault
        return response


def new_client() -> HubClient:
    """Return a client whose read timeout is HF_HUB_DOWNLOAD_TIMEOUT, in seconds without a byte.

    Raises ConfigError when a variable names certificates or a proxy that cannot be used.
    """
    timeout = httpx.Timeout(float(constants.HF_HUB_DOWNLOAD_TIMEOUT), connect=_CONNECT_SECONDS)
    try:
        return HubClient(follow_redirects=True, timeout=timeout, verify=_certificates())
    except ImportError as error:
        raise ConfigError(
            f"{_proxy_variable()} names a SOCKS proxy, which needs the package socksio",
            "install it where corpuscope is installed: pip install socksio",
        ) from error
    except (ValueError, httpx.InvalidURL) as error:
        raise ConfigError(
            f"{_proxy_variable()} is not the address of a proxy: {error}",
            "unset it, or set it to http://HOST:PORT",
        ) from error


def _certificates() -> ssl.SSLContext | bool:
    """Return the trusted certificates that the environment names; True for those of the system."""
    variable = next((name for name in _CERTIFICATES if os.environ.get(name)), None)
    if variable is None:
        return True
    path = Path(os.environ[variable])
    where = f"{variable} is {str(path)!r}"
    try:
        context = (
            ssl.create_default_context(capath=str(path))
            if path.is_dir()
            else ssl.create_default_context(cafile=str(path))
        )
    except FileNotFoundError as error:
        raise ConfigError(
            f"{where}, and there is no such file", "name a PEM file of certificates, or unset it"
        ) from error
    except OSError as error:  # includes ssl.SSLError for a file that holds no certificate
        raise ConfigError(
            f"{where}, which cannot be read as certificates: {error}",
            "name a PEM file of certificates, or unset it",
        ) from error
    return context


def _proxy_variable() -> str:
    names = [name for upper in _PROXIES for name in (upper, upper.lower())]
    return next((name for name in names if os.environ.get(name)), "a proxy variable")


@contextmanager
def translate_errors(url: httpx.URL | str) -> Iterator[None]:
    """Turn `httpx` errors on the way to the file at `url` into our errors, which name the host at fault.

    None of them may reach `datasets`: it reads on after one, at what is then the end of the file.
    """
    try:
        yield
    except httpx.TimeoutException as error:
        raise SourceUnavailable(
            f"could not fetch {_subject(url)} in time{_via(error, url)}", _AGAIN
        ) from error
    except httpx.RequestError as error:
        if untrusted := _cause(error, ssl.SSLCertVerificationError):
            host = _failing_url(error, url).host
            raise ConfigError(
                f"the certificate of {host} is not trusted: {getattr(untrusted, 'verify_message', untrusted)}",
                "where a proxy of your network signs certificates, set SSL_CERT_FILE to the PEM file of its authority",
            ) from error
        reason = _ERRNO.sub("", str(error)) or type(error).__name__
        message = f"could not fetch {_subject(url)}: {reason}{_via(error, url)}"
        raise SourceUnavailable(message, "check the network") from error


def _failing_url(error: httpx.RequestError, url: httpx.URL | str) -> httpx.URL:
    """Return the URL of the request that failed, which after a redirect is not that of the file."""
    try:
        return error.request.url
    except RuntimeError:  # the body of a response broke off
        return httpx.URL(url)


def _via(error: httpx.RequestError, url: httpx.URL | str) -> str:
    """Return which other host failed to answer; "" when it is the host of the file."""
    failing, hub = _failing_url(error, url), httpx.URL(url)
    return "" if failing.netloc == hub.netloc else f" from {failing.netloc.decode()}, where the Hub stores it"


def _cause(error: BaseException, kind: type[BaseException]) -> BaseException | None:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, kind):
        cause = cause.__cause__ or cause.__context__
    return cause


def _subject(url: httpx.URL | str) -> str:
    """Return the file or list that an address stands for, and the host it was requested from."""
    url = httpx.URL(url)
    match = _DATASET.search(url.path)
    listed = match is not None and match["call"] == "tree"
    what = ((not listed and match["name"]) or f"the file list of {match['id']}") if match else url.path
    return f"{what} from {url.netloc.decode()}"


def _fault(response: httpx.Response) -> CorpuscopeError | None:
    """Return the error that a response stands for; None when it is usable."""
    status = response.status_code
    if status < 400:
        return None
    first = response.history[0].request if response.history else response.request
    file = httpx.URL(response.request.extensions.get(FILE, first.url))
    host = response.request.url.netloc.decode()
    elsewhere = response.request.url.netloc != file.netloc
    answered = f"the storage at {host} answered" if elsewhere else "the answer was"
    if status == 407:
        return ConfigError(
            "the proxy asks for a name and a password",
            f"write them into {_proxy_variable()}: http://NAME:PASSWORD@HOST:PORT",
        )
    if status in _TRANSIENT or status >= 500:
        wait = _retry_after(response.headers)
        when = f", to be asked again in {wait:.0f} s" if wait is not None else ""
        return SourceUnavailable(f"{_subject(file)}: {answered} {status}{when}", _AGAIN, retry_after=wait)
    if _is_web_page(response.headers) and status in (401, 403, 451):
        return SourceUnavailable(
            f"{_subject(file)}: {host} answered {status} with a web page, as a firewall or proxy does",
            f"ask the administrator of this network to let {host} through",
        )
    if not elsewhere:
        if _DATASET.search(file.path) and not _DATASET.search(response.request.url.path):
            return SourceUnavailable(
                f"{_subject(file)}: {host} sent to a page of no dataset, as a sign-in page of a network would",
                "check the network and HF_ENDPOINT",
            )
        return _refusal(first, response)
    if _DATASET.search(response.request.url.path):
        return AccessDenied(
            f"{_subject(file)}: the Hub sends to {host}, which answered {status}, and your token is not sent there",
            f"set HF_ENDPOINT to {response.request.url.scheme}://{host} if you trust it with your token",
        )
    if status in _EXPIRED:
        return AddressExpired(f"{_subject(file)}: the storage at {host} answered {status}", _AGAIN)
    return CorpusError(f"{_subject(file)}: the storage at {host} answered {status}")


def _is_web_page(headers: Mapping[str, str]) -> bool:
    ours = "X-Error-Code" in headers or "X-Error-Message" in headers
    return headers.get("Content-Type", "").startswith("text/html") and not ours


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
    if request.method == "GET" and match["call"] == "resolve" and code != "EntryNotFound":
        return CorpusError(f"{match['name']} cannot be had from dataset {dataset}: {status}", f"see {page}")
    return None


def _retry_after(headers: httpx.Headers) -> float | None:
    """Return the seconds a response asks to wait, from a used-up RateLimit or else from Retry-After.

    None for nonsense, and for more than LONGEST_WAIT: then it will be tried again as after any other fault.
    """
    value = headers.get("Retry-After", "").strip()
    try:
        limit = parse_ratelimit_headers(headers)
        if limit is not None and limit.remaining == 0:
            wait = float(limit.reset_in_seconds)
        elif value.isdecimal():
            wait = float(value)
        else:
            wait = max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None
    return wait if wait <= LONGEST_WAIT else None
