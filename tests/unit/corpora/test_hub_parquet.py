"""Tests of which columns and bytes of a Parquet file on the Hub are fetched for one row."""

from __future__ import annotations

import io
import random
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpuscope.corpora.hub_parquet import FirstPages, RowGroups
from corpuscope.corpora.source import Shard
from corpuscope.domain.corpus import Corpus, TextColumn
from hub.server import StandIn

DATASET = "tester/columns"
KB = 1 << 10


def publish(
    hub: StandIn, table: pa.Table, *, rows_in_group: int | None = None, pages: int = KB * KB
) -> tuple[str, Shard]:
    """Publish a table without compression; return the commit and the file."""
    file = io.BytesIO()
    pq.write_table(
        table,
        file,
        row_group_size=rows_in_group,
        compression="none",
        use_dictionary=False,
        data_page_size=pages,
        write_batch_size=1,
    )
    path = hub.root / DATASET / "a.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.getvalue())
    commit = hub.commit(DATASET)
    hub.reset()
    return commit, Shard("a.parquet", len(file.getvalue()))


def corpus(*text: str, tokens: str | None = None) -> Corpus:
    columns = tuple(TextColumn(column, column) for column in text or ("text",))
    return Corpus("test", "Test", "hub", DATASET, text=columns, tokens=tokens)


def ranges(hub: StandIn) -> list[int]:
    """Return how many ranges each request for bytes asked for."""
    return [call.range.count(",") + 1 for call in hub.finished_calls() if call.status == 206]


def test_metadata_are_the_columns_that_are_plain(hub: StandIn, tmp_path: Path) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    table = pa.table(
        {
            "text": ["a", "b"],
            "n": [1, 2],
            "at": [at, at],
            "list": [[1], [2]],
            "struct": [{"a": 1}, {"a": 2}],
            "bytes": [b"1", b"2"],
            "long": pa.array([b"1", b"2"], pa.large_binary()),
            "fixed": pa.array([b"1", b"2"], pa.binary(1)),
        }
    )
    commit, shard = publish(hub, table)
    reader = RowGroups(corpus(), commit, tmp_path)
    assert reader.read(shard, 1) == {"text": "b", "n": 2, "at": at}
    assert RowGroups(corpus("list", "bytes"), commit, tmp_path).read(shard, 0).keys() == {
        "text",
        "n",
        "at",
        "list",
        "bytes",
    }
    assert {"text", "list.list.element", "struct", "struct.a"} & set(reader.columns(shard)) >= {
        "text",
        "struct",
    }
    assert reader.rows(shard) == 2


def test_a_column_beside_the_text_is_left_out_of_a_row_when_it_is_large(hub: StandIn, tmp_path: Path) -> None:
    content = random.Random(1).randbytes(4 * KB * KB).hex()
    pieces = [content[i : i + 64 * KB] for i in range(0, len(content), 64 * KB)]
    for count, is_read in ((60, True), (70, False)):  # 4 MB are 64 pieces
        table = pa.table({"text": ["a"] * count, "url": pieces[:count]})
        commit, shard = publish(hub, table)
        row = RowGroups(corpus(), commit, tmp_path / str(count)).read(shard, 3)
        assert ("url" in row) is is_read


def test_a_stream_has_the_columns_of_text_and_tokens_only(hub: StandIn, tmp_path: Path) -> None:
    rows = 150
    table = pa.table(
        {
            "text": [f"text {n}" for n in range(rows)],
            "n": range(rows),
            "url": ["u"] * rows,
            "t": [None] * rows,
        }
    )
    commit, shard = publish(hub, table, rows_in_group=40)
    plain = list(RowGroups(corpus(), commit, tmp_path).stream(shard))
    assert plain == [{"text": f"text {n}"} for n in range(rows)]
    counted = list(RowGroups(corpus(tokens="n"), commit, tmp_path).stream(shard))
    assert counted == [{"text": f"text {n}", "n": n} for n in range(rows)]


@pytest.mark.parametrize(("between", "requested"), [(500, [1]), (530, [2])])
def test_columns_up_to_half_a_megabyte_apart_are_one_range(
    hub: StandIn, tmp_path: Path, between: int, requested: list[int]
) -> None:
    image = random.Random(1).randbytes(between * KB)
    table = pa.table({"text": ["a"], "image": [image], "n": [7]})
    commit, shard = publish(hub, table)
    reader = RowGroups(corpus(), commit, tmp_path)
    reader.columns(shard)
    hub.reset()
    assert reader.read(shard, 0) == {"text": "a", "n": 7}
    assert ranges(hub) == requested


def test_each_row_is_that_of_its_row_group(hub: StandIn, tmp_path: Path) -> None:
    table = pa.table({"text": [f"text {n}" for n in range(11)]})
    commit, shard = publish(hub, table, rows_in_group=4)
    reader = RowGroups(corpus(), commit, tmp_path)
    assert reader.cached_row_groups(shard) is None
    assert [reader.read(shard, row)["text"] for row in range(11)] == [f"text {n}" for n in range(11)]
    assert reader.cached_row_groups(shard) == (4, 4, 3)
    assert not reader.has_large_row_groups(shard)


@pytest.mark.parametrize(("characters", "requests"), [(1 * KB, []), (40 * KB, [1])])
def test_first_rows_are_kept_unless_they_take_more_than_8_mb(
    hub: StandIn, tmp_path: Path, characters: int, requests: list[int]
) -> None:
    table = pa.table({"text": [f"{n} {'x' * characters}" for n in range(300)]})
    commit, shard = publish(hub, table, pages=64 * KB)
    reader = FirstPages(corpus(), commit, tmp_path)
    assert reader.rows(shard) == 256
    assert reader.read(shard, 255)["text"].startswith("255 x")
    hub.reset()
    again = FirstPages(corpus(), commit, tmp_path)
    assert again.read(shard, 3)["text"].startswith("3 x")
    assert ranges(hub) == requests
    assert hub.sent <= len(requests) * (4 * KB * KB + 128 * KB)


def test_a_file_of_few_rows_has_no_more_first_rows_than_that(hub: StandIn, tmp_path: Path) -> None:
    commit, shard = publish(hub, pa.table({"text": ["a", "b"]}))
    reader = FirstPages(corpus(), commit, tmp_path)
    assert reader.rows(shard) == 2
    assert [reader.read(shard, row)["text"] for row in (0, 1)] == ["a", "b"]
