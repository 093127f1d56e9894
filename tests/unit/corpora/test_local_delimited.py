"""Tests that delimited files are read in the dialect they were written in, or named with the line that is wrong."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpuscope.corpora.local_source import LocalSource
from corpuscope.corpora.parse import CorpusOptions, corpus_for
from corpuscope.corpora.source import Row
from corpuscope.errors import CorpusError


def read_all(path: Path, content: str | bytes, text: str | None = None) -> tuple[list[Row], tuple[str, ...]]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    source = LocalSource(corpus_for(str(path), CorpusOptions(text=text)), path.parent / "cache")
    manifest = source.manifest()
    return [source.fetch(0, row) for row in range(source.rows(0))], manifest.notes


def texts(rows: list[Row]) -> list[str]:
    return [row.text[0][1] for row in rows]


@pytest.mark.parametrize(
    ("name", "content", "expected", "note"),
    [
        ("semicolon.csv", "id;text\n1;a, b\n2;c\n", ["a, b", "c"], "separated by semicolons"),
        ("tab.csv", "id\ttext\n1\ta, b\n2\tc; d\n", ["a, b", "c; d"], "separated by tabs"),
        ("bar.csv", "id|text\n1|a, b\n2|c\n", ["a, b", "c"], "separated by vertical bars"),
        ("both.csv", "id;title, short;text\n1;t;a\n2;u;b, c\n", ["a", "b, c"], "separated by semicolons"),
        ("quoted.csv", '"id, first, second";text\n1;a\n2;b\n', ["a", "b"], "separated by semicolons"),
        ("sep.csv", "sep=|\nid|text\n1|a, b\n", ["a, b"], "the header is on line 2"),
        ("mark.csv", b"\xef\xbb\xbftext,id\na,1\n", ["a"], ""),
        ("wide.csv", "id,text\r\n1,é 漢\r\n2,b\r\n".encode("utf-16"), ["é 漢", "b"], "UTF-16"),
        ("bare.csv", "id,text\n1,é 漢\n".encode("utf-16-le"), ["é 漢"], "UTF-16"),
        ("other.csv", "id,text\n1,é\n".encode("cp1252"), ["\udce9"], "not UTF-8"),
        (
            "big.tsv",
            "\ufeffid\ttext\n1\ta\ud7ff😀\n".encode("utf-16-be"),
            ["a\ud7ff😀"],
            "UTF-16",
        ),
        ("cr.csv", 'id,text\r1,a\r2,"b\rc"\r', ["a", "b\rc"], ""),
        ("crlf.csv", 'id,text\r\n1,"a\r\nb"\r\n', ["a\r\nb"], ""),
        ("doubled.csv", 'id,text\n1,"say ""hi, you"""\n', ['say "hi, you"'], ""),
        (
            "escaped.csv",
            r"id,text" + '\n1,"say \\"hi, you\\" C:\\dir"\n',
            ['say "hi, you" C:\\dir'],
            "escaped",
        ),
        ("backslash.csv", 'id,text\n1,"C:\\"\n2,"b"\n', ["C:\\", "b"], ""),
        ("inner.csv", 'id,text\n1,say "hi"\n', ['say "hi"'], ""),
        ("comma.tsv", "text\tlabel (a, b, c)\nx, y\t1\n", ["x, y"], ""),
        ("quotes.tsv", 'id\ttext\n1\t"Hello" he said\n2\tb\n', ['"Hello" he said', "b"], "quotes are text"),
        ("empty.tsv", "id\ttext\n\t\n  \n2\tb\n", ["", "b"], ""),
        ("quoted.tsv", 'id\ttext\n1\t"a\tb"\n', ["a\tb"], ""),
        ("one.csv", "text\na; b, c\nd, e\nf\n", ["a; b, c", "d, e", "f"], ""),
        ("onequoted.csv", 'text\n"a, ""b"""\n', ['a, "b"'], ""),
        ("blank.csv", "\n  \nid,text\n1,a\n\n2,b\n", ["a", "b"], "the header is on line 3"),
        ("preamble.csv", "Report of May\n# all\nid,text\n1,a\n2,b\n", ["a", "b"], "the header is on line 3"),
        ("trailing.csv", "id,text,\n1,a,\n2,b,\n", ["a", "b"], ""),
        ("extra.csv", "id,text\n1,a,\n2,b,\n", ["a", "b"], ""),
        ("repeated.csv", "text,id,text\na,1,other\n", ["a"], "several columns are called text"),
        ("nul.csv", 'id,text\n1,"a\0b"\n', ["a\0b"], ""),
    ],
)
def test_every_usual_dialect_is_read_right_and_an_unusual_one_is_noted(
    tmp_path: Path, name: str, content: str | bytes, expected: list[str], note: str
) -> None:
    rows, notes = read_all(tmp_path / name, content)
    assert texts(rows) == expected
    assert note in " ".join(notes)
    assert bool(note) == bool(notes)
    assert not any("unparsed" in row.metadata for row in rows)


@pytest.mark.parametrize(
    ("name", "content", "expected", "line"),
    [
        ("long.csv", "id,text\n1,hello, unquoted\n2,fine\n", ["1,hello, unquoted", "fine"], 2),
        ("short.csv", "id,text\n1,fine\n2\n", ["fine", "2"], 3),
        ("stray.csv", 'id,text\n1,"never closed\n2,b\n3,c\n4,d\n', ['1,"never closed', "b", "c", "d"], 2),
        ("after.csv", 'id,text\n1,"a" b\n2,"c"\n', ['1,"a" b', "c"], 2),
        ("late.csv", 'id,text\n1,"a\nb"\n2,x,y\n3,z\n', ["a\nb", "2,x,y", "z"], 4),
        ("onecolumn.csv", 'text\n"a" b\nc\n', ['"a" b', "c"], 2),
    ],
)
def test_a_record_that_does_not_fit_the_header_is_whole_and_counted(
    tmp_path: Path, name: str, content: str, expected: list[str], line: int
) -> None:
    for _ in range(2):  # the second time the row index is reused
        rows, notes = read_all(tmp_path / name, content)
        assert texts(rows) == expected
        assert f"1 of {len(expected)} records without the fields of the header" in notes[-1]
        assert f"the first on line {line};" in notes[-1]
    assert [row.text[0][1] for row in rows if row.metadata.get("unparsed")] == [content.split("\n")[line - 1]]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("id,text\n0,1,hello\n1,2,there\n", r"line 2: 2 of 2 records without the 2 fields"),
        ("id,label\n1,text\n", r"has no column text"),
        ("text,other\nx\n" * 20, r"line 2"),
    ],
)
def test_a_file_whose_records_do_not_fit_at_all_is_named(tmp_path: Path, content: str, fault: str) -> None:
    with pytest.raises(CorpusError, match=fault):
        read_all(tmp_path / "web.csv", content)


def test_a_data_row_is_not_taken_for_a_header(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="has no column text"):
        read_all(tmp_path / "web.csv", "id,kind\n1,text\n2,code\n")


FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@settings(max_examples=60, deadline=None)
@given(
    records=st.lists(st.tuples(FIELD, FIELD), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_what_the_csv_module_writes_is_read_exactly(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[tuple[str, str]],
    delimiter: str,
    end: str,
    encoding: str,
    quoting: Literal[0, 1],
) -> None:
    if quoting == csv.QUOTE_MINIMAL:  # with which the module leaves a lone CR without quotes
        records = [(url.replace("\r", ""), text.replace("\r", "")) for url, text in records]
    folder = tmp_path_factory.mktemp("csv")
    path = folder / "web.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting)
        writer.writerows([("url", "text"), *records])
    rows, _ = read_all(path, path.read_bytes())
    assert [(row.metadata["url"], row.text[0][1]) for row in rows] == records
