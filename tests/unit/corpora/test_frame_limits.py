"""Tests of the limits that decide which rows can be drawn: with others, a plan would draw other documents."""

from __future__ import annotations

from corpuscope.corpora import (
    compressed,
    content_digest,
    hub_inspection,
    hub_lines,
    hub_parquet,
    hub_whole,
    local_json,
)
from corpuscope.domain.corpus import FRAME
from corpuscope.sampling import draws, keyed_random


def test_the_version_of_the_frame_is_that_of_the_limits_below() -> None:
    assert FRAME == 3
    assert draws.DRAWS_VERSION == 1


def test_the_same_datasets_are_read_whole() -> None:
    assert (hub_whole._MOST_FILES, hub_whole._MOST_BYTES) == (32, 64 * 2**20)


def test_the_rows_of_the_same_datasets_are_counted() -> None:
    assert (hub_inspection._MAX_COUNTED, hub_inspection._MAX_COUNTED_BYTES) == (32, 16 * 2**30)


def test_the_same_files_are_drawn_from_their_first_pages() -> None:
    assert (hub_inspection._SPREAD, hub_parquet._LARGEST_GROUP) == (8, 16 * 2**20)


def test_the_same_first_rows_of_a_file_can_be_drawn() -> None:
    assert (hub_lines.PREFIX_ROWS, hub_parquet.FirstPages.prefix_rows) == (48, 256)
    blocks = hub_lines._BLOCK, hub_lines._SAMPLE, hub_lines._TABLE_BLOCK
    assert blocks == (96 * 2**10, 128 * 2**10, 2**20)


def test_the_same_lines_are_rows() -> None:
    assert (local_json._BLANK, compressed.LARGEST) == (256, 64 * 2**20)


def test_orders_of_the_same_sizes_are_sorted() -> None:
    assert keyed_random.SORTED_BELOW == 1024


def test_large_files_are_recognised_by_the_same_blocks() -> None:
    assert content_digest.DigestRule(whole=2**30, block=2**20, blocks=1024) == content_digest.RULE
