"""Tests that every fetched row is the right row of the dataset, with as few bytes as its layout allows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from corpuscope.corpora.hub_source import HubSource
from corpuscope.corpora.known import KNOWN
from corpuscope.domain.corpus import Corpus
from hub.layouts import C4, FINEWEB, FINEWEB_EDU, LAYOUTS, SYNTH, Layout
from hub.server import StandIn


def known_corpus(layout: Layout) -> Corpus:
    return next(entry.corpus for entry in KNOWN.values() if entry.corpus.path == layout.dataset)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.dataset)
def test_the_first_and_last_row_of_every_shard_are_those_of_the_dataset(
    hub: StandIn, tmp_path: Path, layout: Layout
) -> None:
    corpus = known_corpus(layout)
    source = HubSource(corpus, None, tmp_path)
    manifest = source.manifest()
    assert tuple(shard.name for shard in manifest.shards) == layout.shards
    assert manifest.revision == hub.commit(layout.dataset)
    for shard in range(len(manifest.shards)):
        rows = source.rows(shard)
        assert rows == min(layout.rows[shard], manifest.prefix_rows or rows)
        for row in (0, rows - 1):
            record = layout.record(shard, row)
            fetched = source.fetch(shard, row)
            assert fetched.text == tuple((part.title, record[part.column]) for part in corpus.text)
            assert fetched.metadata.items() <= record.items()
            assert fetched.tokens == (record[corpus.tokens] if corpus.tokens else None)


def test_shard_sizes_are_those_of_the_files(hub: StandIn, tmp_path: Path) -> None:
    shards = HubSource(known_corpus(C4), None, tmp_path).manifest().shards
    assert [shard.bytes for shard in shards] == [
        (hub.root / C4.dataset / shard.name).stat().st_size for shard in shards
    ]


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.dataset)
def test_rows_fetched_by_several_threads_at_once_are_those_of_the_dataset(
    tmp_path: Path, layout: Layout
) -> None:
    corpus = known_corpus(layout)
    source = HubSource(corpus, None, tmp_path)
    shards = range(len(layout.shards))
    addresses = [(shard, row) for row in (0, 7, 21, 29) for shard in shards]
    with ThreadPoolExecutor(6) as threads:
        rows = list(threads.map(lambda address: source.fetch(*address), addresses))
    column = corpus.text[-1].column
    assert [row.text[-1][1] for row in rows] == [layout.record(*address)[column] for address in addresses]


@pytest.mark.usefixtures("hub")
def test_c4_keeps_its_timestamps_as_they_are_stored(tmp_path: Path) -> None:
    row = HubSource(known_corpus(C4), None, tmp_path).fetch(0, 17)
    assert row.metadata["timestamp"] == "2019-04-18T12:57:54Z"


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize(
    ("layout", "prefix_rows", "equal"),
    [(C4, 48, True), (FINEWEB, None, False), (FINEWEB_EDU, None, False), (SYNTH, 256, False)],
    ids=lambda value: getattr(value, "dataset", str(value)),
)
def test_what_can_be_drawn_follows_from_the_layout(
    tmp_path: Path, layout: Layout, prefix_rows: int | None, equal: bool
) -> None:
    manifest = HubSource(known_corpus(layout), None, tmp_path).manifest()
    assert (manifest.prefix_rows, manifest.equal) == (prefix_rows, equal)
    assert manifest.uniform
    assert manifest.prefix_rows is None or f"one of its first {manifest.prefix_rows} rows" in manifest.uniform


@pytest.mark.parametrize(
    ("layout", "frame", "prefix_rows"), [(C4, 2, 48), (C4, 3, None), (FINEWEB, 3, None), (SYNTH, 3, 256)]
)
def test_the_layout_of_an_unknown_dataset_is_inferred_from_its_files(
    hub: StandIn, tmp_path: Path, layout: Layout, frame: int, prefix_rows: int | None
) -> None:
    corpus = known_corpus(layout)
    linked = hub.root / "tester" / layout.dataset.replace("/", "-")
    linked.parent.mkdir(exist_ok=True)
    if not linked.exists():
        linked.symlink_to(hub.root / layout.dataset)
    unknown = replace(corpus, key="any", path=f"tester/{linked.name}", frame=frame)
    manifest = HubSource(unknown, None, tmp_path).manifest()
    assert (manifest.prefix_rows, manifest.equal) == (prefix_rows, False)


def test_a_draw_from_small_row_groups_reads_one_of_them(hub: StandIn, tmp_path: Path) -> None:
    source = HubSource(known_corpus(FINEWEB), None, tmp_path)
    source.rows(1)
    hub.reset()
    source.fetch(1, 100)
    assert [call.status for call in hub.finished_calls()] == [206]  # the footer came from the same address
    assert hub.sent < (hub.root / FINEWEB.dataset / FINEWEB.shards[1]).stat().st_size / 3


def test_a_draw_from_a_large_row_group_reads_its_first_pages(hub: StandIn, tmp_path: Path) -> None:
    source = HubSource(known_corpus(SYNTH), None, tmp_path)
    source.rows(0)
    hub.reset()
    source.fetch(0, 255)
    assert hub.sent < (hub.root / SYNTH.dataset / SYNTH.shards[0]).stat().st_size / 4


def test_counting_and_fetching_rows_of_lines_is_one_read(hub: StandIn, tmp_path: Path) -> None:
    source = HubSource(known_corpus(C4), None, tmp_path)
    source.manifest()
    source.fetch(0, 0)
    hub.reset()
    for row in range(source.rows(1)):
        source.fetch(1, row)
    assert [call.status for call in hub.finished_calls()] == [302, 206]


@pytest.mark.usefixtures("hub")
def test_a_config_is_resolved_by_name_when_no_files_are_given(tmp_path: Path) -> None:
    edu = Corpus("edu", "Edu", "hub", FINEWEB_EDU.dataset, name="sample-10BT")
    source = HubSource(edu, None, tmp_path)
    assert tuple(shard.name for shard in source.manifest().shards) == FINEWEB_EDU.shards
    assert source.fetch(2, 7).text[0][1] == FINEWEB_EDU.record(2, 7)["text"]
