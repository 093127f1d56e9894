"""The queue that interleaves several feeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from corpuscope.domain.document import Document
from corpuscope.sampling.feed.feed import FeedState, FeedStatus
from corpuscope.sampling.queue_order import QueueOrder
from corpuscope.session.document_queue import DocumentQueue
from makers import a_document


class ListFeed:
    """A feed whose documents are all ready, unless it is held or in another state."""

    def __init__(self, corpus: str, size: int = 100) -> None:
        self.documents = [a_document(i, corpus=corpus) for i in range(size)]
        self.state = FeedState.STREAMING
        self.message = ""
        self.held = False
        self.calls: list[str] = []

    @property
    def status(self) -> FeedStatus:
        state = FeedState.EXHAUSTED if not self.documents else self.state
        return FeedStatus(state, len(self.documents), self.message)

    def peek(self) -> Document | None:
        if self.held or self.state is not FeedState.STREAMING or not self.documents:
            return None
        return self.documents[0]

    def take(self, *, refill: bool = True) -> Document | None:
        document = self.peek()
        if document is not None:
            del self.documents[0]
            self.calls += ["refill"] * refill
        return document

    def refill(self) -> None:
        self.calls.append("refill")

    def start(self) -> None:
        self.calls.append("start")

    def close(self) -> None:
        self.calls.append("close")


def a_queue(feeds: dict[str, ListFeed], behind: dict[str, int] | None = None) -> DocumentQueue:
    return DocumentQueue(feeds, QueueOrder(7, dict.fromkeys(feeds, 1), version=1), behind or {})


def taken(queue: DocumentQueue, count: int) -> list[str]:
    return [document.corpus for _ in range(count) if (document := queue.take())]


def some_feeds(keys: Sequence[str] = ("a", "b", "c"), size: int = 100) -> dict[str, ListFeed]:
    return {key: ListFeed(key, size) for key in keys}


def test_every_block_holds_each_corpus_once_in_the_order_of_the_plan() -> None:
    order = taken(a_queue(some_feeds()), 60)
    assert order == QueueOrder(7, dict.fromkeys("abc", 1), version=1).first(60)
    assert all(sorted(order[i : i + 3]) == ["a", "b", "c"] for i in range(0, 60, 3))
    assert len({tuple(order[i : i + 3]) for i in range(0, 60, 3)}) > 1


def test_a_new_plan_permutes_all_planned_documents_at_once() -> None:
    feeds = some_feeds()
    order = taken(DocumentQueue(feeds, QueueOrder(7, {"a": 40, "b": 40, "c": 20}), {}), 200)
    assert Counter(order[:100]) == Counter(order[100:]) == {"a": 40, "b": 40, "c": 20}
    assert order[:100] != order[100:]
    assert any(len(set(order[i : i + 3])) < 3 for i in range(0, 60, 3))


def test_the_queue_waits_for_the_corpus_whose_turn_it_is() -> None:
    feeds = some_feeds()
    feeds[QueueOrder(7, dict.fromkeys("abc", 1), version=1).first(1)[0]].held = True
    assert a_queue(feeds).take() is None


def test_an_offline_corpus_is_passed_over_and_catches_up_later() -> None:
    feeds = some_feeds()
    queue = a_queue(feeds)
    feeds["b"].state = FeedState.OFFLINE
    assert Counter(taken(queue, 10)) == {"a": 5, "c": 5}
    feeds["b"].state = FeedState.STREAMING
    assert taken(queue, 5) == ["b"] * 5
    assert Counter(taken(queue, 9)) == {"a": 3, "b": 3, "c": 3}


def test_a_corpus_labelled_alone_before_waits_for_the_others() -> None:
    assert Counter(taken(a_queue(some_feeds(), {"a": 4}), 8)) == {"b": 4, "c": 4}


def test_the_other_corpora_go_on_after_one_is_exhausted() -> None:
    feeds = some_feeds(size=5)
    del feeds["a"].documents[2:]
    queue = a_queue(feeds)
    assert Counter(taken(queue, 100)) == {"a": 2, "b": 5, "c": 5}
    assert queue.take() is None
    assert all(status.state is FeedState.EXHAUSTED for status in queue.statuses)


def test_the_queue_starts_and_closes_every_feed() -> None:
    feeds = some_feeds()
    queue = a_queue(feeds)
    queue.start()
    queue.close()
    assert all(feed.calls == ["start", "close"] for feed in feeds.values())


def test_what_was_taken_is_replaced_only_after_it_was_painted_or_when_nothing_is_ready() -> None:
    feeds = {"a": ListFeed("a", 2)}
    queue = a_queue(feeds)
    queue.take()
    queue.take()
    assert feeds["a"].calls == []
    queue.refill()
    assert feeds["a"].calls == ["refill"]
    assert queue.take() is None
    assert feeds["a"].calls == ["refill", "refill"]


def test_the_feeds_that_failed_are_named_by_their_messages() -> None:
    feeds = some_feeds(("a", "b"))
    assert a_queue(feeds).failures == []
    feeds["b"].state = FeedState.FAILED
    feeds["b"].message = "b.jsonl holds no documents"
    assert a_queue(feeds).failures == ["b: b.jsonl holds no documents"]
