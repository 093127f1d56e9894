"""Widgets whose painted lines are kept until something about them changes.

Textual paints every widget that lies between two changed ones anew in each frame. What is kept costs nothing then,
neither here nor where it is turned into the terminal's sequences, for a strip remembers those.
"""

from typing import Self

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget


class KeptLines(Widget):
    """Paints one line at a time; a line at the top or the bottom is all the border that CSS may give.

    Textual looks at border, outline, padding, hatch and tint for every line of a widget. Lines of this one have
    none of them, and without looking a frame takes half the time.
    """

    head = ""
    """Words in the border at the top, at its left."""
    foot = ""
    """Words in the border at the bottom, at its right."""

    def __init__(
        self,
        *children: Widget,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        self._kept: dict[int, Strip] = {}  # before Textual's own, which may refresh
        self._kept_for: object = None
        super().__init__(*children, name=name, id=id, classes=classes, disabled=disabled)

    def paint_line(self, y: int) -> Strip:
        """Line `y` of the content, from 0, as wide as the content and before the app's filters."""
        raise NotImplementedError

    def keep(self, lines: dict[int, Strip]) -> None:
        """Takes over lines of the content that were `drawn` ahead, until the next refresh."""
        top = self.gutter.top
        self._kept |= {top + y: strip for y, strip in lines.items()}

    def drawn(self, strip: Strip) -> Strip:
        """A line after the app's filters, with its sequences for the terminal made."""
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, self._ground)
        strip.render(self.app.console)
        return strip

    @property
    def appearance(self) -> object:
        """Equal as long as a line kept or drawn ahead still looks the same."""
        return self.outer_size, self.visual_style, self.get_line_filters()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The widget, to be painted."""
        appearance = self.appearance
        if self._kept_for != appearance:
            self._kept.clear()
            self._kept_for = appearance
        kept = self._kept
        for y in crop.line_range:
            if y not in kept:
                kept[y] = self._painted(y)
        return [kept[y].crop(crop.x, crop.right) for y in crop.line_range]

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Gives up what is kept of the regions and asks for a frame of the screen.

        In Textual's own way every widget that changed sends the screen a message when it is idle, and the screen
        finds out which lines to paint; one frame of lines that are kept is there sooner.
        """
        if not regions:
            self._kept.clear()
        for region in regions:
            top = self.gutter.top + region.y
            for y in range(top, top + region.height):
                self._kept.pop(y, None)
        if layout or recompose or not repaint or not self.is_mounted:
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        self.screen.refresh()
        return self

    def notify_style_update(self) -> None:
        """A theme or a state of this widget changed."""
        self._kept.clear()
        super().notify_style_update()

    @property
    def _ground(self) -> Color:
        return self.visual_style.background or self.background_colors[1]

    def _painted(self, y: int) -> Strip:
        width, height = self.outer_size
        gutter = self.gutter
        if gutter.top <= y < height - gutter.bottom:
            return self.drawn(self.paint_line(y - gutter.top))
        return self.drawn(self._edge(width, at_top=y < gutter.top))

    def _edge(self, width: int, *, at_top: bool) -> Strip:
        """A line of the border with its words."""
        styles, ground = self.styles, self._ground
        (_, colour), words = (styles.border_top, self.head) if at_top else (styles.border_bottom, self.foot)
        words = set_cell_size(words, min(cell_len(words), max(0, width - 1)))
        rule = Segment("─" * (width - 1 - cell_len(words)), Style(ground, colour).rich_style)
        end = Segment("─", rule.style)
        if not words:
            return Strip([rule, end], width)
        if styles.auto_border_title_color:
            said = Style(ground, ground.get_contrast_text(styles.border_title_color.a))
        else:
            said = Style(ground, styles.border_title_color)
        label = Segment(words, said.rich_style)
        return Strip([end, label, rule] if at_top else [rule, label, end], width)
