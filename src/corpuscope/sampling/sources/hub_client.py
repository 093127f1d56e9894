"""How this process talks to the Hub: at which addresses, with which client, silent on the terminal."""

import logging
import os
import re
from functools import cache
from urllib.parse import quote

from corpuscope.errors import ConfigError, HubSwitchedOff, SourceUnavailable

_QUIET = {
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",  # a bar on stderr is drawn across the screen of a terminal app
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_UPDATE_DOWNLOAD_COUNTS": "0",
}

_ADDRESS = re.compile(r"https?://[^/]+(/.*)?")


@cache
def install() -> None:
    """Gives huggingface_hub, and through it `datasets`, our client; to be called before either is used.

    Variables of the environment a person has set are left as they are.
    """
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    from huggingface_hub import set_client_factory

    from corpuscope.sampling.sources.hub_http import new_client

    set_client_factory(new_client)
    to_root("huggingface_hub")


def to_root(library: str) -> None:
    """Takes a library's log off stderr and passes it on to whatever handlers the app has set up."""
    logger = logging.getLogger(library)
    logger.handlers = [logging.NullHandler()]  # without any handler Python itself would write to stderr
    logger.propagate = True


def endpoint() -> str:
    """The Hub in use: HF_ENDPOINT, or https://huggingface.co. Raises ConfigError for what is no address."""
    install()
    from huggingface_hub import constants

    found: str = constants.ENDPOINT
    if not _ADDRESS.fullmatch(found):
        raise ConfigError(
            f"HF_ENDPOINT is {found!r}, which is no address", "leave it unset, or set it to https://..."
        )
    return found


def switched_on(wanted: str) -> None:
    """Raises HubSwitchedOff, which names what was `wanted`, when HF_HUB_OFFLINE is set."""
    install()
    from huggingface_hub import constants

    if constants.is_offline_mode():
        raise HubSwitchedOff(
            f"HF_HUB_OFFLINE is set, so {wanted} was not asked for", "unset it to reach the Hub"
        )


def file_url(dataset: str, revision: str, name: str) -> str:
    """Where the bytes of one file of a dataset are."""
    return f"{endpoint()}/datasets/{dataset}/resolve/{quote(revision, safe='')}/{quote(name)}"


def read_range(url: str, start: int, end: int) -> bytes:
    """Exactly the bytes from `start` up to `end` of the file at `url`, in one request that is not repeated.

    Raises SourceUnavailable when another try may work, AccessDenied or CorpusError when none will.
    """
    install()
    from huggingface_hub import get_session
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # exported lazily

    from corpuscope.sampling.sources.hub_http import translated

    headers = build_hf_headers() | {"Range": f"bytes={start}-{end - 1}", "Accept-Encoding": "identity"}
    with translated(url), get_session().stream("GET", url, headers=headers) as response:
        if response.status_code != 206:  # a 200 would carry the whole file
            raise SourceUnavailable(
                f"{url} answered {response.status_code} to a request for a range of bytes"
            )
        body = response.read()
    if len(body) != end - start:
        raise SourceUnavailable(f"{url} sent {len(body)} bytes where {end - start} were asked for")
    return body


def ask(dataset: str, revision: str, name: str, seconds: float) -> None:
    """Asks for one file of a dataset without its bytes: a single HEAD request that is not repeated.

    Raises SourceUnavailable when the Hub does not answer within `seconds`, AccessDenied or CorpusError when it
    would not give the file.
    """
    install()
    from huggingface_hub import get_session
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # exported lazily

    url = file_url(dataset, revision, name)
    get_session().head(url, headers=build_hf_headers(), timeout=seconds, follow_redirects=False)
