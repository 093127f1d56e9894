"""Test that widgets ask to be painted when what they show changes, and only then."""

from __future__ import annotations

from collections.abc import Callable

from textual.geometry import Region
from textual.widget import Widget

from corpuscope.tui.widgets.category_bar import CategoryBar
from corpuscope.tui.widgets.document_info import DocumentInfo
from corpuscope.tui.widgets.rows_panel import RowsPanel
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine
from corpuscope.tui.widgets.virtual_list import VirtualList
from makers import a_document, a_scheme
from unmounted import refreshed, scroll_down, scroll_up, unmounted


def is_painted(widget: Widget) -> bool:
    """Return whether the widget has asked to be painted since the last call."""
    return bool(refreshed(widget))


def test_the_list_of_categories_is_painted_when_its_marks_or_rows_change() -> None:
    bar = unmounted(CategoryBar, 20, 5)(a_scheme(*(f"n{i}" for i in range(9))))
    refreshed(bar)
    changes: list[tuple[Callable[[], object], bool]] = [
        (lambda: bar.show("n1"), True),
        (lambda: bar.show("n1"), False),
        (lambda: bar.show("n1", {"n1": 1}), True),
        (lambda: bar.show("n1", {"n1": 1}), False),
        (bar.mute_keys, True),
        (lambda: scroll_up(bar), False),
        (lambda: scroll_down(bar), True),
        (bar.show_more, True),
        (lambda: bar.narrow("1"), True),
    ]
    for change, painted in changes:
        change()
        assert is_painted(bar) is painted


def test_a_status_line_is_painted_when_its_items_change() -> None:
    line = unmounted(StatusLine, 20, 1)()
    for items, painted in (((), False), ((StatusItem("a"),), True), ((StatusItem("a"),), False), ((), True)):
        line.show(items)
        assert is_painted(line) is painted
    line.show((), [StatusItem("a")])
    assert is_painted(line)


def test_only_the_rows_of_a_document_that_changed_are_painted() -> None:
    info = unmounted(DocumentInfo, 20, 9)()
    info.show(a_document(0), blind=False)
    refreshed(info)
    info.show(a_document(1), blind=False)
    assert refreshed(info) == [(Region(0, 6, 20, 1),)]
    info.show(a_document(1), blind=False)
    assert refreshed(info) == []
    info.show(None, blind=False)
    assert refreshed(info) == [tuple(Region(0, y, 20, 1) for y in range(7))]
    info.on_resize()
    assert refreshed(info) == [()]


def test_a_list_is_painted_after_every_move_and_when_its_rows_are_made_again() -> None:
    rows = unmounted(VirtualList, 20, 5)()
    rows.show(9, lambda _row, _width: (), lambda _width: "")
    assert is_painted(rows)
    rows.move(3)
    assert is_painted(rows)
    rows.remake()
    assert is_painted(rows)


def test_a_panel_makes_its_rows_for_its_size_and_is_painted() -> None:
    panel = unmounted(RowsPanel, 20, 5)()
    panel.show(lambda width, height: [((f"{width} x {height}", "bold"),)], head="title", foot="hint")
    assert is_painted(panel)
    assert (panel.text, panel.head, panel.foot) == ("18 x 5", "title", "hint")
    assert panel.runs(0) == ((" ", ""), ("18 x 5", "bold"))
    assert panel.runs(1) == ()
