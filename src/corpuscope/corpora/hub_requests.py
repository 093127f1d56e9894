"""Single HTTP requests to the Hub, for ranges of bytes and for headers."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

from corpuscope.corpora.hub_settings import endpoint, log_to_root, silence_hub
from corpuscope.errors import SourceUnavailable


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


def read_range(url: str, start: int, end: int) -> bytes:
    """Read exactly the bytes from `start` up to `end` of the file at `url`, in one request without retries.

    Raises SourceUnavailable when another try may work, AccessDenied or CorpusError when it cannot.
    """
    configure_hub_client()
    from huggingface_hub import get_session
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # exported lazily

    from corpuscope.corpora.hub_http import translate_errors

    headers = build_hf_headers() | {"Range": f"bytes={start}-{end - 1}", "Accept-Encoding": "identity"}
    with translate_errors(url), get_session().stream("GET", url, headers=headers) as response:
        if response.status_code != 206:  # a 200 would carry the whole file
            raise SourceUnavailable(
                f"{url} answered {response.status_code} to a request for a range of bytes"
            )
        body = response.read()
    if len(body) != end - start:
        raise SourceUnavailable(f"{url} sent {len(body)} bytes where {end - start} were asked for")
    return body


def head_request(dataset: str, revision: str, name: str, seconds: float) -> None:
    """Send one HEAD request for a file of a dataset, without retries.

    Raises SourceUnavailable when the Hub does not answer within `seconds`, AccessDenied or CorpusError when it
    refuses the file.
    """
    configure_hub_client()
    from huggingface_hub import get_session
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # exported lazily

    url = file_url(dataset, revision, name)
    get_session().head(url, headers=build_hf_headers(), timeout=seconds, follow_redirects=False)
