"""Test the list of categories beside the document, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from corpuscope.domain.category import ORDINAL, CategoryScheme
from corpuscope.tui.text_layout.category_rows import guide_rows
from corpuscope.tui.widgets.category_bar import CategoryBar
from makers import a_scheme
from unmounted import Click, posted, scroll_down, scroll_up, unmounted

TINT = " on $block-hover-background"


def guided(*, letters: bool = True) -> CategoryScheme:
    """Return a scheme of two categories in a group, with a guide."""
    return CategoryScheme(
        tuple(
            replace(
                category,
                letter=category.name[0].lower() if letters else None,
                includes="what else goes here",
                excludes="adverts",
                group="Media",
            )
            for category in a_scheme("News", "Forum").categories
        )
    )


def a_bar(scheme: CategoryScheme, width: int, height: int) -> CategoryBar:
    """Return the bar with `width` times `height` cells for its content."""
    bar = unmounted(CategoryBar, width, height)(scheme)
    bar.fit(width + 2, 4, height + 2)
    return bar


def a_long_bar(height: int = 5) -> CategoryBar:
    return a_bar(a_scheme(*(f"n{i}" for i in range(1, 14))), 20, height)


def test_a_row_has_key_name_and_count_and_marks_the_label_given() -> None:
    bar = a_bar(a_scheme(), 24, 9)
    assert bar.text.splitlines() == [
        " 1 ● Educational       ",
        " 2 ● Advertising       ",
        " 3 ● Forum             ",
    ]
    bar.show("Forum", {"Forum": 1234})
    assert bar.text.splitlines() == [
        " 1 ● Educational      0",
        " 2 ● Advertising      0",
        " 3 ● Forum ◂      1,234",
    ]
    assert bar.runs(2) == (
        (" ", ""),
        ("3 ", f"bold $accent{TINT}"),
        ("", f"$foreground-muted{TINT}"),
        ("● ", f"ansi_white{TINT}"),
        ("Forum", f"bold{TINT}"),
        (" ◂", f"$accent{TINT}"),
        ("      1,234", f"$foreground-muted{TINT}"),
    )
    assert {style for _, style in bar.runs(1)} == {
        "",
        "bold $accent",
        "$foreground-muted",
        "ansi_white",
        "$accent",
    }
    assert bar.runs(3) == ()
    bar.show(None)
    assert bar.text.splitlines()[2] == " 3 ● Forum             "
    bar.mute_keys()
    assert bar.runs(0)[1] == ("1 ", "$foreground-muted")


@pytest.mark.parametrize(("width", "letters"), [(19, ("", "")), (20, (" n", " f"))])
def test_letters_stand_beside_the_keys_where_there_is_room(width: int, letters: tuple[str, str]) -> None:
    heading, *rows = a_bar(guided(), width, 9).text.splitlines()
    assert a_bar(guided(), 6, 9).text.splitlines()[0] == " Med…"
    assert heading == " Media"
    assert [row.rstrip() for row in rows] == [f" 1{letters[0]} ● News", f" 2{letters[1]} ● Forum"]
    assert [len(row) for row in rows] == [width - 1, width - 1]


def test_the_guide_has_the_definitions_beside_the_names_and_the_borderline_cases_below() -> None:
    bar = a_bar(guided(), 56, 40)
    bar.fit(58, 10, 9)
    bar.show("Forum", {"News": 2})
    assert [row.rstrip() for row in bar.text.splitlines()] == [
        " Media",
        " 1 n ● News    2 what News is",
        "       goes here what else goes here",
        "       does not  adverts",
        "",
        " 2 f ● Forum ◂ 0 what Forum is",
        "       goes here what else goes here",
        "       does not  adverts",
    ]
    assert bar.runs(1)[4] == ("News", "bold")
    assert bar.runs(1)[-1] == (" what News is", "")
    assert bar.runs(5)[-1] == (" what Forum is", TINT.strip())
    assert {style for _, style in bar.runs(2)} == {"$foreground-muted"}


def test_a_longer_definition_goes_on_below_its_beginning() -> None:
    scheme = CategoryScheme(
        (
            replace(
                a_scheme("News").categories[0], definition="a report of events" + " a report of events" * 2
            ),
        )
    )
    bar = a_bar(scheme, 56, 40)
    bar.fit(58, 9, 9)
    assert [row.rstrip() for row in bar.text.splitlines()] == [
        " 1 ● News      a report of events a report of events a",
        "               report of events",
    ]
    assert bar.runs(1)[1] == ("report of events", "")


@pytest.mark.parametrize(
    ("width", "height", "rows"), [(56, 10, 8), (56, 9, 3), (56, 5, 3), (56, 4, 0), (55, 10, 0)]
)
def test_the_guide_loses_its_borderline_cases_and_then_its_place(width: int, height: int, rows: int) -> None:
    bar = unmounted(CategoryBar, width, 40)(guided())
    bar.fit(width + 2, height, 5)
    assert bar.is_guide is (rows == 8)
    assert bar.head == ("categories · guide" if rows else "categories")
    assert str(bar.styles.height) == str((rows or 3) + 2)


def test_a_guide_in_a_script_of_wide_characters_is_wrapped_by_their_cells() -> None:
    category = replace(a_scheme("新聞").categories[0], definition="報導近期發生的事件" * 6)
    rows = guide_rows([category], 40, examples=True)
    assert "".join(row.text for row in rows) == category.definition
    assert [cell_len(row.text) for row in rows] == [40, 40, 28]


@pytest.mark.parametrize(("room", "height"), [(20, 15), (15, 15), (12, 12), (5, 5), (4, 5)])
def test_a_long_list_is_as_high_as_it_may_be_and_never_below_three_rows(room: int, height: int) -> None:
    bar = unmounted(CategoryBar, 20, 40)(a_scheme(*(f"n{i}" for i in range(13))))
    bar.fit(22, 4, room)
    assert str(bar.styles.height) == str(height)
    bar = unmounted(CategoryBar, 20, 40)(a_scheme(*(f"n{i}" for i in range(12))))
    bar.fit(22, 4, room)
    assert str(bar.styles.height) == "14"


def names(bar: CategoryBar) -> list[str]:
    return [row.split()[2] for row in bar.text.splitlines()]


def test_a_long_list_turns_a_page_at_its_key_and_begins_again_after_the_last() -> None:
    bar = a_long_bar()
    pages = [(names(bar)[0], bar.foot)]
    for _ in range(3):
        bar.show_more()
        pages.append((names(bar)[0], bar.foot))
    assert pages == [("n1", "] 8 more"), ("n6", "] 3 more"), ("n9", "] first ones"), ("n1", "] 8 more")]


def test_the_wheel_scrolls_a_long_list_row_by_row_between_its_ends() -> None:
    bar = a_long_bar(11)
    seen = []
    for turn in (scroll_up, *[scroll_down] * 3, scroll_up):
        turn(bar)
        seen.append(names(bar)[0])
    assert seen == ["n1", "n2", "n3", "n3", "n2"]


def test_the_label_given_is_scrolled_into_view_and_stays_there() -> None:
    bar = a_long_bar()
    for chosen, top in (("n5", "n1"), ("n6", "n6"), ("n10", "n6"), ("n11", "n9"), ("n9", "n9"), ("n8", "n8")):
        bar.show(chosen)
        assert names(bar)[0] == top, chosen
    bar.show("n13")
    scroll_up(bar)
    bar.on_resize()
    assert names(bar)[-1] == "n13"


def test_the_first_stroke_of_a_key_leaves_the_categories_that_it_begins() -> None:
    categories = a_scheme(*(f"n{i}" for i in range(1, 14))).categories
    scheme = CategoryScheme(tuple(replace(c, group="all", key=f"{c.key:0>2}") for c in categories))
    bar = a_bar(scheme, 20, 5)
    bar.show_more()
    bar.narrow("1")
    assert names(bar) == ["n10", "n11", "n12", "n13"]
    assert (bar.head, bar.foot) == ("1 and ...", "esc takes back")
    bar.narrow("1", "x")
    assert (bar.head, bar.foot) == ("no key 1x", "esc takes back")
    bar.narrow("")
    assert bar.text.splitlines()[0] == " all"
    assert (bar.head, bar.foot) == ("categories", "] 9 more")


def test_a_click_chooses_the_category_of_its_row_and_no_heading() -> None:
    bar = a_bar(guided(), 24, 9)
    clicks = [Click(3, y) for y in range(4)]
    for click in clicks:
        bar.on_click(click)
    bar.on_click(Click())
    assert posted(bar) == [CategoryBar.Chosen(category) for category in guided().categories]
    assert [click.stopped for click in clicks] == [True, True, True, False]


def test_an_ordinal_scale_has_its_meanings_in_place_of_bare_numbers() -> None:
    numbers = a_scheme("1", "2").categories
    scheme = CategoryScheme((numbers[0], replace(numbers[1], key="b")), scale=ORDINAL)
    assert [row.split("●")[1].strip() for row in a_bar(scheme, 30, 9).text.splitlines()] == [
        "what 1 is",
        "2 what 2 is",
    ]
    guide = a_bar(scheme, 56, 40)
    guide.fit(58, 40, 9)
    assert guide.text.splitlines()[2].split() == ["b", "●", "2", "what", "2", "is"]
