"""Tests of the values that options of several commands take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from corpuscope.cli.documents_to_read import documents_option
from corpuscope.cli.options import STDOUT, NumberRange, OutputPath, day, names, percent

OPTION = click.Option(["--option"])
CONTEXT = click.Context(click.Command("command"))


def refused(parse: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(click.BadParameter) as caught:
        parse(*arguments)
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "value"), [("0", 0), ("20%", 20), (" 7 % ", 7), ("100", 100), ("007", 7), (None, None)]
)
def test_a_percentage_is_a_whole_number_with_or_without_its_sign(text: str | None, value: int | None) -> None:
    assert percent(CONTEXT, OPTION, text) == value


@pytest.mark.parametrize("text", ["101", "-1", "2.5", "", "%", "٣", "20%%", "9" * 6_000])
def test_what_is_no_percentage_is_named(text: str) -> None:
    assert refused(percent, CONTEXT, OPTION, text).endswith("not a whole number of percent from 0% to 100%")


def test_annotators_are_two_or_more_different_names() -> None:
    assert names(CONTEXT, OPTION, None) == ()
    assert names(CONTEXT, OPTION, "ann, ben,cem") == ("ann", "ben", "cem")
    for text in ("ann", "ann,ann", "ann,,ben", ""):
        assert "is not two or more different names" in refused(names, CONTEXT, OPTION, text)


def test_a_day_begins_at_midnight_of_utc() -> None:
    assert day(CONTEXT, OPTION, None) is None
    assert day(CONTEXT, OPTION, "2026-01-31") == datetime(2026, 1, 31, tzinfo=UTC)
    for text in ("2026-02-30", "31.1.2026", "yesterday"):
        assert refused(day, CONTEXT, OPTION, text) == f"{text!r} is not a day, as in 2026-01-31"


@pytest.mark.parametrize(("text", "value"), [("1", 1.0), ("2.5", 2.5)])
def test_a_number_lies_within_its_limits(text: str, value: float) -> None:
    assert NumberRange(1, 2.5).convert(text, OPTION, CONTEXT) == value


@pytest.mark.parametrize("text", ["0.99", "2.51", "nan", "inf", "many"])
def test_a_number_beyond_its_limits_and_none_is_refused(text: str) -> None:
    assert refused(NumberRange(1, 2.5).convert, text, OPTION, CONTEXT)


@pytest.mark.parametrize("text", ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_standard_output_has_several_names(text: str) -> None:
    assert OutputPath().convert(text, OPTION, CONTEXT) is STDOUT


def test_a_file_that_is_called_like_standard_output_can_be_written() -> None:
    assert OutputPath().convert("./-", OPTION, CONTEXT) == Path.cwd() / "-"
    assert OutputPath().convert("out.csv", OPTION, CONTEXT) == Path("out.csv")


@pytest.mark.parametrize(
    ("values", "parsed"),
    [
        (("labelled",), (("labelled", 0),)),
        (("pool", "next:20", "pool"), (("pool", 0), ("next", 20))),
        (("next:1",), (("next", 1),)),
        (("next:999999999",), (("next", 999_999_999),)),
    ],
)
def test_documents_to_read_are_named_by_kind_and_number(
    values: tuple[str, ...], parsed: tuple[tuple[str, int], ...]
) -> None:
    assert documents_option(CONTEXT, OPTION, values) == parsed


@pytest.mark.parametrize(
    "value", ["next", "next:", "next:0", "next:1000000000", "pool:", "labelled:3", "drawn", ""]
)
def test_documents_of_another_kind_are_refused(value: str) -> None:
    assert "is not labelled, pool or next:N" in refused(documents_option, CONTEXT, OPTION, (value,))
