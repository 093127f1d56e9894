"""What a screen with a document can do: take its keys in order, find text in it, show it exactly."""

from textual import events, on

from corpuscope.domain.category import Category, CategoryScheme
from corpuscope.tui.screens.responsive import ResponsiveScreen
from corpuscope.tui.widgets.category_bar import CategoryBar
from corpuscope.tui.widgets.document_view import DocumentView
from corpuscope.tui.widgets.find_bar import FindBar


class DocumentScreen(ResponsiveScreen):
    """Has a `DocumentView` and a `FindBar`, and takes keys in the order in which they were pressed."""

    scheme: CategoryScheme
    """The categories in force."""
    commands: dict[str, str]
    """The action of each key of this screen."""
    keys_suspended = False
    """True while another screen is about to take the keys."""

    def on_category(self, category: Category) -> None:
        """A category was chosen by its key or a click."""
        raise NotImplementedError

    def on_activity(self) -> None:
        """The reader did something that is no decision."""

    def on_mount(self) -> None:
        """The document has the keys."""
        self._view = self.query_one(DocumentView)
        self._find_bar = self.query_one(FindBar)
        self._view.focus()

    async def on_key(self, event: events.Key) -> None:
        """Every key of this screen in the order it was pressed: Textual runs bindings later than key events,
        and a label must not overtake the undo or the find before it, however fast they are typed."""
        if self.keys_suspended:
            event.stop()
        elif self._find_bar.is_typing:
            # sent to the document before the field had the focus
            if event.is_printable and event.character:
                event.stop()
                self._find_bar.type(event.character)
        elif event.key in self.commands:
            event.stop()
            await self.run_action(f"screen.{self.commands[event.key]}")
        elif event.character and (category := self.scheme.by_key(event.character)):
            event.stop()
            self.on_category(category)
        else:
            self.on_activity()

    def on_screen_resume(self) -> None:
        """Keys are for this screen again."""
        self.keys_suspended = False

    def on_category_bar_chosen(self, message: CategoryBar.Chosen) -> None:
        """A click decides as a key does."""
        self.on_category(message.category)

    def close_find_bar(self) -> bool:
        """Closes what is open. False when nothing was."""
        if not self._find_bar.is_open:
            return False
        self._find_bar.close()
        self._view.find("")
        self._view.focus()
        return True

    def show_match_count(self, number: int = 0, count: int = 0) -> None:
        """Says beside what is sought how often it was found so far."""
        if self._find_bar.is_open:
            self._find_bar.show_count(number, count, more=self._view.may_find_more)

    def action_exact(self) -> None:
        """Shows or hides every invisible character."""
        self._view.exact = not self._view.exact

    def action_find(self) -> None:
        """Opens the find bar."""
        self._find_bar.open()

    @on(FindBar.SearchRequested)
    def _find(self, message: FindBar.SearchRequested) -> None:
        """Counts and highlights; enter goes on to the first match in sight or below."""
        message.stop()
        self.show_match_count(0, self._view.find(message.needle))
        if message.done:
            self._view.focus()
            self.action_find_next()

    def action_find_next(self) -> None:
        """To the next match."""
        self.show_match_count(*self._view.find_next())

    def action_find_previous(self) -> None:
        """To the previous match."""
        self.show_match_count(*self._view.find_previous())

    def on_document_view_search_finished(self, message: DocumentView.SearchFinished) -> None:
        """A long document has been searched to its end."""
        message.stop()
        self.show_match_count(message.number, message.count)
