"""Tests of the weights and amounts of a mixture as people type them."""

from __future__ import annotations

import pytest

from corpuscope.domain.mix import LARGEST, Mix, TypedWeight, is_mix_name, parsed_amount, parsed_share

MIX = Mix({"c4": 30.0, "web": 20.0, "edu": 50.0})


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("20B", 20e9),
        (" 1.5 t ", 1.5e12),
        ("750m", 750e6),
        ("2g", 2e9),
        ("3k", 3e3),
        (".5", 0.5),
        ("7.", 7),
        ("1,234,567.5", 1_234_567.5),
        ("1e9", None),
        ("1,5B", None),
        ("1,2345", None),
        ("1,234,5", None),
        ("1234,567", None),
        ("0", None),
        ("-1", None),
        ("", None),
        ("B", None),
        ("1000000T", LARGEST),
        ("1000000.1T", None),
    ],
)
def test_an_amount_is_a_positive_number_with_an_optional_unit(typed: str, amount: float | None) -> None:
    assert parsed_amount(typed) == amount


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("Educational=60", ("Educational", 0.6)),
        (" a=b = 12.5 %", ("a=b", 0.125)),
        ("News=100%", ("News", 1.0)),
        ("News=100.1", None),
        ("News=0", None),
        ("News=.5", ("News", 0.005)),
        ("News=", None),
        ("=60", None),
        ("60", None),
    ],
)
def test_a_share_is_a_category_and_a_percentage_up_to_100(
    typed: str, share: tuple[str, float] | None
) -> None:
    assert parsed_share(typed) == share


def test_the_name_of_a_mix_is_letters_digits_and_signs_and_starts_with_no_point() -> None:
    assert [name for name in ("a", "-a", "a.b-2", ".a", "a b", "", "ä") if is_mix_name(name)] == [
        "a",
        "-a",
        "a.b-2",
    ]


def test_the_other_corpora_give_way_to_a_weight_in_proportion() -> None:
    assert MIX.with_weight("c4", 65).weights == pytest.approx({"c4": 65, "web": 10, "edu": 25})
    assert MIX.with_weight("c4", 0).weights == pytest.approx({"c4": 0, "web": 200 / 7, "edu": 500 / 7})
    assert MIX.with_weight("c4", 101).weights == {"c4": 100, "web": 0, "edu": 0}
    assert MIX.with_weight("c4", -1).weights["c4"] == 0
    assert Mix({"c4": 3.0}).with_weight("c4", 20).weights == {"c4": 100.0}
    assert Mix({"c4": 1.0, "web": 0.0, "edu": 0.0}).with_weight("c4", 40).weights == {
        "c4": 40,
        "web": 30,
        "edu": 30,
    }


def test_weights_of_any_sum_are_fractions_of_it() -> None:
    assert (MIX.total, Mix({"a": 1.0, "b": 3.0}).fractions) == (100, {"a": 0.25, "b": 0.75})


@pytest.mark.parametrize(
    ("typed", "percent", "weight"),
    [("", None, 30), (".", None, 30), ("5.", 5, 5), ("100", 100, 100), ("100.1", 100.1, None)],
)
def test_a_typed_weight_counts_once_it_is_a_number_up_to_100(
    typed: str, percent: float | None, weight: float | None
) -> None:
    entry = TypedWeight(MIX, "c4", typed)
    assert entry.percent == percent
    assert (entry.mix and entry.mix.weights["c4"]) == weight


def test_a_weight_is_typed_in_digits_with_one_point_and_six_characters_at_most() -> None:
    def taken(text: str) -> str:
        return "".join(sign for sign in "5.x²٣" if TypedWeight(MIX, "c4", text).takes(sign))

    assert [taken(text) for text in ("", "1", "1.", "12345", "12.34", "123456")] == [
        "5.",
        "5.",
        "5",
        "5.",
        "5",
        "",
    ]


def test_the_weight_before_is_given_to_a_tenth_of_a_percent() -> None:
    assert TypedWeight(Mix({"a": 1.0, "b": 2.0}), "a").old_percent == 33.3
