"""Tests of the other shapes in which people keep documents: arrays, Arrow, long lines, every compression."""

from __future__ import annotations

import bz2
import io
import json
import lzma
import zlib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import feather, ipc

from corpuscope.corpora.local_json import array_starts
from corpuscope.corpora.local_source import LocalSource
from corpuscope.corpora.parse import CorpusOptions, corpus_for
from corpuscope.corpora.source import Row
from corpuscope.errors import CorpusError

RECORDS = [{"text": text, "n": n} for n, text in enumerate(["a", 'b "]}, [{', "c\\", "é\n漢", ""] * 6)]


def read_all(path: Path, text: str | None = None) -> tuple[list[Row], tuple[str, ...]]:
    source = LocalSource(corpus_for(str(path), CorpusOptions(text=text)), path.parent / "cache")
    manifest = source.manifest()
    return [source.fetch(0, row) for row in range(source.rows(0))], manifest.notes


def texts(path: Path, text: str | None = None) -> list[str]:
    return [row.text[0][1] for row in read_all(path, text)[0]]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", ["web.json", "web.jsonl"])
def test_a_json_array_is_read_element_by_element(tmp_path: Path, name: str, indent: int | None) -> None:
    (tmp_path / name).write_text(f"\ufeff \n{json.dumps(RECORDS, indent=indent, ensure_ascii=False)}\n")
    assert texts(tmp_path / name) == [record["text"] for record in RECORDS]


def test_an_element_that_is_no_object_is_a_row_unchanged(tmp_path: Path) -> None:
    (tmp_path / "web.json").write_text('[{"text": "a"}, [1,\n 2], {"text": "b"}, null]')
    assert texts(tmp_path / "web.json") == ["a", "[1,\n 2], ", "b", "null"]


@given(
    value=st.recursive(
        st.none() | st.integers() | st.text(max_size=6),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    ),
    size=st.integers(1, 7),
    indent=st.none() | st.just(1),
)
@settings(max_examples=100, deadline=None)
def test_elements_of_an_array_are_located_however_the_bytes_are_chunked(
    value: object, size: int, indent: int | None
) -> None:
    elements = [value, {"text": value}, value]
    data = json.dumps(elements, indent=indent, ensure_ascii=False).encode("utf-8", "surrogatepass")
    pieces = list(array_starts(data[at : at + size] for at in range(0, len(data), size)))
    starts = [
        int.from_bytes(piece[at : at + 8], "little") for piece, _ in pieces for at in range(0, len(piece), 8)
    ]
    spans = [
        data[start:end].rstrip().removesuffix(b",")
        for start, end in zip(starts, [*starts[1:], pieces[-1][1]], strict=True)
    ]
    assert [json.loads(span.decode("utf-8", "surrogatepass")) for span in spans] == elements


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ({"text": {"0": "a", "1": "b"}}, 'orient="records"'),
        ({"text": {"0": "a", "1": "b"}, "n": {"0": 1, "1": 2}}, 'orient="records"'),
        ({"version": 1, "data": [{"text": "a"}]}, """jq -c '."data"[]'"""),
        (
            {"train": [{"text": "a"}], "test": [{"text": "b"}]},
            """in 2 lists\nwrite one object per document: jq -c '."train"[]'""",
        ),
        ({"id 1": {"text": "a"}, "id 2": {"text": "b"}}, "jq -c '.[]'"),
    ],
)
def test_one_object_that_holds_all_documents_is_refused(tmp_path: Path, content: object, hint: str) -> None:
    (tmp_path / "web.json").write_text(json.dumps(content))
    with pytest.raises(CorpusError, match=r"web\.json is one object") as fault:
        texts(tmp_path / "web.json")
    assert hint in str(fault.value)


@pytest.mark.parametrize(
    "record",
    [
        {"text": "a", "links": [{"to": "b"}]},
        {"text": {"title": "a", "body": "b"}},
        {"content": "a", "links": [{"to": "b"}]},
        {"messages": [{"role": "user", "content": "a"}]},
    ],
)
def test_a_file_of_one_document_is_read(tmp_path: Path, record: object) -> None:
    (tmp_path / "web.jsonl").write_text(json.dumps(record))
    assert len(texts(tmp_path / "web.jsonl")) == 1


def write_stream(path: Path, table: pa.Table) -> None:
    with ipc.new_stream(path, table.schema) as writer:
        writer.write_table(table, max_chunksize=7)


def write_file(path: Path, table: pa.Table) -> None:
    with ipc.new_file(path, table.schema) as writer:
        writer.write_table(table, max_chunksize=7)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("web.arrow", write_stream),
        ("web.arrow", write_file),
        (
            "web.feather",
            lambda path, table: feather.write_feather(table, path, compression="lz4", chunksize=4),
        ),
        ("web.feather", lambda path, table: feather.write_feather(table, path, compression="uncompressed")),
    ],
)
def test_arrow_files_are_read_exactly(
    tmp_path: Path, name: str, write: Callable[[Path, pa.Table], None]
) -> None:
    write(tmp_path / name, pa.Table.from_pylist(RECORDS))
    rows, _ = read_all(tmp_path / name)
    assert [{"text": row.text[0][1], **row.metadata} for row in rows] == RECORDS


def test_damaged_arrow_is_named(tmp_path: Path) -> None:
    (tmp_path / "web.arrow").write_bytes(b"ARROW1 nonsense")
    with pytest.raises(CorpusError, match=r"web\.arrow cannot be read as Arrow"):
        read_all(tmp_path / "web.arrow")


def test_a_saved_dataset_is_its_data_files(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    for number in range(2):
        write_stream(folder / f"data-0000{number}-of-00002.arrow", pa.table({"text": [f"d{number}"]}))
    write_stream(folder / "cache-1234.arrow", pa.table({"other": [1]}))
    files = [{"filename": f"data-0000{number}-of-00002.arrow"} for number in range(2)]
    (folder / "state.json").write_text(json.dumps({"_data_files": files}))
    (folder / "dataset_info.json").write_text("{}")
    source = LocalSource(corpus_for(str(folder)), tmp_path / "cache")
    manifest = source.manifest()
    assert [shard.name for shard in manifest.shards] == [file["filename"] for file in files]
    assert [source.fetch(shard, 0).text[0][1] for shard in range(2)] == ["d0", "d1"]


def test_the_first_rows_do_not_decide_about_all(tmp_path: Path) -> None:
    good = '{"text": "a"}\n' * 3
    long = json.dumps({"text": "x" * (2 << 20)}) + "\n"
    late = '{"id": 1}\n' * 500 + '{"id": 1, "text": "late"}\n'
    for content, count in ((f'cut"}}\n{good}', 4), (long + good, 4), (late, 501)):
        (tmp_path / "web.jsonl").write_text(content)
        assert len(texts(tmp_path / "web.jsonl")) == count
    (tmp_path / "array.json").write_text(json.dumps([{"id": 1}] * 500 + [{"text": "late"}]))
    assert texts(tmp_path / "array.json")[-1] == "late"
    for content in ('{"id": 1}\n' * 500, json.dumps({"id": "x" * (2 << 20)}) + "\n"):
        (tmp_path / "web.jsonl").write_text(content)
        with pytest.raises(CorpusError, match=r"has no column text\nknown: id"):
            texts(tmp_path / "web.jsonl")


def test_the_only_usual_column_is_taken_and_noted_for_all_files(tmp_path: Path) -> None:
    (tmp_path / "web.jsonl").write_text('{"raw_content": "a", "url": "u"}\n')
    rows, notes = read_all(tmp_path / "web.jsonl")
    assert rows[0].text == (("raw_content", "a"),)
    assert notes == ("web: the text is read from column raw_content",)


def test_odd_values_of_json_do_not_cost_the_text(tmp_path: Path) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    line = f'{{"text": "a", "deep": {deep}, "big": {"9" * 5000}, "text": "b", "last": 1}}\n'
    (tmp_path / "web.jsonl").write_text(line)
    (row,), _ = read_all(tmp_path / "web.jsonl")
    assert row.text == (("text", "a"),)
    assert row.metadata == {"deep": deep, "big": "9" * 5000, "text_2": "b", "last": 1}


def test_record_separators_marks_and_commas_around_a_line_are_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "web.jsonl").write_text('\x1e{"text": "a"}\n\ufeff{"text": "b"},\n{"text": "c"}\r\n')
    assert texts(tmp_path / "web.jsonl") == ["a", "b", "c"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_file_is_decoded_as_its_first_bytes_tell(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes("to 漢\n".encode(encoding))
    assert texts(tmp_path / "a.txt") == ["to 漢\n"]


def zstd_with_window(data: bytes, log: int) -> bytes:
    parameters = zstandard.ZstdCompressionParameters(window_log=log)
    packed = io.BytesIO()
    with zstandard.ZstdCompressor(compression_params=parameters).stream_writer(
        packed, closefd=False
    ) as writer:
        writer.write(data)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("ending", "compress"),
    [
        (".bz2", bz2.compress),
        (".xz", lzma.compress),
        (".zstd", zstandard.compress),
        (".zst", lambda data: zstd_with_window(data, 31)),
    ],
)
def test_more_compressions_are_read_exactly(
    tmp_path: Path, ending: str, compress: Callable[[bytes], bytes]
) -> None:
    data = b"".join(json.dumps(record).encode() + b"\n" for record in RECORDS)
    path = tmp_path / f"web.jsonl{ending}"
    path.write_bytes(compress(data[: len(data) // 2]) + compress(data[len(data) // 2 :]))
    assert texts(path) == [record["text"] for record in RECORDS]
    path.write_bytes(compress(data)[:-9])
    with pytest.raises(CorpusError, match=r"ends in the middle|is damaged"):
        texts(path)


def gzip_of(piece: bytes, times: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return b"".join(packer.compress(piece) for _ in range(times)) + packer.flush()


def zstd_of(piece: bytes, times: int) -> bytes:
    packer = zstandard.ZstdCompressor().compressobj()
    return b"".join(packer.compress(piece) for _ in range(times)) + packer.flush()


@pytest.mark.parametrize(
    ("name", "start", "fault"),
    [
        ("web.jsonl.gz", b"", "longer than 64 MB"),
        ("web.jsonl.zst", b"", "longer than 64 MB"),
        ("web.json.zst", b'["', "longer than 64 MB"),
        ("web.csv.zst", b"text\n", "longer than 64 MB"),
        ("web.csv.zst", b"", "is longer than 128 KB, which cannot be a header"),
        ("web.txt.zst", b"", "longer than 64 MB"),
    ],
)
def test_a_row_that_expands_beyond_the_bound_is_named(
    tmp_path: Path, name: str, start: bytes, fault: str
) -> None:
    pack = gzip_of if name.endswith("gz") else zstd_of
    (tmp_path / name).write_bytes(pack(start, 1) + pack(b"x" * (1 << 20), 70))
    with pytest.raises(CorpusError, match=fault):
        texts(tmp_path / name)


def test_blank_lines_behind_a_row_are_not_read_with_it(tmp_path: Path) -> None:
    (tmp_path / "web.jsonl.gz").write_bytes(
        gzip_of(b'{"text": "a"}\n', 1) + gzip_of(b"\n" * (1 << 20), 20) + gzip_of(b'{"text": "b"}\n', 1)
    )
    assert texts(tmp_path / "web.jsonl.gz") == ["a", "b"]
