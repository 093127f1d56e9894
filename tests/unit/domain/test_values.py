"""Tests of the values that every room shares: numbers, names, revisions, documents and clocks."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from corpuscope.domain.category import Category, CategoryScheme
from corpuscope.domain.clock import EventIds, derived_id
from corpuscope.domain.corpus import Corpus, is_content, is_safe_name, is_sample, short_revision
from corpuscope.domain.document import (
    Address,
    Scalar,
    format_address,
    is_probability,
    join_sections,
    number_of,
)
from corpuscope.domain.label import reading_name
from corpuscope.domain.text_statistics import SAMPLED, statistics_of
from makers import SetClock


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (3, 3),
        ("2.5", 2.5),
        (" 4 ", 4),
        (True, None),
        (None, None),
        ("x", None),
        ("nan", None),
        ("1e999", None),
        (10**400, None),
    ],
)
def test_a_value_of_the_metadata_is_a_number_however_it_is_written(
    value: Scalar, number: float | None
) -> None:
    assert number_of(value) == number


def test_a_probability_is_a_number_whose_square_stays_finite() -> None:
    assert [is_probability(number) for number in (1e-30, 1.0, 1e30)] == [True] * 3
    assert [is_probability(number) for number in (0.99e-30, 1.01e30, 0.0, float("nan"))] == [False] * 4


def test_a_reading_is_named_by_its_number() -> None:
    names = {
        1: "1st",
        2: "2nd",
        3: "3rd",
        4: "4th",
        11: "11th",
        12: "12th",
        13: "13th",
        21: "21st",
        111: "111th",
        1102: "1,102nd",
    }
    assert {look: reading_name(look) for look in names} == {
        look: f"{name} reading" for look, name in names.items()
    }


@pytest.mark.parametrize(
    ("revision", "short", "content", "sample"),
    [
        (None, "", False, False),
        ("0123456789abcdef", "0123456789ab", False, False),
        ("file-0123456789abcdef", "file-0123456", True, False),
        ("files-0123456789abcdef", "files-0123456", True, False),
        ("sample-files-0123456789abcdef", "sample-files-0123456", True, True),
    ],
)
def test_a_revision_is_shortened_and_tells_what_it_is_of(
    revision: str | None, short: str, content: bool, sample: bool
) -> None:
    assert (short_revision(revision), is_content(revision), is_sample(revision)) == (short, content, sample)


def test_a_name_is_safe_in_a_file_name_when_it_starts_with_a_letter_or_digit() -> None:
    safe = [name for name in ("a", "9.a_b-C", ".a", "-a", "a/b", "a b", "", "ä", "a\n") if is_safe_name(name)]
    assert safe == ["a", "9.a_b-C"]


def test_only_a_local_path_from_the_root_is_shortened_for_others() -> None:
    paths = {
        ("local", "/home/x/web.jsonl"): "web.jsonl",
        ("local", "/home/x/"): "x",
        ("local", "a/b"): "a/b",
        ("hub", "a/b"): "a/b",
    }
    assert {key: Corpus("web", "Web", *key).public_path for key in paths} == paths  # type: ignore[arg-type]


def test_an_address_is_one_line_and_its_place_counts_only_where_the_revision_is_no_content() -> None:
    one = Address("owner/web", "en", "train", "c0ffee", "part-0", 7)
    assert format_address(one) == "owner/web en train @ c0ffee part-0 row 7"
    assert (
        format_address(Address("a.jsonl", None, "train", "file-1", "a.jsonl", 0))
        == "a.jsonl train @ file-1 a.jsonl row 0"
    )

    def is_same(revision: str, shard: str) -> bool:
        return (
            Address("a", None, "train", revision, "x", 1).id
            == Address("b", None, "train", revision, shard, 1).id
        )

    assert (
        is_same("file-1", "y"),
        is_same("files-1", "x"),
        is_same("files-1", "y"),
        is_same("c0ffee", "x"),
    ) == (
        True,
        True,
        False,
        False,
    )


def test_sections_span_the_joined_text_and_a_single_part_has_none() -> None:
    text, sections = join_sections([("query", "why"), ("answer", "so")])
    assert text == "why\n\nso"
    assert [(section.title, text[section.start : section.end]) for section in sections] == [
        ("query", "why"),
        ("answer", "so"),
    ]
    assert join_sections([("text", "why")]) == ("why", ())


def test_words_and_lines_of_a_text_are_counted_and_those_of_a_long_one_extrapolated() -> None:
    text = "x" * 29 + "\n" + "y" * 30 + "\n  \n\n" + " z" * 3 + " " * 40
    few = statistics_of(text)
    assert (few.characters, few.words, few.lines, few.exact) == (len(text), 5, 3, True)
    assert few.short_lines == pytest.approx(2 / 3)
    assert (few.tokens, few.tokens_given) == (round(len(text) / 4.2), False)
    assert (statistics_of("x", 0).tokens, statistics_of("x", 0).tokens_given) == (0, True)
    many = statistics_of("word\n" * SAMPLED)
    assert (many.characters, many.exact) == (5 * SAMPLED, False)
    assert many.words == pytest.approx(SAMPLED, rel=1e-4)
    assert many.lines == pytest.approx(SAMPLED, rel=1e-4)
    assert [statistics_of("x" * length).exact for length in (65_536, 65_537)] == [True, False]
    assert statistics_of("").short_lines == 0


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


def test_ids_rise_within_a_millisecond_when_the_clock_runs_back_and_after_an_earlier_one() -> None:
    clock = SetClock()
    ids = EventIds(clock, entropy=bytes)
    first = [ids.next() for _ in range(5_000)]
    clock.wait(-1)
    later = [*first, ids.next()]
    resumed = EventIds(clock, after=later[-1], entropy=bytes)
    later += [resumed.next(), resumed.next()]
    assert later == sorted(set(later))
    assert {uuid.UUID(one).version for one in later} == {7}


def test_a_derived_id_holds_its_time_and_depends_on_every_part() -> None:
    at = datetime(2026, 2, 1, 12, tzinfo=UTC)
    one = uuid.UUID(derived_id(at, "label", "a"))
    assert (one.version, one.variant, one.int >> 80) == (7, uuid.RFC_4122, int(at.timestamp() * 1000))
    assert (
        len(
            {
                derived_id(at, *parts)
                for parts in (("label", "a"), ("labela",), ("label", "b"), ("label", "\ud800"))
            }
        )
        == 4
    )
    assert derived_id(at, "label", "a") == str(one)
