"""Faults of a source are retried, worked around or shown; the feed never stops silently."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpuscope.corpora.source import Manifest, Shard
from corpuscope.domain.document import Document
from corpuscope.errors import AccessDenied, CorpusError, PlanError, SourceUnavailable
from corpuscope.sampling.feed.draw_reader import DrawReader
from corpuscope.sampling.feed.retry_policy import RetryPolicy
from corpuscope.sampling.feed.status import FeedState, FeedStatus
from sampling_fakes import LeapClock, MemorySource, Trouble, fails, feeding, refuses, texts

PARTS = {f"part-{n}": 500 for n in range(6)}
TEN = {f"part-{n}": 500 for n in range(10)}


def undisturbed(rows: dict[str, int], count: int) -> list[str]:
    with feeding(MemorySource(rows)) as (feed, consumer):
        return texts(consumer.take(feed, count))


def drawn(
    trouble: Trouble, count: int = 60, rows: dict[str, int] = PARTS
) -> tuple[list[Document], FeedStatus]:
    clock = LeapClock()
    with feeding(MemorySource(rows, trouble=trouble), clock=clock, pause=clock.pause) as (feed, consumer):
        return consumer.take(feed, count), feed.status


def test_a_shard_that_fails_three_times_is_retried_and_no_document_is_lost() -> None:
    documents, status = drawn(fails("part-2", times=3))
    assert texts(documents) == undisturbed(PARTS, 60)
    assert status.warnings == ()
    assert status.set_aside == 0


def test_three_failures_cost_less_than_a_second() -> None:
    clock = LeapClock()
    with feeding(MemorySource({"a": 100}, trouble=fails("a", times=3)), clock=clock, pause=clock.pause) as (
        feed,
        consumer,
    ):
        began = clock.seconds
        consumer.take(feed, 1)
    assert clock.seconds - began < 1


def test_a_failing_fetch_shows_what_failed_and_when_it_is_retried() -> None:
    source = MemorySource({"a": 100}, trouble=fails("a", times=1))
    with feeding(source, retry_policy=RetryPolicy(waits=(60.0,))) as (feed, consumer):
        status = consumer.until(feed, lambda status: status.state is FeedState.RETRYING)
    assert status.message == "a did not answer"
    assert status.retry_in == pytest.approx(60, abs=1)


def test_an_unreachable_shard_is_excluded_with_one_warning_and_its_draws_get_substitutes() -> None:
    documents, status = drawn(fails("part-2"))
    whole = undisturbed(PARTS, 60)
    assert len(set(texts(documents))) == 60
    assert [d.draw for d in documents] == list(range(60))
    for document, text in zip(documents, whole, strict=True):
        if text.startswith("part-2/"):
            assert document.attempt > 0
            assert document.address.shard != "part-2"
        else:
            assert (document.text, document.attempt) == (text, 0)
    assert status.warnings == ("part-2 was set aside: part-2 did not answer",)
    assert status.set_aside == pytest.approx(1 / 6)


def test_substitutes_are_the_same_with_any_number_of_workers_and_any_delays() -> None:
    sequences = set()
    for workers, seed in ((1, 0), (3, 1), (6, 2), (6, 3)):
        source = MemorySource(TEN, trouble=refuses("part-2", "part-5"), delay=0.003, seed=seed)
        with feeding(source, workers=workers) as (feed, consumer):
            sequences.add(tuple(texts(consumer.take(feed, 80))))
    assert len(sequences) == 1


def test_an_excluded_shard_does_not_keep_others_from_being_drawn_completely() -> None:
    rows = {"a": 6, "b": 5, "c": 9}
    for counted in (True, False):
        source = MemorySource(rows, trouble=refuses("b"), counted=counted)
        with feeding(source) as (feed, consumer):
            documents = consumer.take(feed, 100)
            assert feed.status.state is FeedState.EXHAUSTED
        assert sorted(texts(documents)) == sorted(f"{s}/{r}" for s in "ac" for r in range(rows[s]))


def test_a_damaged_shard_is_excluded_without_a_retry() -> None:
    source = MemorySource(PARTS, trouble=refuses("part-4"))
    with feeding(source) as (feed, consumer):
        consumer.take(feed, 60)
        assert feed.status.warnings == ("part-4 was set aside: part-4 is damaged",)
    assert len([call for call in source.calls if call[0] == "part-4"]) <= 3  # at most one for each worker


def test_without_a_network_no_shard_is_excluded_and_the_feed_resumes_when_it_is_back() -> None:
    offline = [True]

    def trouble(name: str, _: int) -> Exception | None:
        return SourceUnavailable(f"{name} did not answer") if offline[0] and name else None

    clock = LeapClock()
    with feeding(MemorySource(PARTS, trouble=trouble), clock=clock, pause=clock.pause) as (feed, consumer):
        consumer.until(feed, lambda status: status.state is FeedState.OFFLINE)
        began = clock.seconds
        consumer.until(feed, lambda _: clock.seconds > began + 100)
        status = feed.status
        assert status.warnings == ()
        assert "did not answer" in status.message
        offline[0] = False
        documents = consumer.take(feed, 60)
        assert feed.status.warnings == ()
    assert texts(documents) == undisturbed(PARTS, 60)


@pytest.mark.parametrize("failures", [1, 2, 3])
def test_a_network_that_comes_back_during_a_search_excludes_no_shard(failures: int) -> None:
    remaining = [failures]

    def trouble(name: str, _: int) -> Exception | None:
        remaining[0] -= 1
        return SourceUnavailable(f"{name} did not answer") if remaining[0] >= 0 else None

    source = MemorySource(PARTS, trouble=trouble)
    manifest = Manifest("rev", tuple(Shard(name, 1, rows) for name, rows in PARTS.items()), uniform="Exact.")
    reader = DrawReader(source, manifest, 7, RetryPolicy())
    document = reader.read_substitute(0, (), own_first=True, rounds=0)
    assert document == DrawReader(MemorySource(PARTS), manifest, 7, RetryPolicy()).read_own(0, ())
    assert reader.warnings == ()


def test_shards_in_a_cache_do_not_make_others_excluded_while_there_is_no_network() -> None:
    clock = LeapClock()
    over = clock.seconds + 300

    def outage(name: str, _: int) -> Exception | None:
        return SourceUnavailable(f"{name} did not answer") if name and clock.seconds < over else None

    source = MemorySource(PARTS, trouble=outage, cached=[*PARTS][:4])
    with feeding(source, clock=clock, pause=clock.pause) as (feed, consumer):
        documents, status = consumer.take(feed, 60), feed.status
    assert status.warnings == ()
    assert texts(documents) == undisturbed(PARTS, 60)


def test_an_unreachable_shard_is_excluded_although_some_of_the_others_are_cached() -> None:
    source = MemorySource(PARTS, trouble=fails("part-0", "part-1", "part-2"), cached=["part-1", "part-2"])
    clock = LeapClock()
    with feeding(source, clock=clock, pause=clock.pause) as (feed, consumer):
        documents, status = consumer.take(feed, 60), feed.status
    assert status.warnings == ("part-0 was set aside: part-0 did not answer",)
    assert len(set(texts(documents))) == 60


def test_offline_retries_back_off_up_to_half_a_minute() -> None:
    clock = LeapClock()
    with feeding(MemorySource(PARTS, trouble=fails(*PARTS)), clock=clock, pause=clock.pause) as (
        feed,
        consumer,
    ):
        consumer.until(feed, lambda _: clock.waits.count(30) >= 2)
    assert [round(wait) for wait in clock.waits if wait > 0.9][:6] == [1, 2, 4, 8, 15, 30]


def test_an_unreachable_manifest_is_retried_until_it_is_reached() -> None:
    clock = LeapClock()
    with feeding(MemorySource(PARTS, trouble=fails("", times=4)), clock=clock, pause=clock.pause) as (
        feed,
        consumer,
    ):
        assert texts(consumer.take(feed, 30)) == undisturbed(PARTS, 30)
    assert [round(wait) for wait in clock.waits if wait > 0.9][:4] == [1, 2, 4, 8]


def test_the_feed_is_offline_while_the_manifest_is_unreachable() -> None:
    with feeding(MemorySource(PARTS, trouble=fails(""))) as (feed, consumer):
        status = consumer.until(feed, lambda status: status.state is FeedState.OFFLINE)
    assert status.message == "the Hub did not answer"
    assert status.retry_in == pytest.approx(1, abs=0.5)


def test_every_worker_respects_retry_after() -> None:
    clock = LeapClock()
    trouble = fails("part-2", times=1, retry_after=3.0)
    with feeding(MemorySource(PARTS, trouble=trouble), clock=clock, pause=clock.pause) as (feed, consumer):
        began = clock.seconds
        assert texts(consumer.take(feed, 60)) == undisturbed(PARTS, 60)
    assert 3 <= clock.seconds - began <= 5


def test_most_shards_may_be_unreachable_while_some_are_not() -> None:
    rows = {f"part-{n:02}": 50 for n in range(40)}
    dead = [name for n, name in enumerate(rows) if n % 10]
    documents, status = drawn(fails(*dead), rows=rows, count=30)
    assert {document.address.shard for document in documents} <= set(rows) - set(dead)
    assert len(set(texts(documents))) == 30
    assert 0 < status.set_aside <= 0.9


def test_a_corpus_without_a_readable_shard_fails_with_the_fault_of_a_shard() -> None:
    documents, status = drawn(refuses(*PARTS))
    assert documents == []
    assert status.state is FeedState.FAILED
    assert "is damaged" in status.message


@pytest.mark.parametrize(
    "fault", [AccessDenied("owner/memory is gated", "ask for access"), CorpusError("no split dev")]
)
def test_a_permanent_fault_ends_the_feed(fault: Exception) -> None:
    source = MemorySource(PARTS, trouble=lambda name, _: fault if not name else None)
    with feeding(source) as (feed, consumer):
        assert consumer.take(feed, 1) == []
        assert feed.status.state is FeedState.FAILED
        assert feed.status.message == str(fault)
        assert feed.failure is fault


def test_an_unexpected_error_excludes_its_shard_and_is_shown() -> None:
    documents, status = drawn(lambda name, _: KeyError("x") if name == "part-3" else None)
    assert len(set(texts(documents))) == 60
    assert status.warnings == ("part-3 was set aside: part-3 cannot be read: KeyError: 'x'",)


def test_an_unexpected_error_while_opening_ends_the_feed_with_its_name() -> None:
    with feeding(MemorySource(PARTS, trouble=lambda *_: KeyError("x"))) as (feed, consumer):
        assert consumer.take(feed, 1) == []
        assert feed.status.message == "KeyError: 'x'"


def test_a_revision_other_than_the_pinned_one_ends_the_feed() -> None:
    with feeding(MemorySource(PARTS), revision="rev0") as (feed, consumer):
        assert consumer.take(feed, 1) == []
        status = feed.status
    assert status.state is FeedState.FAILED
    assert "rev0" in status.message
    assert "rev1" in status.message


def test_nothing_is_drawn_when_on_change_rejects_the_corpus() -> None:
    source, calls = MemorySource(PARTS), []

    def reject() -> None:
        calls.append("")
        if len(calls) == 1:
            raise PlanError("plan.json was given seed 2")

    with feeding(source, on_change=reject) as (feed, consumer):
        assert consumer.take(feed, 1) == []
        assert (feed.status.state, feed.status.message) == (FeedState.FAILED, "plan.json was given seed 2")
    assert source.calls == []


def test_a_corpus_that_fails_every_second_fetch_loses_no_document() -> None:
    def flaky(name: str, count: int) -> Exception | None:
        return SourceUnavailable("flaky") if name and count % 2 else None

    documents, status = drawn(flaky, count=100)
    assert texts(documents) == undisturbed(PARTS, 100)
    assert status.warnings == ()


def test_closing_while_offline_ends_the_wait() -> None:
    with feeding(MemorySource(PARTS, trouble=fails(""))) as (feed, consumer):
        consumer.until(feed, lambda status: status.state is FeedState.OFFLINE)
        feed.close()
        assert feed.status.ready == 0


def test_a_slow_fetch_is_shown() -> None:
    source = MemorySource(PARTS)
    source.hold.clear()
    with feeding(source, retry_policy=RetryPolicy(slow=0.0)) as (feed, consumer):
        status = consumer.until(feed, lambda status: "on its way" in status.message)
        assert status.state is FeedState.STREAMING


def test_the_end_of_a_corpus_reports_how_many_files_were_excluded() -> None:
    with feeding(MemorySource({"a": 4, "b": 4}, trouble=refuses("b"))) as (feed, consumer):
        consumer.take(feed, 9)
        assert feed.status.message == "all was drawn, except from 1 files set aside"


def test_a_document_drawn_again_is_compared_with_the_text_it_was_labelled_under() -> None:
    source = MemorySource({"vouched": 20, "edited": 20}, counted=True)
    vouched, edited = source.manifest().shards
    manifest = replace(source.manifest(), shards=(vouched, replace(edited, is_vouched_for=False)))
    asked: list[str] = []

    def labelled(document_id: str) -> str:
        asked.append(document_id)
        return "0" * 64 if len(asked) > 3 else documents[document_id].sha256

    plain = DrawReader(source, manifest, 1, RetryPolicy())
    read = [plain.read_own(draw, ()) for draw in range(40)]
    documents = {document.id: document for document in read if isinstance(document, Document)}
    reader = DrawReader(source, manifest, 1, RetryPolicy(), labelled)
    again = [reader.read_own(draw, ()) for draw in range(40)]
    assert sum(isinstance(document, Document) for document in again) == 20 + 3
    (warning,) = reader.warnings
    assert warning.startswith("edited was set aside: edited, row ")
    assert warning.endswith(" has another text than when it was labelled")
