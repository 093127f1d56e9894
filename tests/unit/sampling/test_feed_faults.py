"""What goes wrong with a source is tried again, worked around or shown; the feed never just stops."""

import pytest

from corpuscope.corpora.source import Manifest, Shard
from corpuscope.domain.document import Document
from corpuscope.errors import AccessDenied, CorpusError, PlanError, SourceUnavailable
from corpuscope.sampling.feed.draw_reader import DrawReader
from corpuscope.sampling.feed.status import FeedState, FeedStatus, RetryPolicy
from sampling_fakes import LeapClock, MemorySource, Trouble, fails, feeding, refuses, texts

PARTS = {f"part-{n}": 500 for n in range(6)}
TEN = {f"part-{n}": 500 for n in range(10)}


def undisturbed(rows: dict[str, int], count: int) -> list[str]:
    with feeding(MemorySource(rows)) as (feed, tap):
        return texts(tap.take(feed, count))


def drawn(
    trouble: Trouble, count: int = 60, rows: dict[str, int] = PARTS
) -> tuple[list[Document], FeedStatus]:
    clock = LeapClock()
    with feeding(MemorySource(rows, trouble=trouble), clock=clock, pause=clock.pause) as (feed, tap):
        return tap.take(feed, count), feed.status


def test_a_shard_that_fails_three_times_is_tried_again_and_nothing_is_lost() -> None:
    documents, status = drawn(fails("part-2", times=3))
    assert texts(documents) == undisturbed(PARTS, 60)
    assert status.warnings == ()
    assert status.set_aside == 0


def test_three_failures_cost_less_than_a_second() -> None:
    clock = LeapClock()
    with feeding(MemorySource({"a": 100}, trouble=fails("a", times=3)), clock=clock, pause=clock.pause) as (
        feed,
        tap,
    ):
        began = clock.seconds
        tap.take(feed, 1)
    assert clock.seconds - began < 1


def test_a_failing_fetch_shows_what_failed_and_when_it_is_tried_again() -> None:
    source = MemorySource({"a": 100}, trouble=fails("a", times=1))
    with feeding(source, retry_policy=RetryPolicy(waits=(60.0,))) as (feed, tap):
        status = tap.until(feed, lambda status: status.state is FeedState.RETRYING)
    assert status.message == "a did not answer"
    assert status.retry_in == pytest.approx(60, abs=1)


def test_a_dead_shard_is_set_aside_with_one_warning_and_its_draws_find_stand_ins() -> None:
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


def test_stand_ins_are_the_same_with_any_number_of_workers_and_any_delays() -> None:
    sequences = set()
    for workers, seed in ((1, 0), (3, 1), (6, 2), (6, 3)):
        source = MemorySource(TEN, trouble=refuses("part-2", "part-5"), delay=0.003, seed=seed)
        with feeding(source, workers=workers) as (feed, tap):
            sequences.add(tuple(texts(tap.take(feed, 80))))
    assert len(sequences) == 1


def test_a_dead_shard_does_not_keep_others_from_being_drawn_whole() -> None:
    rows = {"a": 6, "b": 5, "c": 9}
    for counted in (True, False):
        source = MemorySource(rows, trouble=refuses("b"), counted=counted)
        with feeding(source) as (feed, tap):
            documents = tap.take(feed, 100)
            assert feed.status.state is FeedState.EXHAUSTED
        assert sorted(texts(documents)) == sorted(f"{s}/{r}" for s in "ac" for r in range(rows[s]))


def test_a_shard_at_fault_itself_is_set_aside_without_another_try() -> None:
    source = MemorySource(PARTS, trouble=refuses("part-4"))
    with feeding(source) as (feed, tap):
        tap.take(feed, 60)
        assert feed.status.warnings == ("part-4 was set aside: part-4 is damaged",)
    assert len([call for call in source.calls if call[0] == "part-4"]) <= 3  # one for each worker at most


def test_without_a_network_no_shard_is_set_aside_and_all_goes_on_when_it_is_back() -> None:
    away = [True]

    def trouble(name: str, _: int) -> Exception | None:
        return SourceUnavailable(f"{name} did not answer") if away[0] and name else None

    clock = LeapClock()
    with feeding(MemorySource(PARTS, trouble=trouble), clock=clock, pause=clock.pause) as (feed, tap):
        tap.until(feed, lambda status: status.state is FeedState.OFFLINE)
        began = clock.seconds
        tap.until(feed, lambda _: clock.seconds > began + 100)
        status = feed.status
        assert status.warnings == ()
        assert "did not answer" in status.message
        away[0] = False
        documents = tap.take(feed, 60)
        assert feed.status.warnings == ()
    assert texts(documents) == undisturbed(PARTS, 60)


@pytest.mark.parametrize("failures", [1, 2, 3])
def test_a_network_that_comes_back_in_the_middle_of_a_search_costs_no_shard(failures: int) -> None:
    left = [failures]

    def trouble(name: str, _: int) -> Exception | None:
        left[0] -= 1
        return SourceUnavailable(f"{name} did not answer") if left[0] >= 0 else None

    source = MemorySource(PARTS, trouble=trouble)
    manifest = Manifest("rev", tuple(Shard(name, 1, rows) for name, rows in PARTS.items()), uniform="Exact.")
    reader = DrawReader(source, manifest, 7, RetryPolicy())
    found = reader.read_substitute(0, (), own_first=True, rounds=0)
    assert found == DrawReader(MemorySource(PARTS), manifest, 7, RetryPolicy()).read_own(0, ())
    assert reader.warnings == ()


def test_offline_tries_grow_rarer_up_to_half_a_minute() -> None:
    clock = LeapClock()
    with feeding(MemorySource(PARTS, trouble=fails(*PARTS)), clock=clock, pause=clock.pause) as (feed, tap):
        tap.until(feed, lambda _: clock.waits.count(30) >= 2)
    assert [round(wait) for wait in clock.waits if wait > 0.9][:6] == [1, 2, 4, 8, 15, 30]


def test_a_manifest_that_cannot_be_reached_is_offline_until_it_can() -> None:
    clock = LeapClock()
    with feeding(MemorySource(PARTS, trouble=fails("", times=4)), clock=clock, pause=clock.pause) as (
        feed,
        tap,
    ):
        assert texts(tap.take(feed, 30)) == undisturbed(PARTS, 30)
    assert [round(wait) for wait in clock.waits if wait > 0.9][:4] == [1, 2, 4, 8]


def test_the_state_says_offline_while_the_manifest_cannot_be_reached() -> None:
    with feeding(MemorySource(PARTS, trouble=fails(""))) as (feed, tap):
        status = tap.until(feed, lambda status: status.state is FeedState.OFFLINE)
    assert status.message == "the Hub did not answer"
    assert status.retry_in == pytest.approx(1, abs=0.5)


def test_the_wait_a_server_asks_for_is_kept_by_every_worker() -> None:
    clock = LeapClock()
    asked = fails("part-2", times=1, retry_after=3.0)
    with feeding(MemorySource(PARTS, trouble=asked), clock=clock, pause=clock.pause) as (feed, tap):
        began = clock.seconds
        assert texts(tap.take(feed, 60)) == undisturbed(PARTS, 60)
    assert 3 <= clock.seconds - began <= 5


def test_most_shards_may_be_dead_as_long_as_some_are_not() -> None:
    rows = {f"part-{n:02}": 50 for n in range(40)}
    dead = [name for n, name in enumerate(rows) if n % 10]
    documents, status = drawn(fails(*dead), rows=rows, count=30)
    assert {document.address.shard for document in documents} <= set(rows) - set(dead)
    assert len(set(texts(documents))) == 30
    assert 0 < status.set_aside <= 0.9


def test_a_corpus_no_shard_of_which_can_be_read_fails_with_the_fault_of_the_first() -> None:
    documents, status = drawn(refuses(*PARTS))
    assert documents == []
    assert status.state is FeedState.FAILED
    assert "is damaged" in status.message


@pytest.mark.parametrize(
    "fault", [AccessDenied("owner/memory is gated", "ask for access"), CorpusError("no split dev")]
)
def test_a_fault_that_trying_again_does_not_mend_ends_the_feed(fault: Exception) -> None:
    source = MemorySource(PARTS, trouble=lambda name, _: fault if not name else None)
    with feeding(source) as (feed, tap):
        assert tap.take(feed, 1) == []
        assert feed.status.state is FeedState.FAILED
        assert feed.status.message == str(fault)
        assert feed.failure is fault


def test_an_error_nobody_expected_sets_its_shard_aside_and_is_shown() -> None:
    documents, status = drawn(lambda name, _: KeyError("x") if name == "part-3" else None)
    assert len(set(texts(documents))) == 60
    assert status.warnings == ("part-3 was set aside: part-3 cannot be read: KeyError: 'x'",)


def test_an_error_nobody_expected_while_opening_ends_the_feed_with_its_name() -> None:
    with feeding(MemorySource(PARTS, trouble=lambda *_: KeyError("x"))) as (feed, tap):
        assert tap.take(feed, 1) == []
        assert feed.status.message == "KeyError: 'x'"


def test_files_that_are_not_what_the_plan_pinned_are_not_drawn_from() -> None:
    with feeding(MemorySource(PARTS), revision="rev0") as (feed, tap):
        assert tap.take(feed, 1) == []
        status = feed.status
    assert status.state is FeedState.FAILED
    assert "rev0" in status.message
    assert "rev1" in status.message


def test_nothing_is_drawn_from_a_corpus_that_whoever_is_told_of_it_refuses() -> None:
    source, told = MemorySource(PARTS), []

    def refuse() -> None:
        told.append("")
        if len(told) == 1:
            raise PlanError("plan.json was given seed 2")

    with feeding(source, on_change=refuse) as (feed, tap):
        assert tap.take(feed, 1) == []
        assert (feed.status.state, feed.status.message) == (FeedState.FAILED, "plan.json was given seed 2")
    assert source.calls == []


def test_the_reader_of_half_a_corpus_in_trouble_is_still_never_blocked() -> None:
    def flaky(name: str, count: int) -> Exception | None:
        return SourceUnavailable("flaky") if name and count % 2 else None

    documents, status = drawn(flaky, count=100)
    assert texts(documents) == undisturbed(PARTS, 100)
    assert status.warnings == ()


def test_closing_while_offline_ends_the_wait() -> None:
    with feeding(MemorySource(PARTS, trouble=fails(""))) as (feed, tap):
        tap.until(feed, lambda status: status.state is FeedState.OFFLINE)
        feed.close()
        assert feed.status.ready == 0


def test_a_reader_who_waits_for_a_slow_fetch_is_told_so() -> None:
    source = MemorySource(PARTS)
    source.hold.clear()
    with feeding(source, retry_policy=RetryPolicy(slow=0.0)) as (feed, tap):
        status = tap.until(feed, lambda status: "on its way" in status.message)
        assert status.state is FeedState.STREAMING


def test_the_end_of_a_corpus_says_that_files_were_set_aside() -> None:
    with feeding(MemorySource({"a": 4, "b": 4}, trouble=refuses("b"))) as (feed, tap):
        tap.take(feed, 9)
        assert feed.status.message == "all was drawn, except from 1 files set aside"
