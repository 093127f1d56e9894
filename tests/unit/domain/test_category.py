"""Tests of categories and of the scheme they form."""

from __future__ import annotations

import pytest

from corpuscope.domain.category import Category, CategoryScheme


def test_keys_of_one_and_two_strokes_assign_a_category_and_the_first_of_two_holds_a_key() -> None:
    one, two, three = Category("1", "A", "a", "q"), Category("ab", "B", "b"), Category("1", "C", "c", "ac")
    scheme = CategoryScheme((one, two, three))
    assert [scheme.by_key(key) for key in ("1", "q", "ab", "ac", "a", "x")] == [
        one,
        one,
        two,
        three,
        None,
        None,
    ]
    assert [scheme.begins_key(stroke) for stroke in ("a", "1", "q")] == [True, False, False]
    assert scheme.beginning_with("a") == (two,)
    assert one.keys == ("1", "q")


def test_a_number_names_a_category_of_an_ordinal_scale_alone() -> None:
    categories = (Category("1", "0", "none"), Category("2", "1", "all"))
    assert CategoryScheme(categories, scale="ordinal").numbered("1.0") == categories[1]
    assert CategoryScheme(categories, scale="ordinal").numbered("2") is None
    assert CategoryScheme(categories, scale="ordinal").numbered("x") is None
    assert CategoryScheme(categories).numbered("1.0") is None


def test_the_hash_of_a_scheme_changes_with_the_meaning_of_its_categories_alone() -> None:
    def scheme_hash(**changes: str) -> str:
        fields = {"key": "1", "name": "A", "definition": "a"} | changes
        return CategoryScheme((Category(**fields),)).hash  # type: ignore[arg-type]

    same = {scheme_hash(), scheme_hash(key="2"), scheme_hash(colour="red"), scheme_hash(group="g")}
    others = {scheme_hash(**{name: "other"}) for name in ("name", "definition", "includes", "excludes")}
    assert (len(same), len(others | same)) == (1, 5)
    assert len(scheme_hash()) == 12


def test_a_scheme_that_was_used_equals_one_that_was_not_and_shows_only_what_it_was_made_of() -> None:
    used, other = (CategoryScheme((Category("1", "A", "a", formerly=("B",)),)) for _ in range(2))
    assert used.hash
    assert used == other
    assert hash(used) == hash(other)
    assert repr(used) == repr(other)
    assert "_" not in repr(used).replace("score_column", "")
    with pytest.raises(TypeError, match="unexpected keyword argument '_hash'"):
        CategoryScheme(used.categories, _hash="x")  # type: ignore[call-arg]


def test_the_hash_of_a_scheme_is_the_one_that_earlier_versions_gave() -> None:
    category = Category("1", "Né", "what", includes="a", excludes="b")
    assert CategoryScheme((category,)).hash == "cd5f25e66df3"
