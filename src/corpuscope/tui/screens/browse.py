"""The browse screen: browse a corpus; no key labels, and nothing counts."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from corpuscope.config.actions import BROWSE
from corpuscope.domain.category import Category
from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Document
from corpuscope.errors import LedgerError
from corpuscope.session.browsing import Browsing
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.header_text import all_drawn, stream_items
from corpuscope.tui.line_items import action_items
from corpuscope.tui.screens.labelling import LabellingScreen
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine

NOT_COUNTED = "nothing counts here · drawn with another seed than the documents of the study"
"""Shown in the line below the document."""


ALL_SHOWN = "Every document outside the plan of the study was shown."
"""Shown in place of the document after the last one."""


class BrowseScreen(LabellingScreen):
    """Show document after document with its facts and source; bookmarks and notes are kept apart."""

    KEYS = BROWSE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BROWSE.actions)]

    def __init__(self, workspace: Workspace, corpus: Corpus) -> None:
        super().__init__(workspace, Browsing(workspace, corpus))
        self._corpus = corpus
        self._seen = 0
        self.commands = self.commands_of(self._settings.keys.of(BROWSE))

    def on_mount(self) -> None:
        """Draw the keys of the categories as what they are here: names."""
        super().on_mount()
        self._sidebar.category_bar.mute_keys()

    def on_category(self, category: Category) -> None:  # noqa: ARG002 - whichever it is
        """Say that nothing is labelled here."""
        self.say(f"nothing is labelled here; corpuscope label {one_line(self._corpus.key, 30)} does")

    def action_next(self) -> None:
        """Show the next document, or the one after an earlier one."""
        live = self._live
        if live is None or live.session.shown is None or self.too_small:
            return
        if live.session.shown.decided:
            self.action_forward()
            return
        try:
            live.session.skip()
        except LedgerError as fault:
            self._on_save_failed(fault)
            return
        self._seen += 1
        self._error = self._notice = ""
        self._show_document()

    def waiting_text(self) -> str:
        """Say at the end that every document was shown, and not that they are labelled."""
        statuses = self._live.queue.statuses if self._live else ()
        if self._error or not all_drawn(statuses) or any(status.warnings for status in statuses):
            return super().waiting_text()
        keys = self._settings.keys
        ways = f"{keys.first_key('browse.back')}: go back · {keys.first_key('nav.quit')}: quit"
        return f"{ALL_SHOWN}\n\nThe next start begins again · {ways}"

    def decided_document(self) -> Document | None:
        """Return the document on screen: nothing is hidden."""
        shown = self._live.session.shown if self._live else None
        return shown.document if shown else None

    def _show_keys(self, *, back: bool = False) -> None:  # noqa: ARG002 - the same for every document
        self.query_one("#keys", StatusLine).show(action_items(self._settings.keys.of(BROWSE)))

    def _show_waiting_keys(self) -> None:
        self._show_keys()

    def _show_decisions(self) -> None:
        """Show none: nothing is decided here."""

    def _show_title(self) -> None:
        if not self._live or not (shown := self._live.session.shown):
            return
        parts = [f"draw {shown.document.draw:,}", f"{shown.back:,} back" * shown.decided]
        parts += ["★ bookmarked" * shown.bookmarked, "note" * bool(shown.note)]
        self._view.set_title(" · ".join(filter(None, parts)), back=shown.decided)
        self._sidebar.document_info.show(
            shown.document, blind=False, bookmarked=shown.bookmarked, note=shown.note
        )

    def _show_header(self) -> None:
        left = [
            StatusItem("corpuscope", "bold $accent", 3),
            StatusItem("browse", "bold", 2),
            StatusItem(one_line(self._corpus.title, 40), "", 1),
        ]
        trouble = stream_items(self._live.queue.statuses) if self._live else ()
        seen = StatusItem(f"{self._seen:,} read this time", "$foreground-muted", 5)
        self._header.show(left, (*trouble, seen))

    def _show_last(self) -> None:
        super()._show_last()
        if self._messages.display or not (self._error or self._notice):
            self._last.show([StatusItem(NOT_COUNTED, "$foreground-muted")])
