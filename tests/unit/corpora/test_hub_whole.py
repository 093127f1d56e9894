"""Tests of small datasets of lines on the Hub, which are copied whole so that every row can be drawn."""

from __future__ import annotations

import gzip
import io
import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpuscope.corpora.hub_listing import Listing
from corpuscope.corpora.hub_source import HubSource
from corpuscope.corpora.hub_whole import are_read_whole
from corpuscope.corpora.source import Shard, percent
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import SourceUnavailable
from corpuscope.sampling.draws import RowDraws, draws_of
from hub.faults import Fault
from hub.server import StandIn


def lines(count: int, name: str = "row") -> bytes:
    return b"".join(json.dumps({"text": f"{name} {n}"}).encode() + b"\n" for n in range(count))


def publish(hub: StandIn, name: str, files: dict[str, bytes]) -> Corpus:
    for path, content in files.items():
        file = hub.root / "tester" / name / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return Corpus(name, name, "hub", f"tester/{name}")


def test_every_row_is_equally_likely_and_a_later_start_needs_no_request(hub: StandIn, tmp_path: Path) -> None:
    corpus = publish(hub, "whole", {"a.jsonl.gz": gzip.compress(lines(300)), "b.jsonl": lines(5, "b")})
    source = HubSource(corpus, None, tmp_path)
    manifest = source.manifest()
    assert ([shard.rows for shard in manifest.shards], manifest.documents) == ([300, 5], 305)
    assert manifest.uniform == "Exact: every document is equally likely."
    assert isinstance(draws_of(manifest, 7), RowDraws)
    assert source.fetch(0, 299).text[0][1] == "row 299"
    assert len(list(source.stream(0))) == 300
    hub.reset()
    later = HubSource(corpus, manifest.revision, tmp_path)
    assert later.manifest() == manifest
    assert later.fetch(1, 4).text[0][1] == "b 4"
    assert hub.finished_calls() == []


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_files_that_are_copies_of_others_are_named_without_a_further_request(
    hub: StandIn, tmp_path: Path, kind: str
) -> None:
    def content(name: str) -> bytes:
        if kind == "jsonl":
            return lines(5, name)
        stream = io.BytesIO()
        pq.write_table(pa.table({"text": [f"{name} {n}" for n in range(5)]}), stream)
        return stream.getvalue()

    names = [f"{name}.{kind}" for name in ("a", "b", "again")]
    files = dict(zip(names, map(content, "aba"), strict=True))
    notes = HubSource(publish(hub, f"copied-{kind}", files), None, tmp_path).manifest().notes
    assert any(
        f"another file: 1 (again.{kind} as a.{kind}); documents in both count twice" in note for note in notes
    )
    calls = len(hub.finished_calls())
    hub.reset()
    files["again." + kind] = content("c")
    notes = HubSource(publish(hub, f"whole-{kind}", files), None, tmp_path).manifest().notes
    assert not any("another file" in note for note in notes)
    assert len(hub.finished_calls()) == calls


def test_a_copy_that_was_removed_is_fetched_again(hub: StandIn, tmp_path: Path) -> None:
    source = HubSource(publish(hub, "emptied", {"a.jsonl": lines(60)}), None, tmp_path)
    source.manifest()
    for copy in (tmp_path / "whole").rglob("*.json"):
        copy.unlink()
    assert source.fetch(0, 59).text[0][1] == "row 59"


def test_what_is_fetched_is_reported(hub: StandIn, tmp_path: Path) -> None:
    reports: list[str] = []
    corpus = publish(hub, "reported", {"a.jsonl": lines(60)})
    HubSource(corpus, None, tmp_path, reports.append).manifest()
    assert reports == ["fetching a.jsonl of tester/reported, 0.0 MB", ""]


def test_a_fault_of_the_network_does_not_decide_how_documents_are_drawn(hub: StandIn, tmp_path: Path) -> None:
    corpus = publish(hub, "flaky", {"a.jsonl": lines(60), "b.jsonl": lines(9)})
    hub.faults.add(Fault("status", "GET /storage/tester/flaky/b", status=503, times=1))
    source = HubSource(corpus, None, tmp_path)
    with pytest.raises(SourceUnavailable):
        source.manifest()
    assert [shard.rows for shard in source.manifest().shards] == [60, 9]


def test_a_full_disk_is_a_fault_that_may_pass(hub: StandIn, tmp_path: Path) -> None:
    corpus = publish(hub, "full", {"a.jsonl": lines(60)})
    (tmp_path / "whole").write_text("a file where a folder should be")
    source = HubSource(corpus, None, tmp_path)
    with pytest.raises(SourceUnavailable, match=r"cannot keep a\.jsonl") as fault:
        source.manifest()
    assert "CORPUSCOPE_CACHE" in fault.value.hint
    (tmp_path / "whole").unlink()
    assert source.manifest().shards[0].rows == 60


@pytest.mark.parametrize(
    ("name", "damaged", "reason"),
    [
        ("b.jsonl.gz", b"no gzip at all", "cannot be read as jsonl"),
        ("b.jsonl", b'{"id": 1}\n', "has no column text"),
        ("info.json", b'{\n "about": {\n "rows": 600}}', "JSON lines"),
    ],
)
def test_a_file_that_cannot_be_read_is_left_out_with_its_share(
    hub: StandIn, tmp_path: Path, name: str, damaged: bytes, reason: str
) -> None:
    corpus = publish(hub, f"odd-{name}", {"a.jsonl": lines(600), name: damaged})
    manifest = HubSource(corpus, None, tmp_path).manifest()
    assert [(shard.name, shard.rows) for shard in manifest.shards] == [("a.jsonl", 600)]
    share = percent(len(damaged) / (len(damaged) + len(lines(600))))
    assert manifest.left_out == f"Left out: 1 file that cannot be read, with {share} of the bytes."
    assert manifest.notes[0].startswith(name)
    assert reason in manifest.notes[0]
    assert manifest.uniform.endswith(manifest.left_out)


@pytest.mark.parametrize(
    ("kind", "shards", "whole"),
    [
        ("csv", [Shard("a.csv", 64 << 20)], True),
        ("csv", [Shard("a.csv", 64 << 20), Shard("b.csv", 1)], False),
        ("jsonl", [Shard(f"{n}.jsonl", 1) for n in range(32)], True),
        ("jsonl", [Shard(f"{n}.jsonl", 1) for n in range(33)], False),
        ("jsonl", [Shard("a.jsonl.zip", 1)], False),
        ("txt", [Shard("a.txt", 1)], False),
    ],
)
def test_small_files_of_lines_are_read_whole(kind: str, shards: list[Shard], whole: bool) -> None:
    listing = Listing("0" * 40, kind, tuple(shards))
    corpus = Corpus("a", "a", "hub", "a/b")
    assert are_read_whole(corpus, listing) is whole
    assert not are_read_whole(replace(corpus, frame=2), listing)
