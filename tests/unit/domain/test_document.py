"""Tests of the numbers, addresses and sections of documents."""

from __future__ import annotations

import pytest

from corpuscope.domain.document import (
    Address,
    Scalar,
    format_address,
    is_probability,
    join_sections,
    number_of,
)


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


@pytest.mark.parametrize(
    ("address", "identifier"),
    [
        (Address("owner/web", "en", "train", "c0ffee", "part-0", 7), "795f7dac18ff30c22b972807883ca581"),
        (Address("a", None, "train", "file-1", "a", 7), "0b4fe4b52f68c03d80d60d3dab59d111"),
        (Address("a", None, "train", "files-1", "b", 7), "90e36060607fd74fd17d2f7d7062d30e"),
        (Address("owner/web", None, "train", "c0ffee", "\ud800", 0), "b7dff2a8a7696fdb76af06b7656be7f8"),
    ],
)
def test_the_id_of_a_document_is_the_one_that_earlier_versions_gave(
    address: Address, identifier: str
) -> None:
    assert address.id == identifier
