"""Tests of reading a remote file of which some spans are in memory, and of its decompressed content."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.corpora.compressed import DecompressedFile
from corpuscope.corpora.hub_bytes import SpanCache
from corpuscope.corpora.hub_files import HubFileSystem, file_address
from corpuscope.corpora.hub_requests import configure_hub_client
from corpuscope.corpora.source import Shard
from corpuscope.errors import SourceUnavailable
from hub.faults import Fault
from hub.server import StandIn

CONTENT = bytes(range(256)) * 4


@given(
    cuts=st.lists(st.integers(0, len(CONTENT)), max_size=8, unique=True),
    reads=st.lists(st.tuples(st.integers(0, len(CONTENT)), st.integers(0, 2 * len(CONTENT))), max_size=6),
    read_ahead=st.integers(0, 300),
)
def test_any_reads_give_the_bytes_of_the_file_and_fetch_only_what_is_missing(
    cuts: list[int], reads: list[tuple[int, int]], read_ahead: int
) -> None:
    edges = sorted(cuts)
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    fetched: list[tuple[int, int]] = []

    def fetch(start: int, end: int) -> bytes:
        fetched.append((start, end))
        return CONTENT[start:end]

    cache = SpanCache(read_ahead, fetch, len(CONTENT), {start: CONTENT[start:end] for start, end in spans})
    for start, end in reads:
        assert cache._fetch(start, end) == CONTENT[start:end]
    in_memory = {byte for span in spans for byte in range(*span)}
    assert not in_memory & {byte for span in fetched for byte in range(*span)}
    assert all(0 <= start < end <= len(CONTENT) for start, end in fetched)


def published(hub: StandIn, name: str, content: bytes) -> tuple[str, Shard]:
    folder = hub.root / "tester" / "files"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    configure_hub_client()
    return hub.commit("tester/files"), Shard(name, len(content))


def test_a_long_sequential_read_takes_ever_larger_ranges(hub: StandIn) -> None:
    commit, shard = published(hub, "long.bin", CONTENT * 1_000)
    with HubFileSystem().open(file_address("tester/files", commit, shard, read_ahead=16 << 10)) as file:
        assert b"".join(iter(lambda: file.read(1_000), b"")) == CONTENT * 1_000
    sizes = [call.sent >> 10 for call in hub.finished_calls() if call.status == 206]
    assert sizes == [16, 32, 64, 128, 256, 504]


@pytest.mark.usefixtures("hub")
def test_the_decompressed_content_of_several_members_is_whole(hub: StandIn) -> None:
    members = b"".join(gzip.compress(CONTENT) for _ in range(3))
    commit, shard = published(hub, "members.gz", members)
    with HubFileSystem().open(file_address("tester/files", commit, shard, decompressed=True)) as file:
        assert file.read() == CONTENT * 3


def test_a_network_fault_passes_through_pyarrow_unchanged(hub: StandIn, tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["a" * 5000, "b" * 5000]}), file)
    commit, shard = published(hub, "a.parquet", file.read_bytes())
    footer = pq.read_metadata(io.BytesIO(file.read_bytes()))
    hub.faults.add(Fault("drop"))
    remote = HubFileSystem().open(file_address("tester/files", commit, shard))
    with pytest.raises(SourceUnavailable, match="could not fetch"):
        pq.ParquetFile(pa.PythonFile(remote, mode="r"), metadata=footer, pre_buffer=False).read_row_group(0)


def test_a_stream_that_failed_once_never_seems_to_be_at_its_end() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"one\n"
        raise SourceUnavailable("the network is gone")

    file = DecompressedFile(pieces())
    assert file.read(4) == b"one\n"
    for _ in range(2):
        with pytest.raises(SourceUnavailable, match="the network is gone"):
            file.read(4)
