"""Base class of the screens that show a document: keys in order, search in the text, exact view."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import App

from corpuscope.config.actions import Action
from corpuscope.config.keymap import display_key
from corpuscope.domain.category import Category, CategoryScheme
from corpuscope.tui.screens.addresses import Addressed, addressed, copy_address, open_url
from corpuscope.tui.screens.responsive import ResponsiveScreen, pasted_words
from corpuscope.tui.text_layout.row_strip import SURROUNDINGS
from corpuscope.tui.widgets.category_bar import CategoryBar
from corpuscope.tui.widgets.document_view import DEFAULTS, DocumentView
from corpuscope.tui.widgets.find_bar import FindBar
from corpuscope.tui.widgets.sidebar import Sidebar

if TYPE_CHECKING:  # loads hashlib, and the first frame has no document
    from corpuscope.domain.document import Document

FRAME = 2
"""Cells of the frame of a document."""
SIDEBAR, WIDE_SIDEBAR = 24, 35
"""Cells of the sidebar of a screen of 80 columns and more, and of a wide one, as its style sheet has them."""
WIDE = 120
"""Columns of a screen from which it is wide."""


def roomy_from(width: int) -> int:
    """Return the columns of a screen from which a document of `width` cells has its full measure and grows no more."""
    return width + SIDEBAR if width + SIDEBAR < WIDE else width + WIDE_SIDEBAR


class DocumentScreen(ResponsiveScreen):
    """A screen with a `DocumentView` and a `FindBar` that handles keys in the order in which they were pressed."""

    scheme: CategoryScheme
    """The categories in force."""
    commands: dict[str, str]
    """The action of each key of this screen."""
    _widest: int | None = None  # width of the view for a measure of one's own
    _taken: events.Key | None = None  # the latest key: one that is not stopped comes here twice
    keys_suspended = False
    """True while another screen is about to take the keys."""
    _stroke = ""
    """The first stroke of a key of two, "" when none is pending."""

    def on_category(self, category: Category) -> None:
        """Handle a category chosen by its key or by a click."""
        raise NotImplementedError

    def on_activity(self) -> None:
        """Handle a key that is neither a category nor an action: a sign that the annotator is reading."""

    def commands_of(self, actions: Iterable[Action]) -> dict[str, str]:
        """Return the action of each key; a category keeps a key that an action yields."""
        return {
            key: action.command
            for action in actions
            for key in action.keys
            if not (action.yields and self._is_category_key(display_key(key)))
        }

    def _is_category_key(self, key: str) -> bool:
        return self.scheme.by_key(key) is not None or self.scheme.begins_key(key)

    def decided_document(self) -> Document | None:
        """Return the document on screen if its source is no secret any more."""
        raise NotImplementedError

    def say(self, text: str) -> None:
        """Tell the user in a few words what a key did."""
        raise NotImplementedError

    def on_paste(self, event: events.Paste) -> None:
        """Say that pasted text is no keys."""
        event.stop()
        self.say(pasted_words(event.text))

    def action_url(self) -> None:
        """Open the address of a labelled document in the browser."""
        self._with_address(open_url)

    def action_copy(self) -> None:
        """Copy the address of a labelled document."""
        self._with_address(copy_address)

    def _with_address(self, do: Callable[[App[Any], Addressed], str]) -> None:
        if document := self.decided_document():
            self.say(do(self.app, addressed(document)))
            return
        back = next(display_key(key) for key, command in self.commands.items() if command == "back")
        self.say(f"after you label: {back} goes back to the document")

    def set_measure(self, measure: int) -> None:
        """Set the most cells in a row of text; called once, before the screen is shown."""
        width = measure + SURROUNDINGS + FRAME
        roomy = roomy_from(width)
        narrower = [entry for entry in self.HORIZONTAL_BREAKPOINTS[:-1] if entry[0] < roomy]
        self.HORIZONTAL_BREAKPOINTS = [*narrower, (roomy, "-roomy")]
        self._widest = width if measure != DEFAULTS.measure else None

    def on_resize(self) -> None:
        """Give the document the width of another measure than that of the style sheet."""
        if self._widest is not None:
            roomy = self.size.width >= self.HORIZONTAL_BREAKPOINTS[-1][0]
            self._view.styles.width = self._widest if roomy else "1fr"

    def on_mount(self) -> None:
        """Focus the document."""
        self._view = self.query_one(DocumentView)
        self._find_bar = self.query_one(FindBar)
        self._sidebar = self.query_one(Sidebar)
        self._view.key_handler = self.take_key
        self._view.focus()

    async def on_key(self, event: events.Key) -> None:
        """Handle a key that came up from another widget than the document, which hands over its keys itself."""
        if event is not self._taken:
            await self.take_key(event)

    async def take_key(self, event: events.Key) -> None:
        """Handle every key of this screen in the order in which it was pressed.

        Textual runs bindings later than key events. A label must not overtake the undo or the find typed before it.
        """
        self._taken = event
        if self.keys_suspended or (self.too_small and event.key in self.commands):
            event.stop()
        elif self._find_bar.take(event):
            return  # it was pressed before the focus had moved from the document to the field
        elif self._stroke and self._takes_second_stroke(event):
            event.stop()
        elif event.key in self.commands:
            event.stop()
            await self.run_action(f"screen.{self.commands[event.key]}")
        elif event.character and (category := self.scheme.by_key(event.character)):
            event.stop()
            self.on_category(category)
        elif event.character and self.scheme.begins_key(event.character):
            event.stop()
            self._set_stroke(event.character)
        else:
            self.on_activity()

    def _takes_second_stroke(self, event: events.Key) -> bool:
        """Decide or take back a pending key. Return False for keys that type nothing: they do what they always do."""
        if event.key in ("escape", "backspace"):
            self._set_stroke("")
        elif not event.is_printable or event.character is None or event.character.isspace():
            if event.key in self.commands:
                self._set_stroke("")
            return False
        elif category := self.scheme.by_key(self._stroke + event.character):
            self._set_stroke("")
            self.on_category(category)
        else:
            self._set_stroke(self._stroke, refused=event.character)
        return True

    def _set_stroke(self, stroke: str, refused: str = "") -> None:
        """Show which categories are left after the first stroke of a key, all of them for ""."""
        self._stroke = stroke
        self._sidebar.narrow(stroke, refused)
        self.on_activity()

    def on_screen_resume(self) -> None:
        """Accept keys again."""
        self.keys_suspended = False

    def on_category_bar_chosen(self, message: CategoryBar.Chosen) -> None:
        """Handle a click on a category like its key."""
        if self._stroke:
            self._set_stroke("")
        self.on_category(message.category)

    def close_find_bar(self) -> bool:
        """Close the find bar. False when it was not open."""
        if not self._find_bar.is_open:
            return False
        self._find_bar.close()
        self._view.find("")
        self._view.focus()
        return True

    def show_match_count(self, number: int = 0, count: int = 0) -> None:
        """Show in the find bar the number of the current match and the count of matches so far."""
        if self._find_bar.is_open:
            self._find_bar.show_count(number, count, more=self._view.may_find_more)

    def action_more_categories(self) -> None:
        """Show the next part of a list of categories that is too long for the screen."""
        self._sidebar.category_bar.show_more()

    def action_exact(self) -> None:
        """Show or hide invisible characters."""
        self._view.exact = not self._view.exact

    def action_find(self) -> None:
        """Open the find bar."""
        self._find_bar.open()

    @on(FindBar.SearchRequested)
    def _find(self, message: FindBar.SearchRequested) -> None:
        """Highlight and count the matches; enter moves to the first one in sight or below."""
        message.stop()
        self.show_match_count(0, self._view.find(message.needle))
        if message.done:
            self._view.focus()
            self.action_find_next()

    def action_find_next(self) -> None:
        """Move to the next match."""
        self.show_match_count(*self._view.find_next())

    def action_find_previous(self) -> None:
        """Move to the previous match."""
        self.show_match_count(*self._view.find_previous())

    def on_document_view_search_finished(self, message: DocumentView.SearchFinished) -> None:
        """Show the final count once a long document has been searched to its end."""
        message.stop()
        self.show_match_count(message.number, message.count)
