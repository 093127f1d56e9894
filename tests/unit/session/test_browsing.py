"""Browsing without a screen: what moves the place, what is stored and when, and which documents come."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import Paths, Settings
from corpuscope.corpora.known import KNOWN
from corpuscope.domain.clock import EventIds
from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Document
from corpuscope.domain.label import Event, EventKind
from corpuscope.errors import LedgerError
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.sampling.draws import ExcludedDraws
from corpuscope.sampling.feed.feed import Feed
from corpuscope.sampling.feed.open import open_feed
from corpuscope.sampling.feed.status import FeedState, FeedStatus
from corpuscope.sampling.plan import Plan, PlannedCorpus
from corpuscope.sampling.plan_file import save_plan
from corpuscope.sampling.queue_order import QueueOrder
from corpuscope.session.browsing import (
    FOLDER,
    MOST_LOOKED_UP,
    PLACES,
    Browsing,
    BrowsingQueue,
    BrowsingSink,
    Place,
    Places,
    UnplannedFeed,
)
from corpuscope.session.ledger import Ledger
from corpuscope.session.workspace import Workspace
from makers import SetClock, a_document, a_scheme
from session_fakes import ListFeed

SEED = 5


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "labels", None, tmp_path / "config.toml", tmp_path / "cache", tmp_path / "log")


@pytest.fixture
def places(paths: Paths) -> Places:
    return Places(paths.labels / FOLDER / PLACES)


@pytest.fixture
def sink(paths: Paths, places: Places) -> BrowsingSink:
    return BrowsingSink(Ledger(paths, a_scheme(), SetClock()), "ann", places, "web", SEED)


def event(kind: EventKind, document: Document, note: str | None = None) -> Event:
    clock = SetClock()
    return Event(EventIds(clock).next(), "s1", "ann", clock.now(), kind, document, scheme="", note=note)


def test_a_document_that_is_passed_moves_the_place_behind_it_and_opens_no_ledger(
    paths: Paths, places: Places, sink: BrowsingSink
) -> None:
    sink.append(event(EventKind.SKIP, a_document(7)))
    assert places.of("web") == Place(SEED, 8)
    assert [path.name for path in paths.labels.rglob("*")] == [FOLDER, PLACES]
    sink.begin_again()
    assert places.of("web") == Place(SEED, 0)
    sink.close()


def test_bookmarks_and_notes_are_in_one_session_that_ends_with_the_queue(
    paths: Paths, sink: BrowsingSink
) -> None:
    queue = BrowsingQueue({"web": ListFeed("web", 0, 1)}, QueueOrder(SEED, {"web": 1}, version=1), sink)
    sink.append(event(EventKind.BOOKMARK, a_document(1)))
    sink.append(event(EventKind.NOTE, a_document(2), "odd"))
    sink.append(event(EventKind.LABEL, a_document(3)))
    assert len(list(paths.labels.glob("*.journal"))) == 1
    queue.close()
    assert list(paths.labels.glob("*.journal")) == []
    notes = LedgerReader(paths.labels).read().notes()
    assert {(note.bookmarked, note.note) for note in notes} == {(True, None), (False, "odd")}


@pytest.mark.parametrize(
    ("left", "state", "draw"), [(0, "EXHAUSTED", 0), (1, "EXHAUSTED", 9), (0, "FAILED", 9)]
)
def test_browsing_begins_again_only_after_the_last_document(
    places: Places, sink: BrowsingSink, left: int, state: str, draw: int
) -> None:
    class Feed(ListFeed):
        @property
        def status(self) -> FeedStatus:
            return FeedStatus(FeedState[state], left)

    places.save("web", Place(SEED, 9))
    BrowsingQueue({"web": Feed("web", 0, left)}, QueueOrder(SEED, {"web": 1}, version=1), sink).close()
    assert places.of("web").draw == draw


def test_a_feed_without_planned_documents_is_otherwise_the_feed_itself() -> None:
    class Watched(ListFeed):
        calls: tuple[str, ...] = ()

        def start(self) -> None:
            self.calls += ("start",)

        def refill(self) -> None:
            self.calls += ("refill",)

        def close(self) -> None:
            self.calls += ("close",)

    feed = Watched("web", 0, 3)
    unplanned = UnplannedFeed(feed, {feed.documents[0].id})
    assert unplanned.status == feed.status
    for use in (unplanned.start, unplanned.refill, unplanned.close):
        use()
    assert feed.calls == ("start", "refill", "close")
    for draw in (1, 2):
        assert [unplanned.peek(), unplanned.take()] == [a_document(draw, corpus="web", shard="web")] * 2
    assert unplanned.peek() is None


def test_places_that_cannot_be_used_are_named_with_what_to_do(places: Places, paths: Paths) -> None:
    paths.labels.mkdir()
    (paths.labels / FOLDER).write_text("a file")
    with pytest.raises(LedgerError, match="cannot be read: Not a directory") as fault:
        places.of("web")
    assert fault.value.hint == "remove it to start over"
    (paths.labels / FOLDER).unlink()
    places.save("web", Place(0, 0))
    assert places.of("web") == Place(0, 0)
    assert json.loads((paths.labels / FOLDER / PLACES).read_text()) == {"web": {"seed": 0, "draw": 0}}
    (paths.labels / FOLDER / PLACES).unlink()
    (paths.labels / FOLDER / PLACES).mkdir()
    with pytest.raises(LedgerError, match="cannot be read: Is a directory"):
        places.save("web", Place(0, 0))


def test_each_corpus_has_a_stream_of_its_own(places: Places) -> None:
    fresh = places.of("web")
    assert fresh.draw == 0
    assert 0 <= fresh.seed < 2**32
    assert places.of("web").seed != fresh.seed


def test_the_stream_goes_on_at_its_place_and_is_never_that_of_the_plan(paths: Paths, places: Places) -> None:
    corpus = KNOWN["demo-edu"].corpus
    opened: list[tuple[object, ...]] = []

    def feeds(planned: Corpus, **options: Any) -> Feed:  # noqa: ANN401
        opened.append((planned, options["seed"], options["done"], options["revision"]))
        return open_feed(planned, **options)

    workspace = Workspace(paths, Settings(), load_scheme(None), annotator="ann", feeds=feeds)
    browsing = Browsing(workspace, corpus)
    assert browsing.corpora == (corpus,)
    plan = Plan(SEED).with_corpus(corpus).with_revision(corpus.key, "x")
    for planned, seed, drawn, revision in (
        (None, SEED, SEED, None),
        (Plan(SEED).with_corpus(KNOWN["c4"].corpus), SEED, SEED + 1, None),
        (plan, SEED, SEED + 1, "x"),
        (plan, SEED + 7, SEED + 7, "x"),
    ):
        if planned:
            save_plan(planned, paths.labels / "plan.json")
        places.save(corpus.key, Place(seed, 3))
        browsing.begin(lambda: None).queue.close()
        assert opened.pop() == (corpus, drawn, ExcludedDraws(first=3), revision)


def test_at_most_the_first_documents_of_a_plan_on_this_machine_are_looked_up(paths: Paths) -> None:
    workspace = Workspace(paths, Settings(), load_scheme(None), annotator="ann")
    demo = PlannedCorpus(KNOWN["demo-edu"].corpus, target=MOST_LOOKED_UP + 1, revision="x")
    ids = Browsing(workspace, demo.corpus).planned_documents(demo, SEED)
    assert 0 < len(ids) < MOST_LOOKED_UP
    assert len(Browsing(workspace, demo.corpus).planned_documents(replace(demo, target=3), SEED)) == 3
    hub = PlannedCorpus(KNOWN["c4"].corpus, revision="x")
    assert Browsing(workspace, hub.corpus).planned_documents(hub, SEED) == frozenset()
