"""Requests to the Hub: the card of a dataset, its file lists, and the way to a file."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit, urlunsplit

from corpuscope.corpora.hub_settings import endpoint, log_to_root, silence_hub
from corpuscope.errors import ConfigError, CorpusError, SourceUnavailable
from corpuscope.version import __version__

if TYPE_CHECKING:  # the environment is set before huggingface_hub is loaded
    from huggingface_hub.utils import httpx  # type: ignore[attr-defined]

Span = tuple[int, int]
"""A range of bytes: its first offset, and the offset after its last."""

_LISTS = BoundedSemaphore(8)
"""Pages of file lists asked for at the same time."""
MAX_HOPS = 8
"""Redirects that are followed on the way to a file."""


_CONFIGURING = Lock()
"""Held while the client is configured: a second time would close the one that another thread is using."""


def configure_hub_client() -> None:
    """Make huggingface_hub, and through it `datasets`, use our HTTP client. Call this before using either."""
    with _CONFIGURING:
        _configure()


@cache
def _configure() -> None:
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


def missing_file(url: str) -> CorpusError:
    """Return the error for a file that its dataset does not have."""
    dataset, _, name = urlsplit(url).path.partition("/datasets/")[2].partition("/resolve/")
    file = name.partition("/")[2]
    return CorpusError(
        f"dataset {dataset} has no file {file} at this commit",
        f"see {endpoint()}/datasets/{dataset}/tree/main",
    )


def read_card(dataset: str, revision: str) -> tuple[str, bytes]:
    """Return the commit of `revision`, a commit, branch or tag, and the content of the dataset's card.

    The card is empty when there is none. Raises like `send`.
    """
    url = file_url(dataset, revision, "README.md")
    response = hub_session().get(url, headers=hub_headers(), extensions=_extensions(url))
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
    folder, and like `send`.
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
            response = hub_session().get(url, headers=hub_headers())
        if response.status_code == 404:
            raise FileNotFoundError(f"dataset {dataset} has no folder {folder}")
        if response.status_code != 200:
            raise SourceUnavailable(f"{url} answered {response.status_code}")
        try:
            entries = response.json()
        except (ValueError, RecursionError) as error:
            raise SourceUnavailable(f"the file list of {dataset} is not JSON: {error}") from error
        if not isinstance(entries, list) or not all(map(_is_entry, entries)):
            raise SourceUnavailable(f"the answer to the file list of {dataset} is not a list of files")
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

    Raises SourceUnavailable when a host does not answer within `seconds`, and like `send`.
    """
    from corpuscope.corpora.hub_http import translate_errors

    url = file_url(dataset, revision, name)
    hops = []
    session = hub_session()
    request = session.build_request(
        "GET",
        url,
        headers=hub_headers() | range_header((0, 1)),
        timeout=seconds,
        extensions=_extensions(url),
    )
    for _ in range(MAX_HOPS):
        began = time.monotonic()
        with translate_errors(url):
            response = session.send(request, stream=True, follow_redirects=False)
        hops.append(Hop(request.url.netloc.decode(), time.monotonic() - began))
        response.close()
        if response.status_code == 404:
            raise missing_file(url)
        if not response.is_redirect:
            break
        if response.next_request is None:
            raise SourceUnavailable(f"{url} answered {response.status_code} without an address to go to")
        request = response.next_request
    return hops


def send(address: str, headers: dict[str, str], url: str, *, follow_redirects: bool) -> httpx.Response:
    """Request the file at `url` from `address`, the Hub's or that of storage, without retries.

    Raises SourceUnavailable when another try may work, AccessDenied, ConfigError or CorpusError when it cannot.
    """
    session = hub_session()
    request = session.build_request("GET", address, headers=headers, extensions=_extensions(url))
    return session.send(request, stream=True, follow_redirects=follow_redirects)


def hub_session() -> httpx.Client:
    """Return the client that all requests share."""
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
            "the token for the Hub holds characters that no token can have",
            "copy HF_TOKEN again, or log in with `hf auth login`",
        )
    return headers


def range_header(*spans: Span) -> dict[str, str]:
    """Return the headers that ask for these ranges of a file."""
    # CloudFront takes several ranges in ascending order only. Storage that may compress its answer ignores them.
    ranges = ",".join(f"{start}-{end - 1}" for start, end in sorted(spans))
    return {"Range": f"bytes={ranges}", "Accept-Encoding": "identity"}


def _extensions(url: str) -> dict[str, Any]:
    from corpuscope.corpora.hub_http import FILE

    return {FILE: url}
