"""The feed prefetches documents in draw order, whatever its threads do."""

from __future__ import annotations

import time
from typing import Unpack

import pytest

from corpuscope.sampling.draws import ShardRow
from corpuscope.sampling.feed.status import FeedState
from sampling_fakes import FeedOptions, MemorySource, a_manifest, feeding, refuses, texts

BIG = {f"part-{n}": 500 for n in range(6)}


def sequence(
    rows: dict[str, int], count: int, *, counted: bool = False, **options: Unpack[FeedOptions]
) -> list[str]:
    with feeding(MemorySource(rows, counted=counted), **options) as (feed, consumer):
        return texts(consumer.take(feed, count))


@pytest.mark.parametrize("workers", [1, 3, 6])
@pytest.mark.parametrize("counted", [True, False])
def test_the_sequence_is_the_same_with_any_number_of_workers_and_any_delays(
    workers: int, counted: bool
) -> None:
    alone = sequence(BIG, 120, counted=counted, workers=1)
    for seed in range(3):
        source = MemorySource(BIG, counted=counted, delay=0.004, seed=seed)
        with feeding(source, workers=workers) as (feed, consumer):
            documents = consumer.take(feed, 120)
        assert texts(documents) == alone
        assert [document.draw for document in documents] == list(range(120))


@pytest.mark.parametrize("counted", [True, False])
def test_a_feed_resumed_at_draw_1000_continues_the_uninterrupted_sequence(counted: bool) -> None:
    whole = sequence(BIG, 1040, counted=counted)
    assert sequence(BIG, 40, counted=counted, done=range(1000)) == whole[1000:]
    assert len(set(whole)) == 1040


def test_done_draws_are_left_out() -> None:
    whole = sequence(BIG, 20)
    assert sequence(BIG, 15, done={0, 3, 4, 5, 11}) == [
        whole[k] for k in range(20) if k not in {0, 3, 4, 5, 11}
    ]


def test_the_function_for_done_draws_is_called_once() -> None:
    calls: list[str] = []

    def done() -> set[int]:
        calls.append("once")
        return {0, 1}

    with feeding(MemorySource(BIG), done=done) as (feed, consumer):
        assert consumer.take(feed, 1)[0].draw == 2
    assert calls == ["once"]


def test_a_document_carries_its_address_and_inclusion_probability() -> None:
    with feeding(MemorySource({"a": 30, "b": 10})) as (feed, consumer):
        document = consumer.take(feed, 1)[0]
    address = document.address
    assert (address.dataset, address.split, address.revision) == ("owner/memory", "train", "rev1")
    assert document.text == f"{address.shard}/{address.row}"
    assert document.probability == pytest.approx(1 / 40)
    assert document.metadata["url"] == f"https://example.org/{document.text}"
    assert (document.corpus, document.draw, document.attempt) == ("memory", 0, 0)


def test_no_more_than_eight_documents_are_prefetched() -> None:
    source = MemorySource(BIG)
    with feeding(source) as (feed, consumer):
        consumer.until(feed, lambda status: status.ready == 8)
        time.sleep(0.01)
        assert len(source.calls) == 8
        consumer.take(feed, 1)
        consumer.until(feed, lambda status: status.ready == 8)
        assert len(source.calls) == 9


def test_the_first_document_is_fetched_alone_and_later_ones_concurrently() -> None:
    source = MemorySource(BIG)
    source.hold.clear()
    with feeding(source) as (feed, consumer):
        consumer.until(feed, lambda _: bool(source.calls))
        time.sleep(0.02)
        assert len(source.calls) == 1
        source.hold.set()
        consumer.until(feed, lambda status: status.ready == 8)
        source.hold.clear()
        consumer.take(feed, 8)
        consumer.until(feed, lambda _: source.busy == 3)


def test_a_hanging_fetch_delays_neither_take_nor_close() -> None:
    source = MemorySource(BIG)
    source.hold.clear()
    with feeding(source) as (feed, consumer):
        consumer.until(feed, lambda _: bool(source.calls))
        # neither call would return if it waited for the fetch, which never ends
        assert feed.take() is None
        feed.close()
        assert source.closed.wait(30)


def test_start_does_not_wait_for_a_fetch() -> None:
    source = MemorySource(BIG)
    source.hold.clear()
    with feeding(source) as (feed, _):
        assert feed.status.state in {FeedState.OPENING, FeedState.STREAMING}


def test_the_manifest_is_available_once_the_source_has_opened() -> None:
    with feeding(MemorySource(BIG)) as (feed, consumer):
        consumer.take(feed, 1)
        assert feed.manifest == a_manifest(BIG)


@pytest.mark.parametrize("counted", [True, False])
def test_a_corpus_is_exhausted_after_every_row_was_drawn_once(counted: bool) -> None:
    rows = {"a": 13, "b": 1, "c": 6}
    with feeding(MemorySource(rows, counted=counted), workers=6) as (feed, consumer):
        documents = consumer.take(feed, 100)
        assert feed.status.state is FeedState.EXHAUSTED
    assert sorted(texts(documents)) == sorted(
        f"{name}/{row}" for name, count in rows.items() for row in range(count)
    )
    assert [document.draw for document in documents] == list(range(20))


def test_a_corpus_whose_draws_are_all_done_is_exhausted_at_once() -> None:
    with feeding(MemorySource({"a": 3}, counted=True), done={0, 1, 2}) as (feed, consumer):
        assert consumer.take(feed, 1) == []
        assert feed.status.state is FeedState.EXHAUSTED


def test_substitutes_decided_in_an_earlier_session_are_not_drawn_again() -> None:
    rows = {"a": 9, "b": 9, "c": 9}
    with feeding(MemorySource(rows, trouble=refuses("b"))) as (feed, consumer):
        whole = consumer.take(feed, 27)
    first, rest = whole[:10], whole[10:]
    taken = [ShardRow(d.address.shard, d.address.row) for d in first if d.attempt]
    assert taken
    source = MemorySource(rows, trouble=refuses("b"))
    with feeding(source, done=range(10), taken=lambda: taken) as (feed, consumer):
        assert texts(consumer.take(feed, 27)) == texts(rest)


def test_on_change_is_called_for_every_change() -> None:
    changes: list[int] = []
    with feeding(MemorySource({"a": 5}, counted=True), on_change=lambda: changes.append(1)) as (
        feed,
        consumer,
    ):
        consumer.until(feed, lambda status: status.ready == 5)
        consumer.until(feed, lambda _: len(changes) >= 6)


def test_ready_documents_can_be_taken_while_others_are_fetched() -> None:
    source = MemorySource(BIG)
    with feeding(source) as (feed, consumer):
        consumer.until(feed, lambda status: status.ready == 8)
        source.hold.clear()
        assert [document.draw for _ in range(9) if (document := feed.take())] == list(range(8))
