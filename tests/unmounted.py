"""Widgets of a given size without an app, for tests of what their rows show."""

from __future__ import annotations

from typing import TypeVar, cast

from textual import events
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.widget import Widget

from corpuscope.tui.widgets.category_bar import CategoryBar
from corpuscope.tui.widgets.virtual_list import VirtualList

W = TypeVar("W", bound=Widget)


def unmounted(widget: type[W], width: int, height: int) -> type[W]:
    """Return a subclass of `widget` whose content has this size.

    What it posts and what it asks to be painted are kept for `posted` and `refreshed`.
    """
    messages: list[Message] = []
    refreshes: list[tuple[Region, ...]] = []

    def post_message(_self: Widget, message: Message) -> bool:
        messages.append(message)
        return True

    def refresh(self: Widget, *regions: Region, **_options: bool) -> Widget:
        refreshes.append(regions)
        return self

    size = Size(width, height)
    fields = {
        "size": size,
        "content_size": size,
        "post_message": post_message,
        "posted": messages,
        "refresh": refresh,
        "refreshed": refreshes,
    }
    return cast("type[W]", type(widget.__name__, (widget,), fields))


def posted(widget: Widget) -> list[Message]:
    """Return the messages that an unmounted widget has posted."""
    return cast("list[Message]", vars(type(widget))["posted"])


def refreshed(widget: Widget) -> list[tuple[Region, ...]]:
    """Return what an unmounted widget asked to be painted since the last call: its regions, none for all of it."""
    refreshes = cast("list[tuple[Region, ...]]", vars(type(widget))["refreshed"])
    asked = list(refreshes)
    refreshes.clear()
    return asked


class Click(events.Click):
    """A click at a cell of the content of a widget; beside it without one."""

    def __init__(self, x: int | None = None, y: int = 0) -> None:
        super().__init__(None, 0, 0, 0, 0, 1, shift=False, meta=False, ctrl=False)
        self.stopped = False
        self._offset = None if x is None else Offset(x, y)

    def get_content_offset(self, widget: Widget) -> Offset | None:  # noqa: ARG002 - there is one widget
        """Return the cell."""
        return self._offset

    def stop(self, stop: bool = True) -> Click:
        """Record that the widget has used the click."""
        self.stopped = stop
        return self


def scroll_down(widget: CategoryBar | VirtualList) -> None:
    """Turn the mouse wheel down by one notch."""
    widget.on_mouse_scroll_down(
        events.MouseScrollDown(None, 0, 0, 0, 0, 0, shift=False, meta=False, ctrl=False)
    )


def scroll_up(widget: CategoryBar | VirtualList) -> None:
    """Turn the mouse wheel up by one notch."""
    widget.on_mouse_scroll_up(events.MouseScrollUp(None, 0, 0, 0, 0, 0, shift=False, meta=False, ctrl=False))
