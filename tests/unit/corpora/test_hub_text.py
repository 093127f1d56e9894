"""Tests that the text of Hub datasets arrives as it is stored, whatever the kind of their files."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import tarfile
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from corpuscope.corpora.hub_lines import FilePrefixes
from corpuscope.corpora.hub_source import HubSource
from corpuscope.corpora.local_source import LocalSource
from corpuscope.corpora.parse import corpus_for
from corpuscope.corpora.source import Row, Shard
from corpuscope.domain.corpus import FRAME, Corpus, TextColumn
from corpuscope.errors import CorpusError
from hub.server import StandIn

TEXTS = (
    "plain",
    "",
    "  leading and trailing  \n",
    "line\nfeed, carriage\rreturn, both\r\n, \u2028 and \x85",
    "tab\tbell\x07 nul\x00 escape\x1b[31m",
    "caf\u00e9 cafe\u0301 \U0001f469\u200d\U0001f469\u200d\U0001f467 \ufeff",
    '[citation needed] "quoted", \\n',
    "007",
    "NA",
    "1e999",
    "2019-04-25T12:57:54Z",
)

Read = Callable[..., list[Row]]


@pytest.fixture
def read(hub: StandIn, tmp_path: Path) -> Read:
    """Return a function that publishes files as a dataset and reads all rows that can be drawn."""
    dataset = f"tester/{uuid.uuid4().hex}"

    def publish(files: dict[str, bytes], *text: str, frame: int = FRAME) -> list[Row]:
        folder = hub.root / dataset
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        columns = tuple(TextColumn(column, column) for column in text or ("text",))
        corpus = Corpus("test", "Test", "hub", dataset, text=columns, frame=frame)
        source = HubSource(corpus, None, tmp_path)
        shards = range(len(source.manifest().shards))
        return [source.fetch(shard, row) for shard in shards for row in range(source.rows(shard))]

    return publish


def json_lines(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def parquet(table: pa.Table) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file)
    return file.getvalue()


def texts(rows: list[Row]) -> list[str]:
    return [row.text[0][1] for row in rows]


@pytest.mark.parametrize(
    ("ending", "compress"),
    [
        ("", bytes),
        (".gz", gzip.compress),
        (".zst", zstandard.compress),
        (".bz2", bz2.compress),
        (".xz", lzma.compress),
    ],
)
def test_json_lines_are_exact_in_every_compression(
    read: Read, ending: str, compress: Callable[[bytes], bytes]
) -> None:
    content = json_lines(*({"text": text, "id": number} for number, text in enumerate(TEXTS)))
    heads = read({f"train.jsonl{ending}": compress(content)}, frame=2)
    assert texts(heads) == list(TEXTS)
    assert [row.metadata["id"] for row in heads] == list(range(len(TEXTS)))
    assert read({f"train.jsonl{ending}": compress(content)}) == heads


def test_json_written_without_escapes_is_exact(read: Read) -> None:
    lines = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in TEXTS)
    assert texts(read({"train.json": lines.encode()})) == list(TEXTS)


def test_the_lines_of_several_zstandard_frames_are_all_read(read: Read) -> None:
    frames = [zstandard.compress(json_lines({"text": text})) for text in TEXTS]
    assert texts(read({"train.jsonl.zstd": b"".join(frames)})) == list(TEXTS)


def test_the_lines_in_a_zip_archive_are_exact(read: Read) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("part/a.jsonl", json_lines(*({"text": text} for text in TEXTS[:4])))
        archive.writestr("part/b.jsonl", json_lines(*({"text": text} for text in TEXTS[4:])))
    assert texts(read({"train.jsonl.zip": file.getvalue()})) == list(TEXTS)


def test_arrow_files_are_exact(read: Read) -> None:
    file = io.BytesIO()
    table = pa.table({"text": list(TEXTS), "id": list(range(len(TEXTS)))})
    with pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)
    rows = read({"data-00000.arrow": file.getvalue()})
    assert texts(rows) == list(TEXTS)
    assert [row.metadata["id"] for row in rows] == list(range(len(TEXTS)))


def tar(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return file.getvalue()


def test_text_in_a_webdataset_is_exact(read: Read) -> None:
    archive = tar({f"{number:03}.txt": text.encode() for number, text in enumerate(TEXTS)})
    assert texts(read({"train-000.tar": archive}, "txt")) == list(TEXTS)


def test_a_package_that_datasets_needs_is_named(read: Read) -> None:
    with pytest.raises(
        CorpusError, match=r"train-000\.tar .*needs a package that is not installed: .*Pillow"
    ):
        read({"train-000.tar": tar({"000.txt": b"a", "000.png": b"\x89PNG"})}, "txt")


def test_half_a_surrogate_pair_survives(read: Read) -> None:
    assert texts(read({"train.jsonl": b'{"text": "broken \\ud83d emoji"}\n'})) == ["broken \ud83d emoji"]


def test_a_line_that_is_no_object_is_a_row_unchanged(read: Read) -> None:
    rows = read({"train.jsonl": b'cut off"}\n{"text": "a"}\n'})
    assert texts(rows) == ['cut off"}', "a"]
    assert [dict(row.metadata) for row in rows] == [{"unparsed": True}, {}]


def test_a_byte_order_mark_and_blank_lines_are_skipped(read: Read) -> None:
    content = b'\xef\xbb\xbf{"text": "a"}\n\n{"text": "b"}'
    assert texts(read({"train.jsonl": content})) == ["a", "b"]


def test_parquet_is_exact(read: Read) -> None:
    assert texts(read({"train.parquet": parquet(pa.table({"text": list(TEXTS)}))})) == list(TEXTS)


def test_csv_is_exact(read: Read) -> None:
    without_nul = [text for text in TEXTS if "\x00" not in text]
    content = io.StringIO(newline="")
    csv.writer(content, quoting=csv.QUOTE_ALL).writerows([("id", "text"), *(("7", t) for t in without_nul)])
    rows = read({"train.csv": content.getvalue().encode()})
    assert texts(rows) == without_nul
    assert rows[0].metadata == {"id": "7"}


DELIMITED = {
    "plain.csv": b"id,text\n1,a\n2,b\n",
    "short.csv": b"id,text\n1,fine\n2\n3,c\n",
    "long.csv": b"id,text\n1,hello, unquoted\n2,fine\n",
    "after.csv": b'id,text\n1,"a" b\n2,"c"\n',
    "stray.csv": b'id,text\n1,"never closed\n2,b\n3,c\n',
    "escaped.csv": b'id,text\n1,"say \\"hi, you\\""\n2,b\n',
    "semicolon.csv": b"id;text\n1;a, b\n2;c\n",
    "preamble.csv": b"Report of May\n# all\nid,text\n1,a\n2,b\n",
    "blank.csv": b"\n  \nid,text\n1,a\n\n2,b\n",
    "repeated.csv": b"text,id,text\na,1,other\n",
    "utf16.csv": "id,text\r\n1,\u00e9 \u6f22\r\n".encode("utf-16"),
    "invalid.csv": b"id,text\n1,caf\xe9\n",
    "one.csv": b"text\na; b, c\nd, e\n",
    "quotes.tsv": b'id\ttext\n1\t"Hello" he said\n2\tb\n',
    "big.csv.gz": gzip.compress(
        b"id,text\n" + b"".join(b'%d,"%s\n"\n' % (n, b"x" * 9_000) for n in range(40))
    ),
    "pretty.json": json.dumps([{"text": text, "n": n} for n, text in enumerate(TEXTS)], indent=2).encode(),
    "compact.json.gz": gzip.compress(
        json.dumps([{"text": "[" * 200_000}, {"id": 1}, 7, {"text": "c"}]).encode()
    ),
    "marked.json": b'\xef\xbb\xbf  [\n{"text": "a"} , {"text": "b"}\n]\n',
}


@pytest.mark.parametrize("name", DELIMITED)
def test_delimited_files_and_json_arrays_hold_the_documents_of_a_local_file(
    read: Read, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(DELIMITED[name])
    local = LocalSource(corpus_for(str(path)), tmp_path / "cache")
    local.manifest()
    documents = [local.fetch(0, row) for row in range(local.rows(0))]
    assert read({name: DELIMITED[name]}) == documents
    assert read({name: DELIMITED[name]}, frame=2) == documents


def test_the_delimited_files_in_a_zip_archive_are_read_one_after_the_other(read: Read) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("part/b.csv", "text,id\nc,3\n")
        archive.writestr("a.csv", "id;text\n1;a\n2;b\n")
        archive.writestr("__MACOSX/._a.csv", b"\0\5\x16")
    assert texts(read({"train.csv.zip": file.getvalue()})) == ["a", "b", "c"]


def test_the_rows_of_a_delimited_file_have_the_numbers_they_always_had(read: Read) -> None:
    content = io.StringIO(newline="")
    csv.writer(content).writerows([("id", "text"), *((n, f'{n}, "x"\nnew') for n in range(30))])
    blank = content.getvalue() + "\r\n  \r\n30,end\r\n"  # which has no number
    assert [row.metadata["id"] for row in read({"train.csv": blank.encode()})] == [str(n) for n in range(31)]


def test_what_had_to_be_guessed_about_a_delimited_file_is_noted(hub: StandIn, tmp_path: Path) -> None:
    folder = hub.root / "tester/guessed"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_bytes(b"id;text\n1;fine\n2\n3;c\n")
    corpus = Corpus("test", "Test", "hub", "tester/guessed")
    heads = HubSource(replace(corpus, frame=2), None, tmp_path).manifest()
    assert heads.notes == (
        "a.csv: fields are separated by semicolons",
        "a.csv: 1 of the first 3 records without the fields of the header, shown unchanged",
    )
    manifest = HubSource(corpus, None, tmp_path).manifest()
    assert manifest.notes == (
        "a.csv: fields are separated by semicolons",
        "a.csv: 1 of 3 records without the fields of the header, the first on line 3; shown unchanged",
    )
    cached = HubSource(corpus, manifest.revision, tmp_path).cached_manifest()
    assert cached is not None
    assert cached.notes == manifest.notes


def test_a_delimited_file_whose_records_do_not_fit_the_header_is_refused(read: Read) -> None:
    with pytest.raises(CorpusError, match=r"train\.csv.*, line 2: 2 of 2 records without the 2 fields"):
        read({"train.csv": b"id,text\n0,1,hello\n1,2,there\n"})


def test_an_encrypted_archive_is_named(read: Read) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.csv", "text\na\n")
    content = bytearray(file.getvalue())
    content[6] = content[content.index(b"PK\1\2") + 8] = 1  # the flag of encryption
    with pytest.raises(CorpusError, match=r"train\.csv\.zip.* encrypted"):
        read({"train.csv.zip": bytes(content)})


def test_only_the_beginning_of_an_array_in_one_line_is_fetched(hub: StandIn, tmp_path: Path) -> None:
    folder = hub.root / "tester/compact"
    folder.mkdir(parents=True)
    (folder / "a.json").write_text(json.dumps([{"text": "x" * 5_000}] * 2_000))
    source = HubSource(Corpus("test", "Test", "hub", "tester/compact", frame=2), None, tmp_path)
    assert source.rows(0) == 48
    assert hub.sent < 2_500_000


def test_tab_separated_values_and_numbers_stay_text(read: Read) -> None:
    rows = read({"train.tsv": b"text\tnumber\n007\t1.50\n1e3\t2\n"})
    assert texts(rows) == ["007", "1e3"]
    assert [row.metadata["number"] for row in rows] == ["1.50", "2"]


def test_each_line_of_a_text_file_is_a_row(read: Read) -> None:
    assert texts(read({"train.txt": "first \u2028 line\n\nthird\tline".encode()})) == [
        "first \u2028 line",
        "",
        "third\tline",
    ]


def test_only_the_first_rows_of_text_files_and_archives_can_be_drawn(read: Read) -> None:
    assert len(read({"train.txt": b"".join(b"%d\n" % n for n in range(1000))})) == 48
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.jsonl", json_lines(*({"text": str(n)} for n in range(1000))))
    assert texts(read({"train.jsonl.zip": file.getvalue()})) == [str(n) for n in range(48)]


def test_several_columns_become_sections_and_the_rest_metadata(read: Read) -> None:
    record = {"q": "why?", "a": "so", "score": 0.5, "ok": True, "n": None, "tags": ["x"], "meta": {"y": 1}}
    (row,) = read({"train.jsonl": json_lines(record)}, "q", "a")
    assert row.text == (("q", "why?"), ("a", "so"))
    assert row.metadata == {"score": 0.5, "ok": True, "n": None, "tags": '["x"]', "meta": '{"y": 1}'}


def test_metadata_of_parquet_are_plain_values(read: Read) -> None:
    table = pa.table(
        {
            "text": pa.array(["t"], pa.large_string()),
            "when": [datetime(2024, 5, 6, 7, 8)],  # noqa: DTZ001
            "price": [Decimal("1.50")],
            "image": [b"\x89PNG"],
            "tags": [["x"]],
            "meta": [{"y": 1}],
            "score": [0.25],
        }
    )
    (row,) = read({"train.parquet": parquet(table)})
    assert row.metadata == {"when": "2024-05-06T07:08:00", "price": "1.50", "score": 0.25}


def test_a_null_or_missing_text_is_empty(read: Read) -> None:
    assert texts(read({"train.jsonl": json_lines({"text": None}, {"text": "b"}, {"id": 3})})) == ["", "b", ""]


def test_files_of_other_kinds_beside_the_data_are_ignored(read: Read) -> None:
    files: dict[str, Any] = {"a.jsonl": json_lines({"text": "a"}), "b.jsonl": json_lines({"text": "b"})}
    assert texts(read({**files, "LICENSE.txt": b"not a document"})) == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("train.jsonl", b"not json\nat all\n"),
        ("train.jsonl", b'["a", "b"]\n'),
        ("train.jsonl.gz", gzip.compress(json_lines({"text": "a"} | {"n": "x" * 9000}), mtime=0)[:-40]),
        ("train.jsonl.gz", b"no gzip at all"),
        ("train.jsonl.zst", b"no zstandard at all"),
        ("train.parquet", b"PAR1 no parquet at all PAR1"),
        ("train.csv", b""),
    ],
)
def test_a_damaged_file_is_named(read: Read, name: str, content: bytes) -> None:
    with pytest.raises(CorpusError, match=name):
        read({name: content})


@pytest.mark.parametrize(
    ("kind", "name"), [("jsonl", "a.jsonl"), ("jsonl", "a.jsonl.gz"), ("csv", "a.csv.gz"), ("txt", "a.txt")]
)
def test_a_line_that_no_memory_holds_is_not_read_to_its_end(
    hub: StandIn, tmp_path: Path, kind: str, name: str
) -> None:
    folder = hub.root / "tester/endless"
    folder.mkdir(parents=True, exist_ok=True)
    content = b'text\n{"text": "' + b"x" * (3 << 20)
    (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    corpus = Corpus("test", "Test", "hub", "tester/endless")
    heads = FilePrefixes(corpus, hub.commit(corpus.path), kind, tmp_path, most=1 << 20)
    with pytest.raises(CorpusError, match=rf"{name} .*its first rows take more than 1 MB"):
        heads.rows(Shard(name, (folder / name).stat().st_size))


def test_bytes_that_are_no_text_are_kept_in_a_small_file_and_named_in_a_head(read: Read) -> None:
    content = b'{"text": "caf\xe9"}\n'
    assert texts(read({"train.jsonl": content})) == ["caf\udce9"]
    with pytest.raises(CorpusError, match=r"train\.jsonl"):
        read({"train.jsonl": content}, frame=2)


def test_text_of_another_type_is_written_out(read: Read) -> None:
    assert texts(read({"train.jsonl": json_lines({"text": ["a"]}, {"text": 7})})) == ['["a"]', "7"]


def test_the_only_column_with_a_usual_name_is_the_text(read: Read) -> None:
    assert texts(read({"train.parquet": parquet(pa.table({"content": ["a"], "id": [1]}))})) == ["a"]


def test_a_nested_column_of_parquet_is_the_text_and_its_siblings_are_metadata(read: Read) -> None:
    table = pa.table({"doc": [{"text": "a", "id": 1}], "doc.url": ["u"]})
    (row,) = read({"train.parquet": parquet(table)}, "doc.text")
    assert row.text == (("doc.text", "a"),)
    assert row.metadata == {"doc": '{"id": 1}', "doc.url": "u"}


def test_values_that_python_cannot_hold_do_not_cost_the_text(read: Read) -> None:
    table = pa.table(
        {
            "text": ["a"],
            "late": pa.array([253402300800000], pa.timestamp("ms")),
            "zone": pa.array([1700000000000], pa.timestamp("ms", "Mars/Phobos")),
        }
    )
    (row,) = read({"train.parquet": parquet(table)})
    assert row.text == (("text", "a"),)
    assert row.metadata == {
        "late": "10000-01-01 00:00:00.000",
        "zone": "2023-11-14 22:13:20.000Z [Mars/Phobos]",
    }


def test_of_columns_with_one_name_the_first_keeps_it(read: Read) -> None:
    table = pa.Table.from_arrays([pa.array([text]) for text in "abcd"], ["text", "text", "url", "url"])
    (row,) = read({"train.parquet": parquet(table)})
    assert row.text == (("text", "a"),)
    assert row.metadata == {"text_2": "b", "url": "c", "url_2": "d"}


def test_files_of_an_unknown_kind_list_the_known_ones(read: Read) -> None:
    with pytest.raises(CorpusError, match=r"known: \.parquet, \.jsonl"):
        read({"train.avro": b"Obj1"})
