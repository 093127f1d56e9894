"""Cached documents are shown at once at the next start, even offline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Address, Document, join_sections
from corpuscope.sampling.document_records import from_line, to_line
from corpuscope.sampling.feed.document_cache import DocumentCache
from corpuscope.sampling.feed.status import FeedState
from makers import a_document
from sampling_fakes import MemorySource, fails, feeding, refuses, texts

PARTS = {f"part-{n}": 500 for n in range(6)}
CORPUS = MemorySource(PARTS).corpus

any_text = st.text(st.characters(), max_size=200)  # lone surrogates and control characters included
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | any_text
)


@given(
    parts=st.lists(st.tuples(any_text, any_text), min_size=1, max_size=3),
    metadata=st.dictionaries(any_text, scalars, max_size=4),
    names=st.tuples(any_text, st.none() | any_text, any_text),
    numbers=st.tuples(st.integers(0), st.integers(0), st.integers(0, 9), st.none() | st.integers(0)),
)
def test_a_document_survives_a_round_trip_through_a_line(
    parts: list[tuple[str, str]],
    metadata: dict[str, str | int | float | bool | None],
    names: tuple[str, str | None, str],
    numbers: tuple[int, int, int, int | None],
) -> None:
    text, sections = join_sections(parts)
    row, draw, attempt, tokens = numbers
    address = Address(names[0], names[1], "train", "rev", names[2], row)
    document = Document(
        "web", address, draw, 1 / 3, text, sections, MappingProxyType(metadata), attempt, tokens
    )
    line = to_line(document)
    assert line.count(b"\n") == 1
    assert from_line(line) == document


@given(data=st.data())
def test_a_damaged_line_is_no_document(data: st.DataObject) -> None:
    line = bytearray(to_line(a_document(3, "some text")))
    position = data.draw(st.integers(0, len(line) - 2))
    line[position] ^= data.draw(st.integers(1, 255))
    damaged = from_line(bytes(line))
    assert damaged is None or damaged == a_document(3, "some text")  # the hex checksum may be in capitals


def a_cache(
    folder: Path, *, corpus: Corpus = CORPUS, seed: int = 7, keep: int = 32, most_bytes: int = 1 << 20
) -> DocumentCache:
    return DocumentCache(folder, corpus, seed, keep=keep, most_bytes=most_bytes)


@pytest.mark.parametrize("changes", [{"tokens": "n"}, {"in_order": True}, {"split": "test"}, {"frame": 1}])
def test_documents_that_were_drawn_or_read_otherwise_are_not_in_the_cache(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    a_cache(tmp_path).add([a_document(0)])
    other = a_cache(tmp_path, corpus=replace(CORPUS, **changes))
    assert other.load(a_document(0).address.revision) == []


def documents(*draws: int, text: str | None = None) -> list[Document]:
    return [a_document(draw, text) for draw in draws]


def test_documents_are_loaded_in_draw_order(tmp_path: Path) -> None:
    a_cache(tmp_path).add(documents(4, 2))
    a_cache(tmp_path).add(documents(3))
    assert a_cache(tmp_path).load("c0ffee") == documents(2, 3, 4)


def test_each_seed_corpus_and_revision_has_a_cache_of_its_own(tmp_path: Path) -> None:
    a_cache(tmp_path).add(documents(1))
    assert a_cache(tmp_path, seed=8).load("c0ffee") == []
    assert a_cache(tmp_path, corpus=Corpus("memory", "Memory", "hub", "owner/other")).load("c0ffee") == []
    assert a_cache(tmp_path, corpus=replace(CORPUS, frame=2)).load("c0ffee") == []
    assert a_cache(tmp_path).load("badc0de") == []


@pytest.mark.parametrize("damage", [b"", b"\x00" * 5000, b"deadbeef {}\n", b"\xff\xfe nonsense\n"])
def test_damaged_lines_are_skipped_silently(tmp_path: Path, damage: bytes) -> None:
    cache = a_cache(tmp_path)
    cache.add(documents(1))
    path = cache.path("c0ffee")
    path.write_bytes(path.read_bytes()[:-20] + damage)
    cache.add(documents(2))
    assert cache.load("c0ffee") == documents(2)


def test_only_the_newest_documents_are_kept(tmp_path: Path) -> None:
    cache = a_cache(tmp_path, keep=5)
    for draw in range(100):
        cache.add(documents(draw))
    draws = [document.draw for document in cache.load("c0ffee")]
    assert draws[-5:] == [95, 96, 97, 98, 99]
    assert len(draws) <= 25


def test_the_file_never_exceeds_its_size_limit(tmp_path: Path) -> None:
    cache = a_cache(tmp_path, most_bytes=100_000)
    for draw in range(100):
        cache.add(documents(draw, text="x" * 5000))
        assert cache.path("c0ffee").stat().st_size <= 100_000
    assert cache.load("c0ffee")[-1].draw == 99
    cache.add(documents(100, text="x" * 200_000))
    assert cache.load("c0ffee")[-1].draw == 99


def test_the_oldest_caches_are_dropped(tmp_path: Path) -> None:
    for seed in range(40):
        a_cache(tmp_path, seed=seed).add(documents(1))
    assert len(list(tmp_path.iterdir())) <= 17
    assert a_cache(tmp_path, seed=39).load("c0ffee") == documents(1)


def test_cached_texts_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    cache = a_cache(tmp_path, keep=2)
    for draw in range(20):
        cache.add(documents(draw))
        assert cache.path("c0ffee").stat().st_mode & 0o077 == 0


def test_an_unwritable_folder_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file where a folder should be")
    cache = a_cache(tmp_path / "spool")
    cache.add(documents(1))
    assert cache.load("c0ffee") == []


def test_the_next_start_has_the_next_document_without_the_network(tmp_path: Path) -> None:
    with feeding(MemorySource(PARTS), document_cache=a_cache(tmp_path)) as (feed, consumer):
        first = consumer.take(feed, 3)
        # documents are cached after they become ready
        consumer.until(feed, lambda _: len(a_cache(tmp_path).load("rev1")) == 11)
    with feeding(
        MemorySource(PARTS, trouble=fails("")), document_cache=a_cache(tmp_path), revision="rev1", done={0, 1}
    ) as (
        feed,
        consumer,
    ):
        consumer.until(feed, lambda status: status.state is FeedState.OFFLINE)
        offline = consumer.take(feed, 8)
    assert offline[0] == first[2]  # taken before, but not decided
    assert [document.draw for document in offline] == list(range(2, 10))


def test_documents_missing_from_the_cache_are_fetched(tmp_path: Path) -> None:
    with feeding(MemorySource(PARTS)) as (feed, consumer):
        whole = consumer.take(feed, 20)
    a_cache(tmp_path).add(whole[2:6])
    source = MemorySource(PARTS)
    with feeding(source, document_cache=a_cache(tmp_path), revision="rev1") as (feed, consumer):
        assert consumer.take(feed, 20) == whole
    source = MemorySource(PARTS)
    with feeding(source, document_cache=a_cache(tmp_path), revision="rev1", done={0, 1}) as (feed, consumer):
        assert consumer.take(feed, 18) == whole[2:]
    fetched = {f"{shard}/{row}" for shard, row in source.calls}
    assert fetched.isdisjoint(texts(whole[2:6]))


def test_a_cached_substitute_is_not_drawn_again(tmp_path: Path) -> None:
    rows = {"a": 6, "b": 6, "c": 6}
    with feeding(MemorySource(rows, trouble=refuses("b")), document_cache=a_cache(tmp_path)) as (
        feed,
        consumer,
    ):
        whole = consumer.take(feed, 20)
    source = MemorySource(rows, trouble=refuses("b"))
    with feeding(source, document_cache=a_cache(tmp_path), revision="rev1") as (feed, consumer):
        assert consumer.take(feed, 20) == whole
    assert any(document.attempt for document in whole)
