"""How this process talks to the Hub: at which address, whether at all, silent on the terminal."""

import logging
import os
import re

from corpuscope.errors import ConfigError, HubOffline

_QUIET = {
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",  # a bar on stderr is drawn across the screen of a terminal app
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_UPDATE_DOWNLOAD_COUNTS": "0",
}

_ADDRESS = re.compile(r"https?://[^/]+(/.*)?")


def silence_hub() -> None:
    """Keep huggingface_hub silent; to be called before it is imported, since it reads these variables then.

    Variables of the environment a person has set are left as they are.
    """
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)


def log_to_root(library: str) -> None:
    """Takes a library's log off stderr and passes it on to whatever handlers the app has set up."""
    logger = logging.getLogger(library)
    logger.handlers = [logging.NullHandler()]  # without any handler Python itself would write to stderr
    logger.propagate = True


def endpoint() -> str:
    """The Hub in use: HF_ENDPOINT, or https://huggingface.co. Raises ConfigError for what is no address."""
    silence_hub()
    from huggingface_hub import constants

    found: str = constants.ENDPOINT
    if not _ADDRESS.fullmatch(found):
        raise ConfigError(
            f"HF_ENDPOINT is {found!r}, which is no address", "leave it unset, or set it to https://..."
        )
    return found


def require_online(wanted: str) -> None:
    """Raises HubOffline, which names what was `wanted`, when HF_HUB_OFFLINE is set."""
    silence_hub()
    from huggingface_hub import constants

    if constants.is_offline_mode():
        raise HubOffline(f"HF_HUB_OFFLINE is set, so {wanted} was not asked for", "unset it to reach the Hub")
