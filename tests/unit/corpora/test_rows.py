"""Tests of how one stored row becomes text and metadata."""

from __future__ import annotations

from dataclasses import replace
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
