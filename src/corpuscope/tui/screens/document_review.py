"""Base class of the screens that show one labelled document beside every decision about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from corpuscope.config.actions import LABELLING, REVIEW_COMMANDS, Action
from corpuscope.config.keymap import display_key
from corpuscope.domain.document import Document, DocumentKey
from corpuscope.errors import CorpuscopeError, LedgerError
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.session.review_actions import DocumentDecisions, ReviewActions, decisions_about
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.line_items import find_items, key_items
from corpuscope.tui.screens.document import DocumentScreen
from corpuscope.tui.screens.live import LiveScreen
from corpuscope.tui.screens.note import NoteScreen
from corpuscope.tui.widgets.annotator_labels import AnnotatorLabels
from corpuscope.tui.widgets.document_view import DocumentView
from corpuscope.tui.widgets.find_bar import FindBar
from corpuscope.tui.widgets.sidebar import Sidebar
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine

WAIT = "reading the document ..."
"""Text shown in place of a document that is being read."""

WORDS = {"back": "previous", "forward": "next", "current": "leave", "url": "url", "copy": "copy"}
"""Footer descriptions by command, for moving in a list instead of in the history."""


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """A reference to a document of the ledger."""

    document_key: DocumentKey
    """Key of the corpus and id of the document."""
    event_id: str
    """Id of an event about the document, from which its text is read."""


@dataclass(frozen=True, slots=True)
class ReviewedDocument:
    """A document with the decisions about it."""

    ref: DocumentRef
    """The reference by which it was requested."""
    document: Document
    """The document with its text."""
    document_decisions: DocumentDecisions
    """The decisions in force about it."""


_Reviewed = TypeVar("_Reviewed", bound=ReviewedDocument)


class DocumentReviewScreen(LiveScreen[DocumentRef | None, _Reviewed], DocumentScreen):
    """Show one document; a subclass defines what a category key does.

    No decision is accepted before the requested document is shown. The screen changes only after the decision is
    durable.
    """

    DEFAULT_CSS = """
    DocumentReviewScreen {
        & Sidebar { width: 34; }
        & Sidebar.-guide { width: 46; }
        &.-narrow Sidebar { width: 24; }
        &.-narrow Sidebar.-guide { width: 36; }
        &.-wide Sidebar { width: 46; }
        &.-wide Sidebar.-guide { width: 64; }
        &.-roomy Sidebar, &.-roomy Sidebar.-guide { width: 1fr; }
    }
    """

    KEYS = LABELLING
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(a for a in LABELLING.actions if a.command in REVIEW_COMMANDS)
    ]

    def __init__(self, workspace: Workspace, query: DocumentRef | None) -> None:
        super().__init__(workspace, query)
        self.set_measure(workspace.settings.measure)
        self.scheme = workspace.scheme
        self.commands = self.commands_of(self.actions())
        self._review_actions = ReviewActions(workspace.recorder())
        self._done: tuple[StatusItem, ...] = ()

    def actions(self) -> Sequence[Action]:
        """Return the actions of the labelling screen that apply here."""
        actions = self._workspace.settings.keys.of(LABELLING)
        return [action for action in actions if action.command in REVIEW_COMMANDS]

    def footer(self) -> Sequence[StatusItem]:
        """Return the keys, category keys first."""
        actions = [
            action._replace(footer=True, description=WORDS[action.command])
            if action.command in WORDS
            else action
            for action in self.actions()
        ]
        return key_items(self.scheme, actions)

    def body(self) -> ComposeResult:
        """Yield the document, beside it the labels of its annotators, and the find bar."""
        with Horizontal():
            yield DocumentView(self._workspace.settings)
            keys = {action.command: display_key(action.keys[0]) for action in self.actions()}
            self._annotator_labels = AnnotatorLabels(self.scheme)
            yield Sidebar(self.scheme, keys["guide"], self._annotator_labels, keys["more_categories"])
        yield FindBar(find_items(self._workspace.settings.keys))

    def on_mount(self) -> None:
        """Show that the document is being read."""
        self.query_one(DocumentView).show(WAIT, is_notice=True)

    def read_document(self, ref: DocumentRef, decisions: Decisions) -> ReviewedDocument:
        """Return the document and the decisions about it, for `compute`. Its text is read only once."""
        current = self._result
        same = current is not None and current.ref.document_key == ref.document_key
        document = current.document if current and same else self._workspace.ledger.document(ref.event_id)
        annotator = self._workspace.annotator
        return ReviewedDocument(
            ref, document, decisions_about(decisions, document.key, self._workspace.scheme, annotator)
        )

    def accept(self, result: _Reviewed) -> None:
        """Show the document from its start, unless it is on screen already."""
        before, self._query = self._result, result.ref
        super().accept(result)
        if before is None or before.document.key != result.document.key:
            self.close_find_bar()
            self._view.show(result.document.text, result.document.sections)
            self._view.focus()
            self._sidebar.document_info.show(result.document, blind=False)

    def draw(self, result: _Reviewed) -> None:
        """Draw the decisions about the document."""
        self._sidebar.category_bar.show(self.category_of(result))
        self._annotator_labels.show(result.document_decisions)
        decided = result.document_decisions
        marks = ["★ bookmarked" * decided.bookmarked, "note" * bool(decided.note)]
        self._view.set_title(" · ".join(filter(None, [f"draw {result.document.draw:,}", *marks])))

    def category_of(self, result: _Reviewed) -> str | None:
        """Return the category to mark as the one in force; None for no mark."""
        raise NotImplementedError

    @property
    def shown(self) -> _Reviewed | None:
        """The document on screen; None while another one is being read."""
        result = self._result
        return result if result is not None and result.ref == self._query and not self.too_small else None

    def status(self) -> Sequence[StatusItem]:
        """Return the last action with one's bookmark and note; without any, the parts that could not be read."""
        items = [*self._done]
        if result := self._result:
            if result.document_decisions.bookmarked:
                items.append(StatusItem("bookmarked", "$text-warning", 3))
            if result.document_decisions.note:
                items.append(
                    StatusItem(
                        f"note: {one_line(result.document_decisions.note, 40)}", "$foreground-muted", 4
                    )
                )
        return items or super().status()

    def failed(self, fault: CorpuscopeError) -> None:
        """Show the error in place of a document that cannot be read, else below the document."""
        if self.shown is None:
            self._result = None
            self._view.show(str(fault), is_notice=True)
            self._sidebar.document_info.show(None, blind=False)
        else:
            super().failed(fault)

    def open_document(self, ref: DocumentRef) -> None:
        """Show another document."""
        self._done = ()
        self.show_error("")
        self.ask(ref)

    @property
    def undo_item(self) -> StatusItem:
        """The key that undoes what was just done."""
        key = self._workspace.settings.keys.first_key("label.undo")
        return StatusItem(f"· {key} to undo", "$foreground-muted", 2, "undo")

    def on_saved(self, *done: StatusItem) -> None:
        """Show that an event is durable, and read the ledger again."""
        self._done = done
        self.show_error("")
        self.show_status()
        self.refresh_data()

    def on_save_failed(self, fault: CorpuscopeError) -> None:
        """Show why the event could not be saved; everything stays as it was."""
        self.show_error(str(fault))

    def decided_document(self) -> Document | None:
        """Return the document on screen: a review hides nothing."""
        result = self.shown
        return result.document if result else None

    def say(self, text: str) -> None:
        """Show a text in the line above the keys."""
        self._done = (StatusItem(text, "$accent"),)
        self.show_status()

    def action_guide(self) -> None:
        """Show the definitions, then their next page; hide them after the last."""
        self._sidebar.turn_guide()

    def action_bookmark(self) -> None:
        """Add or remove one's bookmark of the document."""
        if result := self.shown:
            on = not result.document_decisions.bookmarked
            try:
                self._review_actions.bookmark(result.document, on=on)
            except LedgerError as fault:
                self.on_save_failed(fault)
            else:
                self.on_saved()

    def action_note(self) -> None:
        """Edit one's note on the document."""
        if result := self.shown:
            self.keys_suspended = True
            self.app.push_screen(NoteScreen(result.document_decisions.note), self._keep_note)

    def _keep_note(self, text: str | None) -> None:
        result = self.shown
        if result is None or text is None or text == result.document_decisions.note:
            return
        try:
            self._review_actions.note(result.document, text)
        except LedgerError as fault:
            self.on_save_failed(fault)
        else:
            self.on_saved()

    def action_undo(self) -> None:
        """Undo the last decision made on this screen, and show its document."""
        try:
            undone = self._review_actions.undo()
        except LedgerError as fault:
            self.on_save_failed(fault)
            return
        if undone is None:
            self._done = (StatusItem("nothing to undo", "$foreground-muted"),)
            self.show_status()
        else:
            self.on_undone(undone.document, undone.category or "")

    def on_undone(self, document: Document, category: str) -> None:
        """Show which decision was undone, on its document."""
        if self._query is None or self._query.document_key != document.key:
            self.return_to(document.key)
        self.on_saved(StatusItem(f"undone: {one_line(category)}", "$text-accent"))

    def return_to(self, document: DocumentKey) -> None:
        """Show a document that was decided on this screen before."""
        raise NotImplementedError

    def action_current(self) -> None:
        """Close what is open, or leave."""
        if not self.close_find_bar() and not self._sidebar.close_guide():
            self.leave()

    def document_items(self) -> tuple[StatusItem, ...]:
        """Return the corpus and the draw of the document: a review is not blind."""
        if self._result is None:
            return ()
        document = self._result.document
        return (
            StatusItem(one_line(document.corpus, 30), "", 3),
            StatusItem(f"draw {document.draw:,}", "$foreground-muted", 4),
        )

    def fill_header(self, *left: StatusItem) -> None:
        """Draw the header: the app, the given items, then those of the document."""
        line = self.query_one("#header", StatusLine)
        line.show((StatusItem("corpuscope", "bold $text-accent", 6), *left, *self.document_items()))
