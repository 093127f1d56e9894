"""What was fetched is shown at once at the next start, also offline."""

from pathlib import Path
from types import MappingProxyType

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
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | any_text


@given(
    parts=st.lists(st.tuples(any_text, any_text), min_size=1, max_size=3),
    metadata=st.dictionaries(any_text, scalars, max_size=4),
    names=st.tuples(any_text, st.none() | any_text, any_text),
    numbers=st.tuples(st.integers(0), st.integers(0), st.integers(0, 9), st.none() | st.integers(0)),
)
def test_a_document_comes_back_from_a_line_as_it_was(
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
    place = data.draw(st.integers(0, len(line) - 2))
    line[place] ^= data.draw(st.integers(1, 255))
    damaged = from_line(bytes(line))
    assert damaged is None or damaged == a_document(3, "some text")  # a checksum may be written in capitals


def a_spool(
    folder: Path, *, corpus: Corpus = CORPUS, seed: int = 7, keep: int = 32, most_bytes: int = 1 << 20
) -> DocumentCache:
    return DocumentCache(folder, corpus, seed, keep=keep, most_bytes=most_bytes)


def documents(*draws: int, text: str | None = None) -> list[Document]:
    return [a_document(draw, text) for draw in draws]


def test_documents_come_back_in_draw_order(tmp_path: Path) -> None:
    a_spool(tmp_path).add(documents(4, 2))
    a_spool(tmp_path).add(documents(3))
    assert a_spool(tmp_path).load("c0ffee") == documents(2, 3, 4)


def test_another_seed_corpus_or_revision_has_another_spool(tmp_path: Path) -> None:
    a_spool(tmp_path).add(documents(1))
    assert a_spool(tmp_path, seed=8).load("c0ffee") == []
    assert a_spool(tmp_path, corpus=Corpus("memory", "Memory", "hub", "owner/other")).load("c0ffee") == []
    assert a_spool(tmp_path).load("badc0de") == []


@pytest.mark.parametrize("damage", [b"", b"\x00" * 5000, b"deadbeef {}\n", b"\xff\xfe nonsense\n"])
def test_damage_is_left_out_without_a_word(tmp_path: Path, damage: bytes) -> None:
    spool = a_spool(tmp_path)
    spool.add(documents(1))
    path = spool.path("c0ffee")
    path.write_bytes(path.read_bytes()[:-20] + damage)
    spool.add(documents(2))
    assert spool.load("c0ffee") == documents(2)


def test_only_the_newest_documents_are_kept(tmp_path: Path) -> None:
    spool = a_spool(tmp_path, keep=5)
    for draw in range(100):
        spool.add(documents(draw))
    kept = [document.draw for document in spool.load("c0ffee")]
    assert kept[-5:] == [95, 96, 97, 98, 99]
    assert len(kept) <= 25


def test_the_file_stays_within_its_bytes(tmp_path: Path) -> None:
    spool = a_spool(tmp_path, most_bytes=100_000)
    for draw in range(100):
        spool.add(documents(draw, text="x" * 5000))
        assert spool.path("c0ffee").stat().st_size <= 100_000
    assert spool.load("c0ffee")[-1].draw == 99
    spool.add(documents(100, text="x" * 200_000))
    assert spool.load("c0ffee")[-1].draw == 99


def test_spools_of_long_ago_are_dropped(tmp_path: Path) -> None:
    for seed in range(40):
        a_spool(tmp_path, seed=seed).add(documents(1))
    assert len(list(tmp_path.iterdir())) <= 17
    assert a_spool(tmp_path, seed=39).load("c0ffee") == documents(1)


def test_nobody_else_may_read_what_a_gated_dataset_sent(tmp_path: Path) -> None:
    spool = a_spool(tmp_path, keep=2)
    for draw in range(20):
        spool.add(documents(draw))
        assert spool.path("c0ffee").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file where a folder should be")
    spool = a_spool(tmp_path / "spool")
    spool.add(documents(1))
    assert spool.load("c0ffee") == []


def test_the_next_start_shows_the_next_document_without_the_network(tmp_path: Path) -> None:
    with feeding(MemorySource(PARTS), document_cache=a_spool(tmp_path)) as (feed, tap):
        first = tap.take(feed, 3)
        # they are written when they can be taken already
        tap.until(feed, lambda _: len(a_spool(tmp_path).load("rev1")) == 11)
    with feeding(
        MemorySource(PARTS, trouble=fails("")), document_cache=a_spool(tmp_path), revision="rev1", done={0, 1}
    ) as (
        feed,
        tap,
    ):
        tap.until(feed, lambda status: status.state is FeedState.OFFLINE)
        offline = tap.take(feed, 8)
    assert offline[0] == first[2]  # shown before, but not decided
    assert [document.draw for document in offline] == list(range(2, 10))


def test_what_the_spool_lacks_is_fetched_in_between(tmp_path: Path) -> None:
    with feeding(MemorySource(PARTS)) as (feed, tap):
        whole = tap.take(feed, 20)
    a_spool(tmp_path).add(whole[2:6])
    source = MemorySource(PARTS)
    with feeding(source, document_cache=a_spool(tmp_path), revision="rev1") as (feed, tap):
        assert tap.take(feed, 20) == whole
    source = MemorySource(PARTS)
    with feeding(source, document_cache=a_spool(tmp_path), revision="rev1", done={0, 1}) as (feed, tap):
        assert tap.take(feed, 18) == whole[2:]
    fetched = {f"{shard}/{row}" for shard, row in source.calls}
    assert fetched.isdisjoint(texts(whole[2:6]))


def test_a_stand_in_from_the_spool_is_not_drawn_again(tmp_path: Path) -> None:
    rows = {"a": 6, "b": 6, "c": 6}
    with feeding(MemorySource(rows, trouble=refuses("b")), document_cache=a_spool(tmp_path)) as (feed, tap):
        whole = tap.take(feed, 20)
    source = MemorySource(rows, trouble=refuses("b"))
    with feeding(source, document_cache=a_spool(tmp_path), revision="rev1") as (feed, tap):
        assert tap.take(feed, 20) == whole
    assert any(document.attempt for document in whole)
