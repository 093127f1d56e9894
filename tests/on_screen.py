"""What a person would see on the screen of an app under test."""

from __future__ import annotations

from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Static

from corpuscope.tui.widgets.document_view import DocumentView
from corpuscope.tui.widgets.status_line import MessageBar, StatusLine


def line(pilot: Pilot[None], name: str) -> str:
    """Return the text of the status line of this id."""
    return pilot.app.screen.query_one(f"#{name}", StatusLine).text


def message(pilot: Pilot[None]) -> str:
    """Return the text of the message bar, "" while it is hidden."""
    bar = pilot.app.screen.query_one(MessageBar)
    return str(bar.render()) if bar.display else ""


def page_text(pilot: Pilot[None]) -> str:
    """Return the page without its colours, what stays above it first; "" before there is one."""
    parts = [part.content for part in pilot.app.screen.query("#fixed, #page").results(Static)]
    return "\n".join(part.plain if isinstance(part, Content) else str(part) for part in parts)


def document_text(pilot: Pilot[None]) -> str:
    """Return the rows of the document on screen."""
    view = pilot.app.screen.query_one(DocumentView)
    return "\n".join(view.render_line(y).text for y in range(view.size.height)).strip()


def document(pilot: Pilot[None]) -> str:
    """Return the start of the document on screen without spaces and scroll bar, which depend on the wrapping."""
    text = document_text(pilot).replace("┃", "").replace("│", "")
    return "".join(text.split())[:60]
