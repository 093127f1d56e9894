"""Tests of how one stored row becomes text and metadata."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from corpuscope.corpora.arrow_rows import record_of, value_of
from corpuscope.corpora.json_values import parse_object
from corpuscope.corpora.known import KNOWN
from corpuscope.corpora.parse import text_columns
from corpuscope.corpora.rows import column_paths, resolve_text, resolve_tokens, to_row, unique_names
from corpuscope.corpora.source import Row
from corpuscope.domain.corpus import Corpus, TextColumn
from corpuscope.errors import CorpusError


def corpus(template: str = "text") -> Corpus:
    return Corpus("web", "Web", "local", "web.jsonl", text=text_columns(template))


def converted(record: dict[str, Any], template: str = "text") -> Row:
    text = resolve_text(corpus(template), list(record), "web.jsonl")
    return to_row(Corpus("web", "Web", "local", "web.jsonl", text=text), record)


def test_another_config_of_a_known_dataset_may_have_no_token_counts() -> None:
    other = replace(KNOWN["fineweb"].corpus, key="mine", name="CC-MAIN-2013-20")
    assert resolve_tokens(other, ("text", "url"), "fineweb") is None
    with pytest.raises(CorpusError, match="has no column token_count"):
        resolve_tokens(replace(other, path="owner/web"), ("text", "url"), "web")


def test_repeated_names_are_numbered_past_names_that_exist() -> None:
    assert unique_names(["a", "b", "a", "a_2", "a"]) == ["a", "b", "a_3", "a_2", "a_4"]


def test_a_table_of_many_nameless_columns_is_numbered_at_once() -> None:
    assert unique_names(["", *[""] * 9_999])[-1] == "_10000"


@pytest.mark.parametrize(
    ("template", "columns", "expected"),
    [
        ("x,y", ["x,y", "z"], [("x,y", "x,y")]),
        ("x,y", ["x,y", "x", "y"], [("x", "x"), ("y", "y")]),
        ("q=x, y,z", ["x, y", "z"], [("x, y", "q"), ("z", "z")]),
        ("a=b", ["a=b"], [("a=b", "a=b")]),
        ("title=a=b", ["a=b"], [("a=b", "title")]),
        ("text", ["text ", "id"], [("text ", "text ")]),
        ("text ", [" text"], [(" text", " text")]),
        ("text", ["id", "raw_content"], [("raw_content", "raw_content")]),
        ("text", ["messages"], [("messages", "messages")]),
    ],
)
def test_text_columns_are_found_under_the_names_they_have(
    template: str, columns: list[str], expected: list[tuple[str, str]]
) -> None:
    resolved = resolve_text(corpus(template), columns, "web.csv")
    assert resolved == tuple(TextColumn(column, title) for column, title in expected)


@pytest.mark.parametrize(
    ("template", "columns"),
    [("text", ["content", "body"]), ("txt", ["content"]), ("a,b", ["a"]), ("text", ["Text"]), ("text", [])],
)
def test_a_column_that_does_not_exist_is_named(template: str, columns: list[str]) -> None:
    with pytest.raises(CorpusError, match=r"web\.csv has no column"):
        resolve_text(corpus(template), columns, "web.csv")


def test_a_nested_column_is_the_text_and_the_rest_of_its_parent_stays_metadata() -> None:
    record = {"doc": {"text": "a", "id": 1}, "n": 2}
    row = to_row(corpus("doc.text"), record)
    assert (row.text, row.metadata) == ((("doc.text", "a"),), {"doc": '{"id": 1}', "n": 2})
    assert to_row(corpus("doc.text"), {"doc": None}).text == (("doc.text", ""),)
    assert to_row(corpus("doc.text"), {"doc.text": "flat"}).text == (("doc.text", "flat"),)
    assert record == {"doc": {"text": "a", "id": 1}, "n": 2}


def test_a_conversation_becomes_one_section_for_each_message() -> None:
    messages = [
        {"role": "user", "content": "why?"},
        {"role": "assistant", "content": None, "tool_calls": [{"name": "f"}]},
        {"role": "tool", "content": [{"type": "text", "text": "so"}, {"type": "text", "text": "and so"}]},
    ]
    assert converted({"messages": messages}).text == (
        ("user", "why?"),
        ("assistant", '[{"name": "f"}]'),
        ("tool", "so\n\nand so"),
    )
    shared = [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "hello"}]
    assert converted({"conversations": shared}).text == (("human", "hi"), ("gpt", "hello"))


def test_a_list_that_is_no_conversation_is_written_out() -> None:
    assert converted({"text": [{"role": "user"}]}).text == (("text", '[{"role": "user"}]'),)


@pytest.mark.parametrize(
    ("column", "written"),
    [
        (pa.array([253402300800000], pa.timestamp("ms")), "10000-01-01 00:00:00.000"),
        (pa.array([10**8], pa.int32()).cast(pa.date32()), "<value out of range: 100000000>"),
        (pa.array([2**62], pa.duration("s")), "4611686018427387904 s"),
        (pa.array([1700000000], pa.timestamp("s", "Mars/Phobos")), "2023-11-14 22:13:20Z [Mars/Phobos]"),
        (pa.array([[253402300800000]], pa.list_(pa.timestamp("ms"))), ["10000-01-01 00:00:00.000"]),
    ],
)
def test_values_that_python_cannot_hold_are_written_out(column: pa.Array, written: object) -> None:
    assert value_of(column[0]) == written


def test_bytes_that_are_no_utf8_are_kept_in_nested_values() -> None:
    broken = pa.array([b"caf\xe9"], pa.binary()).view(pa.string())
    for column, expected in (
        (pa.ListArray.from_arrays([0, 1], broken), ["caf\udce9"]),
        (pa.StructArray.from_arrays([broken, pa.array([1])], ["a", "b"]), {"a": "caf\udce9", "b": 1}),
        (pa.DictionaryArray.from_arrays(pa.array([0]), broken), "caf\udce9"),
        (pa.MapArray.from_arrays([0, 1], broken, broken), [{"key": "caf\udce9", "value": "caf\udce9"}]),
    ):
        assert value_of(column[0]) == expected


def test_the_first_of_two_columns_keeps_the_name() -> None:
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], ["text", "text"])
    assert record_of(table, 0) == {"text": "a", "text_2": "b"}


def test_nesting_of_any_depth_does_not_cost_the_text() -> None:
    for depth in (10, 500, 960, 980, 990, 2000):
        for opening, closing in (("[", "]"), ('{"a":', "}")):
            record = parse_object(f'{{"text": "a", "deep": {opening * depth}1{closing * depth}}}')
            assert record is not None
            assert resolve_text(corpus(), list(column_paths(record)), "web.jsonl") == corpus().text
            assert to_row(corpus(), record).text == (("text", "a"),)


DEEP = "[" * 100_000 + '"]}"' + "]" * 100_000
"""Deeper than any interpreter reads: some count the levels, others measure the stack."""


@pytest.mark.parametrize(
    ("line", "record"),
    [
        ('{"a": 1, "b": {"c": 2}, "deep": DEEP, "d": []}', {"a": 1, "b": {"c": 2}, "deep": DEEP, "d": []}),
        (' { "deep" : DEEP } , ', {"deep": DEEP}),
        ('{"deep": DEEP, "deep": 2}', {"deep": DEEP, "deep_2": 2}),
        *(
            (malformed, None)
            for malformed in (
                '{"deep": DEEP} x',
                '{"deep": DEEP,}',
                '{"deep": DEEP "b": 1}',
                '{"deep": DEEP, "b" 1}',
                '{"deep": DEEP, b: 1}',
                '{"deep": DEEP, "b": x}',
                '{"deep": DEEP, "b',
                '{"deep": [DEEP',
                '{"deep": DEEP',
                "{DEEP}",
                "[DEEP]",
            )
        ),
    ],
)
def test_a_line_with_a_value_that_is_nested_too_deep_is_an_object_or_malformed(
    line: str, record: dict[str, object] | None
) -> None:
    assert parse_object(line.replace("DEEP", DEEP)) == record


def test_an_integer_too_long_for_python_stays_text() -> None:
    for digits, kind in ((4000, int), (4001, str)):
        assert parse_object(f'{{"n": {"1" * digits}}}') == {"n": kind("1" * digits)}


@pytest.mark.parametrize(
    ("line", "record"),
    [
        ('\ufeff{"a": 1}\r\n', {"a": 1}),
        ('\x1e{"a": 1}\n', {"a": 1}),
        ('\t{"a": 1},\n', {"a": 1}),
        ('{"a": 1},,', None),
        ("[1]", None),
        ('"a"', None),
        ("", None),
    ],
)
def test_what_stands_around_an_object_is_no_part_of_it(line: str, record: dict[str, object] | None) -> None:
    assert parse_object(line) == record


def test_values_are_texts_and_metadata_as_they_are_stored() -> None:
    day = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    record = {
        "text": True,
        "none": None,
        "share": 0.5,
        "small": -(2**63),
        "large": 2**63,
        "larger": -(2**63) - 1,
        "at": day,
        "day": day.date(),
        "list": ["é", {"a": None}],
    }
    row = converted(record)
    assert row.text == (("text", "true"),)
    assert row.metadata == {
        "none": None,
        "share": 0.5,
        "small": -(2**63),
        "large": str(2**63),
        "larger": str(-(2**63) - 1),
        "at": "2026-01-02T03:04:00+00:00",
        "day": "2026-01-02",
        "list": '["é", {"a": null}]',
    }
    assert converted({"text": b"caf\xe9"}).text == (("text", "caf\udce9"),)
    assert converted({"text": 3}).text == (("text", "3"),)


@pytest.mark.parametrize(
    ("stored", "tokens"),
    [
        (7, 7),
        (0, 0),
        (-1, None),
        (2**63, None),
        (True, None),
        (7.0, 7),
        (7.5, None),
        (-7.0, None),
        (float("inf"), None),
        (" 12 ", 12),
        ("1" * 18, int("1" * 18)),
        ("1" * 19, None),
        ("\u0661", None),
        ("-3", None),
        ("", None),
        ([5, 6], 2),
        ([], 0),
        (None, None),
        ({"n": 3}, None),
    ],
)
def test_a_count_of_tokens_is_a_whole_number_or_the_length_of_a_list(
    stored: object, tokens: int | None
) -> None:
    counted = replace(corpus(), tokens="n")
    assert to_row(counted, {"text": "a", "n": stored}).tokens == tokens
