"""Open the address of a document in the browser, or copy it; both only after the document was labelled."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from textual.app import App

from corpuscope.text.terminal_text import one_line

if TYPE_CHECKING:  # loads hashlib, and the first frame has no document
    from corpuscope.domain.document import StoredDocument

SCHEMES = ("https://", "http://")
"""Beginnings of addresses that a browser is given; anything else comes from the corpus and may run a program."""


class Addressed(NamedTuple):
    """What is needed of a document to open or copy its address."""

    url: str
    """Its url, "" when it has none that a browser may be given."""
    address: str
    """Its url, or else its place in the corpus."""


def addressed(document: StoredDocument) -> Addressed:
    """Return the addresses of a document."""
    return Addressed(url_of(document), address_of(document))


def url_of(document: StoredDocument) -> str:
    """Return the url of a document, "" when it has none that a browser may be given."""
    url = document.metadata.get("url")
    return url if isinstance(url, str) and url.lower().startswith(SCHEMES) else ""


def address_of(document: StoredDocument) -> str:
    """Return the url of a document, or else its place in the corpus."""
    address = document.address
    parts = (
        address.dataset,
        address.name,
        address.split,
        address.revision,
        address.shard,
        f"row {address.row}",
    )
    return url_of(document) or " ".join(part for part in parts if part)


def open_url(app: App[object], document: Addressed) -> str:
    """Open the url of a document in the browser. Return what to tell the user."""
    url = document.url
    if not url:
        return "this document has no web address"
    if not _has_browser():
        return f"no browser on this machine; copy the address instead: {one_line(url, 60)}"
    app.open_url(url)
    return f"opened {one_line(url, 60)}"


def copy_address(app: App[object], document: Addressed) -> str:
    """Copy the address of a document to the clipboard of the terminal. Return what to tell the user."""
    address = document.address
    app.copy_to_clipboard(address)
    return f"copied {one_line(address, 60)} (if your terminal allows it)"


def _has_browser() -> bool:
    """Tell whether a browser opens in a window of its own: one in the terminal would draw over the app."""
    names = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "TEXTUAL_DRIVER")
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in names)
