"""Test which first looks in a ledger have a second one."""

from __future__ import annotations

from pathlib import Path

from corpuscope.domain.category import Category, CategoryScheme
from ledger_fakes import Scribe, read
from makers import a_document, a_scheme

SCHEME = a_scheme("News", "Forum")


def every(_corpus: str, _draw: int) -> bool:
    return True


def test_labels_without_a_second_look_are_listed_in_order_with_their_places(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s1", "ann") as ann, Scribe(tmp_path, "s2", "ben") as ben:
        ann.label(3, "News")
        ben.label(5, "News")
        ann.skip(4)
        ann.label(3, "Forum", look=2)
        second = ann.label(1, "Forum")
        undone = ann.label(7, "Forum")
        ann.undo(undone, 7)
    status = read(tmp_path).repeat_status("ann", SCHEME, every)
    assert status.decided == 4
    assert status.last == 2
    (first,) = status.unrepeated
    assert (first.event_id, first.draw, first.corpus, first.place) == (second, 1, "web", 3)
    assert status.repeated == {a_document(3).key}
    assert status.categories == {a_document(3).key: "News", a_document(1).key: "Forum"}


def test_only_eligible_labels_are_listed_but_all_second_looks(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s1", "ann") as ann:
        for draw in range(6):
            ann.label(draw, "News")
        ann.label(0, "News", look=2)
    status = read(tmp_path).repeat_status("ann", SCHEME, lambda corpus, draw: corpus == "web" and draw > 3)
    assert [first.draw for first in status.unrepeated] == [4, 5]
    assert set(status.categories) == {a_document(draw).key for draw in (0, 4, 5)}
    none = read(tmp_path).repeat_status("ann", SCHEME, None)
    assert (none.unrepeated, set(none.categories), none.repeated) == (
        (),
        {a_document(0).key},
        status.repeated,
    )


def test_a_category_that_was_split_up_is_no_first_look_and_a_renamed_one_has_its_new_name(
    tmp_path: Path,
) -> None:
    with Scribe(tmp_path, "s1", "ann") as ann:
        ann.label(0, "News")
        ann.label(1, "Talk")
    scheme = CategoryScheme((Category("1", "Forum", "talk", formerly=("Talk",)),), split=("News",))
    status = read(tmp_path).repeat_status("ann", scheme, every)
    assert [first.draw for first in status.unrepeated] == [1]
    assert list(status.categories.values()) == ["Forum"]


def test_an_empty_ledger_has_no_looks(tmp_path: Path) -> None:
    status = read(tmp_path).repeat_status("ann", SCHEME, every)
    assert (status.decided, status.last, status.unrepeated, set(status.repeated)) == (0, None, (), set())
