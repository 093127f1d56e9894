"""Tests of reading a remote file of which some spans are in memory."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.corpora.hub_parquet_files import PartialFile
from corpuscope.errors import SourceUnavailable

CONTENT = bytes(range(256)) * 4


def partial_file(spans: list[tuple[int, int]], fetched: list[tuple[int, int]]) -> PartialFile:
    def fetch(start: int, end: int) -> bytes:
        fetched.append((start, end))
        return CONTENT[start:end]

    return PartialFile(len(CONTENT), [(start, CONTENT[start:end]) for start, end in spans], fetch)


def no_network(start: int, end: int) -> bytes:
    raise SourceUnavailable(f"bytes {start} to {end} did not arrive")


@given(
    cuts=st.lists(st.integers(0, len(CONTENT)), max_size=8, unique=True),
    start=st.integers(0, len(CONTENT)),
    size=st.integers(-1, 2 * len(CONTENT)),
)
def test_any_read_gives_the_bytes_of_the_file_and_fetches_only_what_is_missing(
    cuts: list[int], start: int, size: int
) -> None:
    edges = sorted(cuts)
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    fetched: list[tuple[int, int]] = []
    file = partial_file(spans, fetched)
    file.seek(start)
    end = len(CONTENT) if size < 0 else start + size
    assert file.read(size) == CONTENT[start:end]
    assert file.tell() == min(len(CONTENT), max(start, end))
    in_memory = {byte for span in spans for byte in range(*span)}
    assert not in_memory & {byte for span in fetched for byte in range(*span)}


def test_seeking_counts_from_start_position_and_end() -> None:
    file = partial_file([], [])
    assert [file.seek(5), file.seek(3, io.SEEK_CUR), file.seek(-2, io.SEEK_END)] == [5, 8, len(CONTENT) - 2]


def test_a_network_fault_passes_through_pyarrow_unchanged() -> None:
    file = io.BytesIO()
    pq.write_table(pa.table({"text": ["a" * 5000, "b" * 5000]}), file)
    content = file.getvalue()
    footer = pq.read_metadata(io.BytesIO(content))
    source = pa.PythonFile(PartialFile(len(content), [], no_network), mode="r")
    with pytest.raises(SourceUnavailable, match="did not arrive"):
        pq.ParquetFile(source, metadata=footer, pre_buffer=False).read_row_group(0)
