"""What lies under other widgets."""

from textual.containers import Horizontal
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Ground(Widget):
    """A mixin for containers without border or text, whose lines are then all one."""

    _line: tuple[object, Strip] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The background, the same line in every frame: a strip remembers how it was cut around other widgets."""
        style, filters = self.visual_style, self.get_line_filters()
        made_for = crop.width, style, filters
        if self._line is None or self._line[0] != made_for:
            strip = Strip.blank(crop.width, style.rich_style)
            for line_filter in filters:
                strip = strip.apply_filter(line_filter, style.background or self.background_colors[1])
            self._line = made_for, strip
        return [self._line[1]] * crop.height


class Columns(Horizontal, Ground):
    """Widgets side by side that leave nothing free."""
