"""What lies under other widgets."""

from textual.containers import Horizontal
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Ground(Widget):
    """A mixin for containers without border or text, whose lines are then all one."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The background."""
        style = self.visual_style
        strip = Strip.blank(crop.width, style.rich_style)
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, style.background or self.background_colors[1])
        return [strip] * crop.height


class Columns(Horizontal, Ground):
    """Widgets side by side that leave nothing free."""
