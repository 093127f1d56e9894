"""Documents of the ledger that are loaded ahead in a thread, and the queue of those to relabel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue

from corpuscope.domain.document import Document
from corpuscope.errors import LedgerError
from corpuscope.sampling.feed.status import FeedState
from corpuscope.session.document_loader import DocumentLoader, RelabelQueue
from makers import a_document


class Loading:
    """A loader of documents by their number, of which `lost` ones cannot be loaded."""

    def __init__(self, *lost: str) -> None:
        self.lost = lost
        self.asked: list[str] = []
        self._changes = Queue[None]()
        self.loader = DocumentLoader(self._load, lambda: self._changes.put(None))

    def _load(self, event_id: str) -> Document:
        self.asked.append(event_id)
        if event_id in self.lost:
            raise LedgerError("damage took it")
        return a_document(int(event_id))

    def wait(self, changes: int) -> None:
        """Wait until so many documents more were loaded or found to be lost."""
        for _ in range(changes):
            self._changes.get(timeout=10)


@contextmanager
def loading(*lost: str) -> Iterator[Loading]:
    made = Loading(*lost)
    made.loader.start()
    try:
        yield made
    finally:
        made.loader.close()


def test_the_next_documents_are_loaded_in_order_and_only_those_are_kept() -> None:
    with loading() as ahead:
        wanted = [str(number) for number in range(5)]
        ahead.loader.want(wanted)
        ahead.wait(4)
        assert ahead.asked == wanted[:4]
        assert [ahead.loader.get(event_id) is not None for event_id in wanted] == [True] * 4 + [False]
        ahead.loader.want(["2", "9"])
        ahead.wait(1)
        assert ahead.asked == [*wanted[:4], "9"]
        assert ahead.loader.get("0") is None
        assert ahead.loader.get("2") == a_document(2)


def test_a_document_that_cannot_be_loaded_is_lost_and_does_not_end_the_loading() -> None:
    with loading("1") as ahead:
        ahead.loader.want(["1", "2"])
        assert not ahead.loader.lost("3")
        ahead.wait(2)
        assert [ahead.loader.lost(event_id) for event_id in ("1", "2", "3")] == [True, False, False]
        assert ahead.loader.get("1") is None


def test_documents_are_relabelled_in_order_without_those_that_are_lost() -> None:
    with loading("0", "2") as ahead:
        queue = RelabelQueue(["0", "1", "2", "3"], ahead.loader)
        assert (queue.status.state, queue.status.ready) == (FeedState.STREAMING, 0)
        assert queue.peek() is None
        queue.refill()
        ahead.wait(4)
        assert queue.status.ready == 2
        assert [queue.peek(), queue.take(refill=False), queue.take(), queue.take()] == [
            a_document(1),
            a_document(1),
            a_document(3),
            None,
        ]
        assert (queue.status.state, queue.status.ready) == (FeedState.EXHAUSTED, 0)


def test_a_document_that_is_taken_makes_room_for_a_further_one_unless_told_otherwise() -> None:
    with loading() as ahead:
        queue = RelabelQueue([str(number) for number in range(6)], ahead.loader)
        queue.refill()
        ahead.wait(4)
        queue.take(refill=False)
        assert len(ahead.asked) == 4
        queue.take()
        ahead.wait(2)
        assert ahead.asked[4:] == ["4", "5"]


def test_a_queue_starts_and_ends_the_loading() -> None:
    ahead = Loading()
    queue = RelabelQueue(["0"], ahead.loader)
    queue.start()
    ahead.wait(1)
    assert queue.peek() == a_document(0)
    queue.close()
    ahead.loader.want(["7"])
    assert ahead.loader.get("7") is None
