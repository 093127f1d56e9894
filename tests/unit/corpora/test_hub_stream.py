"""Tests of whole files of the Hub: streams of their rows, and small datasets whose rows are all counted."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from corpuscope.corpora.corpus_files import list_files, stream_file
from corpuscope.corpora.hub_source import HubSource
from corpuscope.corpora.known import KNOWN
from corpuscope.doctor.shard_order import Streams, audit_order
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError
from corpuscope.sampling.draws import RowDraws, ShardDraws, draws_of
from hub.faults import Fault
from hub.layouts import C4, FINEWEB, SYNTH, Layout
from hub.server import StandIn

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
}


def publish(hub: StandIn, name: str, files: dict[str, bytes]) -> Corpus:
    folder = hub.root / "tester" / name
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        (folder / path).write_bytes(content)
    return Corpus(name, name, "hub", f"tester/{name}")


def parquet(*texts: str) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"text": list(texts)}), file)
    return file.getvalue()


def streamed(source: HubSource, shard: int = 0) -> list[str]:
    return [row.text[0][1] for row in source.stream(shard)]


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize(
    ("key", "layout", "shard"), [("c4", C4, 3), ("fineweb", FINEWEB, 0), ("synth", SYNTH, 1)]
)
def test_a_stream_holds_every_row_of_a_file_in_stored_order(
    tmp_path: Path, key: str, layout: Layout, shard: int
) -> None:
    corpus = KNOWN[key].corpus
    source = HubSource(corpus, None, tmp_path)
    assert isinstance(source, Streams)
    records = [layout.record(shard, row) for row in range(layout.rows[shard])]
    texts = [tuple((part.title, record[part.column]) for part in corpus.text) for record in records]
    assert [row.text for row in source.stream(shard)] == texts
    listed = list_files(source)
    rows = list(stream_file(listed, listed.files[shard], tmp_path / "other"))
    assert [row.text for row in rows] == texts
    assert [row.tokens for row in rows] == [record.get("token_count") for record in records]
    assert listed.prefix_rows == source.manifest().prefix_rows


@pytest.mark.parametrize("kind", ["status", "drop", "half"])
def test_a_short_failure_does_not_end_a_stream(hub: StandIn, tmp_path: Path, kind: str) -> None:
    source = HubSource(KNOWN["c4"].corpus, None, tmp_path)
    source.manifest()
    hub.faults.add(Fault(kind, "GET /storage", times=1))  # type: ignore[arg-type]
    assert len(streamed(source)) == C4.rows[0]


def test_an_audit_compares_the_drawable_prefix_with_the_rest(hub: StandIn, tmp_path: Path) -> None:
    audit = audit_order(HubSource(KNOWN["c4"].corpus, None, tmp_path), 1)
    assert (audit.shard, len(audit.head), len(audit.rest)) == (C4.shards[1], 48, 72)
    assert audit.head[0] == len(C4.record(1, 0)["text"])
    assert audit.rest[-1] == len(C4.record(1, 119)["text"])
    assert hub.sent


@pytest.mark.parametrize("ending", [*COMPRESS, ".zst"])
def test_lines_are_streamed_from_every_compression(hub: StandIn, tmp_path: Path, ending: str) -> None:
    texts = ["one", "", "line\u2028separator", "caf\u00e9 \U0001f642", "x" * 200_000]
    lines = "\ufeff" + "\r\n".join(json.dumps({"text": text}, ensure_ascii=False) for text in texts)
    compress = COMPRESS.get(ending, zstandard.compress)
    corpus = publish(hub, f"lines{ending.replace('.', '-')}", {f"a.jsonl{ending}": compress(lines.encode())})
    assert streamed(HubSource(corpus, None, tmp_path)) == texts


def test_csv_fields_with_line_ends_are_streamed_whole(hub: StandIn, tmp_path: Path) -> None:
    content = b'url,text\r\nu1,plain\r\nu2,"two\nlines, ""quoted"""\r\n\r\nu3,\r\n'
    source = HubSource(publish(hub, "table", {"a.csv": content}), None, tmp_path)
    assert streamed(source) == ["plain", 'two\nlines, "quoted"', ""]


def test_a_stream_of_a_damaged_file_names_it(hub: StandIn, tmp_path: Path) -> None:
    lines = b"".join(b'{"text": "%d"}\n' % n for n in range(20_000))
    compressed = gzip.compress(lines, mtime=0)
    source = HubSource(
        publish(hub, "cut", {"a.jsonl.gz": compressed[: len(compressed) // 2]}), None, tmp_path
    )
    with pytest.raises(CorpusError, match="of dataset tester/cut cannot be read"):
        streamed(source)


def test_every_row_of_a_small_dataset_is_equally_likely(hub: StandIn, tmp_path: Path) -> None:
    files = {"a.parquet": parquet("a" * 9000), "b.parquet": parquet(*"bcdefg"), "c.parquet": parquet()}
    corpus = publish(hub, "small", files)
    source = HubSource(corpus, None, tmp_path)
    manifest = source.manifest()
    assert [shard.rows for shard in manifest.shards] == [1, 6, 0]
    assert manifest.uniform == "Exact: every document is equally likely."
    draws = draws_of(manifest, 7)
    assert isinstance(draws, RowDraws)
    visits = [visit for draw in range(7) if (visit := draws.first(draw))]
    assert {(visit.shard, visit.position) for visit in visits} == {(0, 0), *((1, row) for row in range(6))}
    assert draws.first(7) is None
    hub.reset()
    assert HubSource(corpus, manifest.revision, tmp_path).manifest() == manifest
    assert source.rows(1) == 6
    assert hub.finished_calls() == []


def test_a_damaged_file_leaves_a_small_dataset_drawn_by_file(hub: StandIn, tmp_path: Path) -> None:
    corpus = publish(hub, "odd", {"a.parquet": parquet(*"abcdef" * 50), "b.parquet": b"no Parquet"})
    manifest = HubSource(corpus, None, tmp_path).manifest()
    assert [shard.rows for shard in manifest.shards] == [None, None]
    assert isinstance(draws_of(manifest, 7), ShardDraws)


def test_the_cached_manifest_and_row_groups_need_no_network(hub: StandIn, tmp_path: Path) -> None:
    source = HubSource(KNOWN["fineweb"].corpus, None, tmp_path)
    manifest = source.manifest()
    source.fetch(1, 3)
    hub.faults.add(Fault("drop"))
    pinned = HubSource(KNOWN["fineweb"].corpus, manifest.revision, tmp_path)
    assert pinned.cached_manifest() == manifest
    assert pinned.cached_row_groups(FINEWEB.shards) == {FINEWEB.shards[1]: (40, 40, 40, 10)}
    assert HubSource(KNOWN["fineweb"].corpus, None, tmp_path).cached_manifest() is None
    assert HubSource(KNOWN["synth"].corpus, "0" * 40, tmp_path).cached_manifest() is None
