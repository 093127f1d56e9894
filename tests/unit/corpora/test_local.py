"""Tests of local files, in which every row of every format is indexed once and read exactly."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.corpora.compressed import GzipDecompressor, SeekableCompressedFile, file_content, read
from corpuscope.corpora.local_files import find
from corpuscope.corpora.local_json import line_starts
from corpuscope.corpora.local_source import LocalSource
from corpuscope.corpora.parse import CorpusOptions, corpus_for
from corpuscope.corpora.source import Row
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError
from corpuscope.sampling.draws import draws_of

Rows = list[dict[str, Any]]


def local_source(where: Path | str, cache: Path, *, text: str | None = None) -> LocalSource:
    return LocalSource(corpus_for(str(where), CorpusOptions(text=text)), cache / "cache")


def all_rows(where: Path | str, cache: Path, *, text: str | None = None) -> list[Row]:
    source = local_source(where, cache, text=text)
    manifest = source.manifest()
    return [
        source.fetch(shard, row) for shard in range(len(manifest.shards)) for row in range(source.rows(shard))
    ]


def all_texts(where: Path | str, cache: Path, *, text: str | None = None) -> list[str]:
    return ["|".join(part for _, part in row.text) for row in all_rows(where, cache, text=text)]


def json_lines(rows: Rows) -> bytes:
    return b"".join(
        json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogateescape") + b"\n" for row in rows
    )


def write_jsonl(path: Path, rows: Rows) -> None:
    path.write_bytes(json_lines(rows))


def write_gzip(path: Path, rows: Rows) -> None:
    half = len(rows) // 2
    path.write_bytes(gzip.compress(json_lines(rows[:half])) + gzip.compress(json_lines(rows[half:])))


def write_zstd(path: Path, rows: Rows) -> None:
    half = len(rows) // 2
    path.write_bytes(
        zstandard.compress(json_lines(rows[:half])) + zstandard.compress(json_lines(rows[half:]))
    )


def write_csv(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["text", "url"])
        writer.writeheader()
        writer.writerows(rows)


def write_parquet(path: Path, rows: Rows) -> None:
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=7)


FORMATS: dict[str, Callable[[Path, Rows], None]] = {
    "web.jsonl": write_jsonl,
    "web.json": write_jsonl,
    "web.ndjson": write_jsonl,
    "web.jsonl.gz": write_gzip,
    "web.jsonl.zst": write_zstd,
    "web.csv": write_csv,
    "web.parquet": write_parquet,
}

HOSTILE = [
    "plain",
    "two\nlines",
    "",
    'a "quoted", text',
    "tab\tand ;",
    "漢字 é 🙂",
    "\x00\x1b[31m",
    "  ",
    "x" * 9000,
]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_back_every_row_exactly(tmp_path: Path, name: str) -> None:
    rows: Rows = [{"text": text, "url": f"https://example.org/{n}"} for n, text in enumerate(HOSTILE * 3)]
    FORMATS[name](tmp_path / name, rows)
    fetched = all_rows(tmp_path / name, tmp_path)
    assert [row.text for row in fetched] == [(("text", row["text"]),) for row in rows]
    assert [row.metadata for row in fetched] == [{"url": row["url"]} for row in rows]


@pytest.mark.parametrize("name", FORMATS)
def test_a_sample_of_files_is_drawn_uniformly_from_all_rows(tmp_path: Path, name: str) -> None:
    FORMATS[name](tmp_path / name, [{"text": str(n), "url": ""} for n in range(20)])
    manifest = local_source(tmp_path / name, tmp_path).manifest()
    draws = draws_of(manifest, 1)
    drawn = [target.position for draw in range(20) if (target := draws.first(draw))]
    assert sorted(drawn) == list(range(20))
    assert draws.first(20) is None
    assert draws.probability(0, 20) == 1 / 20


def test_a_folder_is_all_its_files_with_names_inside_it(tmp_path: Path) -> None:
    (tmp_path / "web" / "deep").mkdir(parents=True)
    write_jsonl(tmp_path / "web" / "b.jsonl", [{"text": "b0"}, {"text": "b1"}])
    write_jsonl(tmp_path / "web" / "deep" / "a.jsonl", [{"text": "a0"}])
    (tmp_path / "web" / ".hidden.jsonl").write_text("no")
    (tmp_path / "web" / "README.md").write_text("no")
    manifest = local_source(tmp_path / "web", tmp_path).manifest()
    assert [(shard.name, shard.rows) for shard in manifest.shards] == [("b.jsonl", 2), ("deep/a.jsonl", 1)]


def test_a_glob_is_the_files_it_matches(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_jsonl(tmp_path / name / "x.jsonl", [{"text": name}])
        (tmp_path / name / "notes.txt").write_text("no")
    assert all_texts(tmp_path / "*" / "*.jsonl", tmp_path) == ["a", "b"]
    names = [shard.name for shard in local_source(tmp_path / "*" / "*.jsonl", tmp_path).manifest().shards]
    assert names == ["a/x.jsonl", "b/x.jsonl"]


def test_a_text_file_is_one_document_however_many_lines_it_has(tmp_path: Path) -> None:
    (tmp_path / "poems").mkdir()
    (tmp_path / "poems" / "a.txt").write_text("one\ntwo\n")
    (tmp_path / "poems" / "b.txt.gz").write_bytes(gzip.compress(b"three\r\nfour"))
    assert all_texts(tmp_path / "poems", tmp_path) == ["one\ntwo\n", "three\r\nfour"]


def test_several_columns_become_sections(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "qa.jsonl", [{"q": "why", "a": "so", "n": 3}])
    row = all_rows(tmp_path / "qa.jsonl", tmp_path, text="question=q,answer=a")[0]
    assert row.text == (("question", "why"), ("answer", "so"))
    assert row.metadata == {"n": 3}


def test_text_of_any_type_is_written_out_and_null_is_empty(tmp_path: Path) -> None:
    values = [None, 3, 1.5, True, ["a", 1], {"k": "v"}]
    write_jsonl(
        tmp_path / "odd.jsonl", [{"text": "first"}, *({"text": value} for value in values), {"other": 1}]
    )
    assert all_texts(tmp_path / "odd.jsonl", tmp_path) == [
        "first",
        "",
        "3",
        "1.5",
        "true",
        '["a", 1]',
        '{"k": "v"}',
        "",
    ]


def test_nested_metadata_is_json_and_huge_numbers_are_text(tmp_path: Path) -> None:
    write_jsonl(
        tmp_path / "deep.jsonl",
        [{"text": "x", "meta": {"tags": ["é"]}, "n": 2**70, "ok": True, "none": None}],
    )
    assert all_rows(tmp_path / "deep.jsonl", tmp_path)[0].metadata == {
        "meta": '{"tags": ["é"]}',
        "n": str(2**70),
        "ok": True,
        "none": None,
    }


def test_blank_lines_a_bom_and_a_missing_last_line_end_change_nothing(tmp_path: Path) -> None:
    data = b'\xef\xbb\xbf{"text": "a"}\r\n\n   \t\n{"text": "b"}\n\n\n{"text": "c"}'
    (tmp_path / "odd.jsonl").write_bytes(data)
    assert all_texts(tmp_path / "odd.jsonl", tmp_path) == ["a", "b", "c"]


def test_a_csv_that_a_spreadsheet_wrote_with_a_byte_order_mark_has_the_columns_it_names(
    tmp_path: Path,
) -> None:
    (tmp_path / "excel.csv").write_bytes("text,url\r\nfirst,u\r\nsecond,v\r\n".encode("utf-8-sig"))
    assert all_texts(tmp_path / "excel.csv", tmp_path) == ["first", "second"]


def test_invalid_utf8_and_lone_surrogates_are_kept(tmp_path: Path) -> None:
    (tmp_path / "bytes.jsonl").write_bytes(b'{"text": "caf\xe9"}\n{"text": "\\ud83d half"}\n')
    assert all_texts(tmp_path / "bytes.jsonl", tmp_path) == ["caf\udce9", "\ud83d half"]
    (tmp_path / "bytes.txt").write_bytes(b"\xff\x00raw")
    assert all_texts(tmp_path / "bytes.txt", tmp_path)[0].encode("utf-8", "surrogateescape") == b"\xff\x00raw"
    (tmp_path / "bytes.csv").write_bytes(b"text\ncaf\xe9\n")
    assert all_texts(tmp_path / "bytes.csv", tmp_path) == ["caf\udce9"]


def test_a_parquet_string_of_invalid_utf8_is_kept(tmp_path: Path) -> None:
    broken = pa.array([b"caf\xe9"], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"text": broken, "raw": [b"\x00\x01"]}), tmp_path / "bytes.parquet")
    row = all_rows(tmp_path / "bytes.parquet", tmp_path)[0]
    assert row.text == (("text", "caf\udce9"),)
    assert row.metadata == {}


def test_a_line_that_is_not_a_json_object_is_a_document_unchanged(tmp_path: Path) -> None:
    (tmp_path / "torn.jsonl").write_bytes(b'{"text": "a"}\n[1, 2]\n{"text": "cut of')
    fetched = all_rows(tmp_path / "torn.jsonl", tmp_path)
    assert [row.text[0][1] for row in fetched] == ["a", "[1, 2]", '{"text": "cut of']
    assert [dict(row.metadata) for row in fetched] == [{}, {"unparsed": True}, {"unparsed": True}]


def test_semicolons_and_tabs_separate_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('url;text\nu;"one; two"\n\nv;three\n')
    assert all_texts(tmp_path / "a.csv", tmp_path) == ["one; two", "three"]
    (tmp_path / "b.tsv").write_text("url\ttext\nu\tone, two\n")
    assert all_texts(tmp_path / "b.tsv", tmp_path) == ["one, two"]


@pytest.mark.slow
def test_a_large_row_group_is_decoded_in_parts(tmp_path: Path) -> None:
    rows = 3000
    table = pa.table({"text": [f"{n} " + "x" * 30_000 for n in range(rows)]})
    pq.write_table(table, tmp_path / "large.parquet", row_group_size=rows)
    source = local_source(tmp_path / "large.parquet", tmp_path)
    source.manifest()
    assert [source.fetch(0, row).text[0][1].split()[0] for row in (0, 511, 512, rows - 1)] == [
        "0",
        "511",
        "512",
        "2999",
    ]


def test_the_revision_depends_on_the_content_not_on_the_path(tmp_path: Path) -> None:
    revisions = []
    for folder, text in (("one", "a"), ("two", "a"), ("three", "b")):
        (tmp_path / folder).mkdir()
        write_jsonl(tmp_path / folder / "web.jsonl", [{"text": text}])
        revisions.append(local_source(tmp_path / folder / "web.jsonl", tmp_path).manifest().revision)
    assert revisions[0] == revisions[1] != revisions[2]


def test_the_second_start_reuses_the_row_index(tmp_path: Path) -> None:
    path = tmp_path / "web.jsonl"
    write_jsonl(path, [{"text": str(n)} for n in range(50)])
    reports: list[str] = []
    for _ in range(2):
        source = LocalSource(corpus_for(str(path)), tmp_path / "cache", reports.append)
        assert source.manifest().shards[0].rows == 50
    indexes = list((tmp_path / "cache").glob("*.rows"))
    assert len(indexes) == 1
    modified = indexes[0].stat().st_mtime_ns
    write_jsonl(path, [{"text": str(n)} for n in range(60)])
    assert len(all_texts(path, tmp_path)) == 60
    assert indexes[0].stat().st_mtime_ns != modified
    assert reports[0].startswith("reading web.jsonl")
    assert reports[-1] == ""


def test_a_damaged_index_is_rebuilt(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "web.jsonl", [{"text": str(n)} for n in range(50)])
    whole = all_texts(tmp_path / "web.jsonl", tmp_path)
    index = next((tmp_path / "cache").glob("*.rows"))
    data = bytearray(index.read_bytes())
    data[200] ^= 1
    for damage in (bytes(data), data[:-8], b"", b"nonsense"):
        index.write_bytes(damage)
        assert all_texts(tmp_path / "web.jsonl", tmp_path) == whole


@given(
    lines=st.lists(st.sampled_from([b"", b" \t", b"a", b"bb", b"c" * 300, b" " * 40, b"\r"]), max_size=30),
    cuts=st.lists(st.integers(1, 60), max_size=40),
    ends=st.booleans(),
)
def test_line_starts_do_not_depend_on_how_the_bytes_are_chunked(
    lines: list[bytes], cuts: list[int], ends: bool
) -> None:
    data = b"\n".join(lines) + (b"\n" if ends else b"")
    chunks, position = [], 0
    for cut in [*cuts, len(data)]:
        if data[position : position + cut]:
            chunks.append(data[position : position + cut])
        position += cut
    starts = [
        int.from_bytes(piece[i : i + 8], "little")
        for piece, _ in line_starts(chunks)
        for i in range(0, len(piece), 8)
    ]
    expected, position = [], 0
    for line in data.split(b"\n"):
        if line.strip():
            expected.append(position)
        position += len(line) + 1
    assert starts == expected


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_any_range_of_a_compressed_file_can_be_read(tmp_path: Path, suffix: str) -> None:
    plain = b"".join(b"%d " % n for n in range(900_000))
    members = [plain[i : i + 2_000_000] for i in range(0, len(plain), 2_000_000)]
    compress = gzip.compress if suffix == ".gz" else zstandard.compress
    path = tmp_path / f"numbers.txt{suffix}"
    path.write_bytes(b"".join(compress(member) for member in members) + b"\0" * 512)
    content = file_content(find(str(path)).files[0])
    assert b"".join(content.chunks()) == plain
    for start in (0, 5_000_000, 1_999_990, 100, len(plain) - 10, len(plain)):
        assert read(content, start, start + 40) == plain[start : start + 40]


def test_checkpoints_inside_a_gzip_stream_lead_to_the_same_bytes(tmp_path: Path) -> None:
    plain = b"".join(b"%d " % (n * 7919 % 1_000_003) for n in range(600_000))
    path = tmp_path / "numbers.txt.gz"
    path.write_bytes(gzip.compress(plain))
    file = find(str(path)).files[0]
    content = SeekableCompressedFile(file, GzipDecompressor, fork=copy, spacing=100_000, max_checkpoints=8)
    assert b"".join(content.chunks()) == plain
    for start in range(0, len(plain), 333_333):
        assert read(content, start, start + 20) == plain[start : start + 20]


def test_rows_are_drawn_uniformly_over_files_of_different_sizes(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    for name, count in (("a", 1), ("b", 9)):
        write_jsonl(tmp_path / "web" / f"{name}.jsonl", [{"text": "x" * 500}] * count)
    manifest = local_source(tmp_path / "web", tmp_path).manifest()
    first = Counter(target.shard for seed in range(2000) if (target := draws_of(manifest, seed).first(0)))
    assert 150 < first[0] < 250


@pytest.mark.parametrize(
    ("columns", "named", "read", "notes"),
    [
        ({"token_count": 12}, None, 12, ("web: tokens are counted by column token_count",)),
        ({"input_ids": [5, 6, 7]}, None, 3, ("web: tokens are counted by column input_ids",)),
        ({"token_count": 12, "mine": 4.0}, "mine", 4, ()),
        ({"meta": {"n": "17"}}, "meta.n", 17, ()),
        ({"score": 3}, None, None, ()),
    ],
)
def test_token_counts_are_read_from_the_column_named_or_from_a_usual_one(
    tmp_path: Path, columns: dict[str, object], named: str | None, read: int | None, notes: tuple[str, ...]
) -> None:
    (tmp_path / "web.jsonl").write_text(json.dumps({"text": "a", **columns}) + "\n", "utf-8")
    corpus = Corpus("web", "web", "local", str(tmp_path / "web.jsonl"), tokens=named)
    source = LocalSource(corpus, tmp_path / "cache")
    assert source.manifest().notes == notes
    assert source.fetch(0, 0).tokens == read
    assert source.manifest().documents == 1


def test_a_column_of_tokens_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "web.jsonl").write_text('{"text": "a", "tokens_n": 3}\n', "utf-8")
    corpus = Corpus("web", "web", "local", str(tmp_path / "web.jsonl"), tokens="token_n")
    with pytest.raises(CorpusError, match=r"(?s)no column token_n.*tokens_n.*--tokens"):
        LocalSource(corpus, tmp_path / "cache").manifest()
