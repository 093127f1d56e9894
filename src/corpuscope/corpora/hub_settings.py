"""Settings of this process for the Hub: endpoint, offline mode and silence on the terminal."""

from __future__ import annotations

import logging
import os
import re

from corpuscope.errors import ConfigError, HubOffline

_QUIET = {
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",  # a progress bar on stderr would be drawn over the app
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_UPDATE_DOWNLOAD_COUNTS": "0",
}

_ADDRESS = re.compile(r"https?://[^/]+(/.*)?")


def silence_hub() -> None:
    """Keep huggingface_hub silent. Call this before importing it, since it reads these variables then.

    Environment variables that are already set are left unchanged, but for slashes at the end of HF_ENDPOINT.
    """
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    if "HF_ENDPOINT" in os.environ:  # parts of huggingface_hub and `datasets` add their own slash to it
        os.environ["HF_ENDPOINT"] = os.environ["HF_ENDPOINT"].strip().rstrip("/")


def log_to_root(library: str) -> None:
    """Send the log messages of `library` to the handlers of the app instead of stderr."""
    logger = logging.getLogger(library)
    logger.handlers = [logging.NullHandler()]  # without any handler Python itself would write to stderr
    logger.propagate = True


def endpoint() -> str:
    """Return the address of the Hub: HF_ENDPOINT, or https://huggingface.co. Raises ConfigError for an invalid one."""
    silence_hub()
    from huggingface_hub import constants

    address: str = constants.ENDPOINT
    if not _ADDRESS.fullmatch(address):
        raise ConfigError(
            f"HF_ENDPOINT is {address!r}, which is not an address", "leave it unset, or set it to https://..."
        )
    return address


def require_online(wanted: str) -> None:
    """Raise HubOffline, which names the `wanted` file or list, when HF_HUB_OFFLINE is set."""
    silence_hub()
    from huggingface_hub import constants

    if constants.is_offline_mode():
        raise HubOffline(f"HF_HUB_OFFLINE is set, so {wanted} was not fetched", "unset it to reach the Hub")
