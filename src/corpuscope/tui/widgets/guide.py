"""The definitions of the categories, beside the document."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from corpuscope.domain.category import CategoryScheme
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.widgets.category_bar import colour_style


def guide_text(scheme: CategoryScheme) -> Content:
    """Every category with its definition, what goes there and what does not."""
    parts: list[Content | str | tuple[str, str]] = []
    for category in scheme.categories:
        keys = " ".join(category.keys)
        parts += [(f"{keys} {one_line(category.name)}", f"bold {colour_style(category)}"), "\n"]
        parts += [one_line(category.definition), "\n"]
        if category.includes:
            parts += [("here: ", "$text-success"), one_line(category.includes), "\n"]
        if category.excludes:
            parts += [("not: ", "$text-warning"), one_line(category.excludes), "\n"]
        parts.append("\n")
    return Content.assemble(*parts)


class Guide(VerticalScroll):
    """A margin as high as the screen; what does not fit is on further pages."""

    DEFAULT_CSS = """
    Guide {
        border: round $primary-muted;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
        padding: 0 1;
        height: 1fr;
    }
    """

    can_focus = False

    def __init__(self, scheme: CategoryScheme, key: str) -> None:
        """`key` turns the page, and closes after the last one."""
        super().__init__()
        self._scheme = scheme
        self._key = key
        self.border_title = "guide"

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(guide_text(self._scheme))

    def turn_page(self) -> bool:
        """Shows the next page; False after the last, for it is to be closed then."""
        if more := self._is_more_below:
            self.scroll_page_down(animate=False)
        else:
            self.go_to_first_page()
        return more

    def go_to_first_page(self) -> None:
        """The first page is what is shown when it is opened again."""
        self.scroll_home(animate=False)

    def on_resize(self) -> None:
        """Another height holds more or less."""
        self.call_after_refresh(self._say_what_the_key_does)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The last page says so."""
        super().watch_scroll_y(old_value, new_value)
        self._say_what_the_key_does()

    @property
    def _is_more_below(self) -> bool:
        return self.scroll_target_y < self.max_scroll_y

    def _say_what_the_key_does(self) -> None:
        self.border_subtitle = (
            f"{self._key} for more · esc closes" if self._is_more_below else f"{self._key} closes"
        )
