"""Tests of the values of imported labels, in the forms that spreadsheets, R and pandas give them."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from corpuscope.domain.clock import derived_id
from corpuscope.export.import_values import (
    flag_in,
    number_in,
    text_in,
    time_in,
    time_of_id,
    with_missing_values,
)

NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)
ID = derived_id(NOON, "label")
"""An event id that holds the time."""


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (12, 12),
        (12.0, 12),
        ("12", 12),
        (" 12 ", 12),
        ("12.0", 12),
        ("12,0", 12),
        ("12.", 12),
        ("1.23E3", 1230),
        ("1,2e1", 12),
        ("1234.000", 1234),
        (0, 0),
        ((1 << 63) - 1, (1 << 63) - 1),
    ],
)
def test_a_whole_number_may_be_written_with_decimals_of_zero(written: object, number: int) -> None:
    assert number_in({"row": written}, "row") == number


@pytest.mark.parametrize("written", ["1.5", "1.5e0", "x", "", None, "1e999", "nan", "4,000", "4.000"])
def test_what_is_no_whole_number_or_may_be_two_is_named_with_its_column(written: object) -> None:
    with pytest.raises(ValueError, match=r"^row is .*, which is not a whole number$") as fault:
        number_in({"row": written}, "row")
    assert repr(written) in str(fault.value)


@pytest.mark.parametrize("written", [-1, 1 << 63])
def test_a_number_that_no_ledger_holds_is_refused(written: int) -> None:
    with pytest.raises(ValueError, match=f"^row is {written}, which cannot be$"):
        number_in({"row": written}, "row")


def test_a_number_that_is_not_given_is_its_default() -> None:
    assert [number_in(fields, "look", 1) for fields in ({}, {"look": None}, {"look": ""}, {"look": "2"})] == [
        1,
        1,
        1,
        2,
    ]


def test_flags_are_read_in_the_words_of_spreadsheets_and_r() -> None:
    false = (None, "", False, "FALSE", "F", "no", 0, "0.0", "FALSCH", "faux", "falso")
    true = (True, " TRUE ", "T", "yes", 1, "1.0", "WAHR", "vrai", "verdadero", "vero")
    assert [flag_in({"blind": word}, "blind") for word in false] == [False] * len(false)
    assert [flag_in({"blind": word}, "blind") for word in true] == [True] * len(true)
    with pytest.raises(ValueError, match=r"^blind is 'maybe', which is neither true nor false$"):
        flag_in({"blind": "maybe"}, "blind")


def test_text_is_empty_without_a_value_and_zero_is_one() -> None:
    assert [text_in(fields, "note") for fields in ({}, {"note": None}, {"note": 0})] == ["", "", "0"]


@pytest.mark.parametrize(
    ("written", "time"),
    [
        (None, None),
        ("", None),
        (NOON.replace(tzinfo=None), NOON),
        (NOON, NOON),
        ("2026-02-01T13:00:00+01:00", NOON),
        (" 2026-02-01 12:00 ", NOON),
        ("20260201T1200", NOON),
        ("20260201", datetime(2026, 2, 1, tzinfo=UTC)),
        (20260201, datetime(2026, 2, 1, tzinfo=UTC)),
        (46054.5, NOON),
        ("46054,5", NOON),
        (20_000, datetime(1954, 10, 3, tzinfo=UTC)),
        (79_999.5, datetime(2119, 1, 10, 12, tzinfo=UTC)),
        (1_769_947_200, NOON),
        ("1769947200.5", NOON + timedelta(seconds=0.5)),
        (1_769_947_200_000, NOON),
        (1_769_947_200_000_000, NOON),
        (1_769_947_200_000_000_000, NOON),
        (946_684_800, datetime(2000, 1, 1, tzinfo=UTC)),
        ("31/01/2026", datetime(2026, 1, 31, tzinfo=UTC)),
        ("1/31/26, 3:05 PM", datetime(2026, 1, 31, 15, 5, tzinfo=UTC)),
        ("31.1.2026 12:05:07,25 am", datetime(2026, 1, 31, 0, 5, 7, tzinfo=UTC)),
        ("31-01-2026 12:05 pm", datetime(2026, 1, 31, 12, 5, tzinfo=UTC)),
        ("2026/1/31 10:05:07", datetime(2026, 1, 31, 10, 5, 7, tzinfo=UTC)),
        ("2/2/26", datetime(2026, 2, 2, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_as_other_programs_write_it(written: object, time: datetime | None) -> None:
    assert time_in({"at": written}, "at", "") == time


@pytest.mark.parametrize(
    "written",
    [
        "yesterday",
        "31/31/2026",
        2026,
        19_999,
        80_000,
        946_684_799,
        4_733_510_400,
        20260201120000,
        math.inf,
        math.nan,
        True,
    ],
)
def test_what_is_no_time_that_a_label_may_have_is_named_with_its_column(written: object) -> None:
    with pytest.raises(ValueError, match=r"^at is .*, which is not a time; write it as 2026-01-31 10:00:00$"):
        time_in({"at": written}, "at", "")


def test_where_day_and_month_may_be_exchanged_the_event_id_decides() -> None:
    with pytest.raises(ValueError, match=r"^at is '1/2/2026 9:00', which may be two days; write it as"):
        time_in({"at": "1/2/2026 9:00"}, "at", "")
    for written in ("1/2/2026 9:00", "2/1/2026 9:00"):
        assert time_in({"at": written}, "at", ID) == datetime(2026, 2, 1, 9, tzinfo=UTC)
    with pytest.raises(ValueError, match="which is not a time"):
        time_in({"at": "3/4/2026"}, "at", ID)


def test_an_unambiguous_time_is_what_it_says_whatever_the_event_id_holds() -> None:
    assert time_in({"at": "31/12/2026"}, "at", ID) == datetime(2026, 12, 31, tzinfo=UTC)


def test_only_the_id_of_an_event_holds_a_time() -> None:
    assert time_of_id(ID) == NOON
    assert time_of_id("42") is None
    assert time_of_id("0b8c4b5e-6c0e-4d43-9c39-0f6a6a5d6f01") is None


@pytest.mark.parametrize("missing", ["NA", " NaN ", "<NA>", "NULL", "#N/A", math.nan, None])
def test_what_other_programs_write_for_no_value_is_none_in_a_column_that_may_lack_one(
    missing: object,
) -> None:
    values = with_missing_values({"category": missing, "tokens": missing, "reading_ms": "12"})
    assert (values["tokens"], values["reading_ms"]) == (None, "12")
    assert values["category"] is missing


def test_a_note_of_a_word_for_no_value_stays_unless_another_column_has_one() -> None:
    assert with_missing_values({"note": "NA", "tokens": "7"})["note"] == "NA"
    assert with_missing_values({"note": "NA", "tokens": ""})["note"] == "NA"
    assert with_missing_values({"note": "NA", "tokens": "NA"})["note"] is None
    assert with_missing_values({"note": "see NA", "tokens": "NA"})["note"] == "see NA"
    assert with_missing_values({"note": math.nan, "tokens": 7})["note"] is None
    assert with_missing_values({"note": 2.5, "tokens": 7})["note"] == 2.5
