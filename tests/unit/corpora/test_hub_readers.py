"""Tests of the readers and requests behind a dataset of the Hub, where a file or an answer is out of the ordinary."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpuscope.corpora.hub_content import StreamedContent
from corpuscope.corpora.hub_files import HubFileSystem, file_address, root_address
from corpuscope.corpora.hub_lines import FilePrefixes
from corpuscope.corpora.hub_parquet_files import Footers
from corpuscope.corpora.hub_requests import hub_headers, list_tree, probe_file, read_card
from corpuscope.corpora.source import Shard
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import ConfigError, CorpusError, SourceUnavailable
from hub.faults import Fault
from hub.server import StandIn

DATASET = "tester/readers"


def publish(hub: StandIn, files: dict[str, bytes]) -> tuple[str, dict[str, Shard]]:
    """Publish files; return the commit, and the files as shards."""
    folder = hub.root / DATASET
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    commit = hub.commit(DATASET)
    hub.reset()
    return commit, {name: Shard(name, len(content)) for name, content in files.items()}


CORPUS = Corpus("test", "Test", "hub", DATASET)


def parquet(rows: int, note: str = "") -> bytes:
    file = io.BytesIO()
    table = pa.table({"text": [f"text {row}" for row in range(rows)]})
    pq.write_table(table.replace_schema_metadata({"note": note}), file, row_group_size=4)
    return file.getvalue()


def test_a_footer_is_one_request_or_two_when_it_is_long_and_then_none(hub: StandIn, tmp_path: Path) -> None:
    commit, shards = publish(hub, {"short.parquet": parquet(9), "long.parquet": parquet(6, "x" * 70_000)})
    for name, groups, requests in (("short.parquet", (4, 4, 1), 1), ("long.parquet", (4, 2), 2)):
        footers = Footers(CORPUS, commit, tmp_path)
        assert footers.cached(shards[name]) is None
        hub.reset()
        assert footers.of(shards[name]).groups == groups
        assert [call.status for call in hub.finished_calls()].count(206) == requests
        hub.reset()
        assert footers.of(shards[name]).schema.names == ["text"]
        assert Footers(CORPUS, commit, tmp_path).of(shards[name]).groups == groups
        assert hub.finished_calls() == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"x" * 100, "is not a Parquet file"),
        (b"PAR1" + b"x" * 20 + (200).to_bytes(4, "little") + b"PAR1", "is not a Parquet file"),
        (b"PAR1" + b"x" * 20 + (20).to_bytes(4, "little") + b"PAR1", "has a damaged footer: "),
    ],
)
def test_a_file_without_a_footer_is_named(hub: StandIn, tmp_path: Path, content: bytes, message: str) -> None:
    commit, shards = publish(hub, {"a.parquet": content})
    with pytest.raises(CorpusError, match=f"a.parquet of {DATASET} {message}"):
        Footers(CORPUS, commit, tmp_path).of(shards["a.parquet"])


def lines(*texts: str) -> bytes:
    return b"".join(b'{"text": "%b"}\n' % text.encode() for text in texts)


def test_the_first_rows_of_eight_files_stay_in_memory(hub: StandIn, tmp_path: Path) -> None:
    commit, shards = publish(hub, {f"{number}.jsonl": lines(f"of {number}") for number in range(9)})
    heads = FilePrefixes(CORPUS, commit, "jsonl", tmp_path)
    for number in range(8):
        assert heads.read(shards[f"{number}.jsonl"], 0) == {"text": f"of {number}"}
    hub.reset()
    assert heads.rows(shards["0.jsonl"]) == 1
    assert hub.finished_calls() == []
    heads.rows(shards["8.jsonl"])
    hub.reset()
    heads.rows(shards["0.jsonl"])  # used later than the second file, which gave way
    assert hub.finished_calls() == []
    heads.rows(shards["1.jsonl"])
    assert hub.finished_calls() != []


def test_only_the_first_48_rows_of_a_file_can_be_drawn_and_all_are_streamed(
    hub: StandIn, tmp_path: Path
) -> None:
    texts = [f"row {number}" for number in range(150)]
    table = "text\n" + "".join(f"{text}\n" for text in texts)
    commit, shards = publish(hub, {"a.jsonl": lines(*texts), "a.csv": table.encode()})
    for kind in ("jsonl", "csv"):
        heads, shard = FilePrefixes(CORPUS, commit, kind, tmp_path), shards[f"a.{kind}"]
        assert (heads.rows(shard), heads.prefix_rows) == (48, 48)
        assert heads.read(shard, 47) == {"text": "row 47"}
        with pytest.raises(CorpusError, match=rf"a\.{kind} of {DATASET} has 48 rows, so no row 48"):
            heads.read(shard, 48)
        assert [record["text"] for record in heads.stream(shard) if isinstance(record, dict)] == texts


def archive(*members: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as written:
        for name in members:
            written.writestr(name, f"text\nof {name}\n")
    return file.getvalue()


def test_the_files_of_an_archive_come_folder_by_folder_without_hidden_ones(
    hub: StandIn, tmp_path: Path
) -> None:
    names = ("b/a.csv", "a/z/c.csv", "a/b.csv", "c.csv", "__MACOSX/c.csv", "a/.d.csv", "_e.csv")
    commit, shards = publish(
        hub, {"train.csv.zip": archive(*names), "none.csv.zip": archive("__MACOSX/c.csv")}
    )
    heads = FilePrefixes(CORPUS, commit, "csv", tmp_path)
    records = heads.stream(shards["train.csv.zip"])
    assert [record["text"] for record in records if isinstance(record, dict)] == [
        f"of {name}" for name in ("_e.csv", "c.csv", "a/b.csv", "a/z/c.csv", "b/a.csv")
    ]
    assert not heads.is_json_array(shards["none.csv.zip"])
    with pytest.raises(CorpusError, match=r"none\.csv\.zip .* cannot be read as csv: it is empty"):
        heads.rows(shards["none.csv.zip"])


@pytest.mark.parametrize(
    ("kind", "content", "message"),
    [
        ("jsonl", b"one\ntwo\n", "no line is an object"),
        ("jsonl", b'[{"text": "a"},\n{"text": "b"}]', "it is a JSON array, unlike the largest file"),
        ("jsonl", b'["a",\n"b"]\n', "it is a JSON array, unlike the largest file"),
        ("json", b'["a", "b"]', "no row of it is an object"),
        ("json", b"[]", "it is empty"),
    ],
)
def test_a_file_without_records_is_named_with_its_kind(
    hub: StandIn, tmp_path: Path, kind: str, content: bytes, message: str
) -> None:
    commit, shards = publish(hub, {"a.json": content})
    heads = FilePrefixes(CORPUS, commit, kind, tmp_path)
    with pytest.raises(CorpusError) as fault:
        heads.rows(shards["a.json"])
    assert fault.value.message.startswith(f"a.json of dataset {DATASET} cannot be read as {kind}: {message}")


def test_lines_among_which_one_is_an_object_are_all_rows(hub: StandIn, tmp_path: Path) -> None:
    commit, shards = publish(hub, {"a.jsonl": b'[\n{"text": "a"},\n\n{"text": "b"}\n]\n'})
    heads = FilePrefixes(CORPUS, commit, "jsonl", tmp_path)
    rows = [heads.read(shards["a.jsonl"], row) for row in range(heads.rows(shards["a.jsonl"]))]
    assert rows == ["[", {"text": "a"}, {"text": "b"}, "]"]


def test_streamed_content_can_be_read_again_while_its_beginning_is_kept() -> None:
    half = b"x" * (1 << 20)
    content = StreamedContent(iter([b"ab", b"cd", half, half, b"end"]))
    assert [next(content.chunks()), next(content.chunks(1)), next(content.chunks(2))] == [b"ab", b"b", b"cd"]
    assert b"".join(content.chunks(3)) == b"d" + 2 * half + b"end"
    with pytest.raises(ValueError, match="its beginning was dropped"):
        list(content.chunks())


def test_padding_and_several_members_of_a_compressed_file_are_read_through(hub: StandIn) -> None:
    stored = gzip.compress(b"one ") + b"\0" * 70_000 + gzip.compress(b"two") + b"\0" * 5
    commit, shards = publish(hub, {"a.gz": stored})
    with HubFileSystem().open(file_address(DATASET, commit, shards["a.gz"], decompressed=True)) as file:
        assert file.read() == b"one two"


def test_the_listed_files_are_those_of_the_dataset_and_are_only_read(hub: StandIn) -> None:
    commit, shards = publish(hub, {"data/a.jsonl": b"12345", "b.jsonl": b"1"})
    files, root = HubFileSystem(), root_address(DATASET, commit)
    with HubFileSystem.listing():
        assert files.info(f"{root}/data/a.jsonl")["size"] == 5
        assert files.info(f"{root}/data")["type"] == "directory"
        assert files.info(root)["type"] == "directory"
        with pytest.raises(FileNotFoundError):
            files.info(f"{root}/data/c.jsonl")
        listed = {str(name).rpartition("@")[2].partition("/")[2] for name in files.ls(root, detail=False)}
        assert listed >= {"data", "b.jsonl"}
        assert files.find(f"{root}/nowhere") == []
    with pytest.raises(NotImplementedError, match="only read"):
        files.open(file_address(DATASET, commit, shards["b.jsonl"]), "wb")
    with pytest.raises(FileNotFoundError):
        files.info("no address")


def test_the_hosts_on_the_way_to_a_file_are_named_with_their_times(hub: StandIn) -> None:
    commit, _ = publish(hub, {"b.jsonl": b"1"})
    hops = probe_file(DATASET, commit, "b.jsonl", 5.0)
    assert [f"http://{hop.host}" for hop in hops] == [hub.endpoint, hub.storage]
    assert all(0 < hop.seconds < 5 for hop in hops)
    with pytest.raises(CorpusError, match=f"dataset {DATASET} has no file none.jsonl at this commit"):
        probe_file(DATASET, commit, "none.jsonl", 5.0)


def test_an_answer_that_is_no_card_and_no_list_can_be_asked_for_again(hub: StandIn) -> None:
    commit, _ = publish(hub, {"README.md": b"# Readers"})
    assert read_card(DATASET, "main") == (commit, b"# Readers")
    with pytest.raises(FileNotFoundError, match=f"dataset {DATASET} has no folder nowhere"):
        list(list_tree(DATASET, commit, "nowhere", recursive=False))
    hub.faults.add(Fault("status", status=206, headers={"X-Repo-Commit": commit}))
    with pytest.raises(SourceUnavailable, match=r"README\.md answered 206"):
        read_card(DATASET, "main")
    with pytest.raises(SourceUnavailable, match="answered 206"):
        list(list_tree(DATASET, commit, "", recursive=True))


@pytest.mark.parametrize("token", ["hf_caf\u00e9", "hf_two words", "hf_bell\x07"])
def test_a_token_that_no_header_can_hold_is_refused(
    hub: StandIn, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    hub.reset()
    monkeypatch.setenv("HF_TOKEN", token)
    with pytest.raises(ConfigError, match="the token for the Hub holds characters that no token can have"):
        hub_headers()
    monkeypatch.setenv("HF_TOKEN", "hf_good")
    assert hub_headers()["authorization"] == "Bearer hf_good"
