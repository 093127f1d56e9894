"""The feed survives every short fault of the Hub, and its documents are the true ones."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from corpuscope.corpora.known import KNOWN
from corpuscope.domain.document import Document
from corpuscope.sampling.feed.feed import Feed
from corpuscope.sampling.feed.open import open_feed
from hub.faults import Fault
from hub.layouts import C4, FINEWEB, SYNTH
from hub.server import StandIn

LAYOUTS = {"c4": C4, "fineweb": FINEWEB, "synth": SYNTH}
DOCUMENTS = 20
TROUBLE = {
    "a Hub down for a moment": Fault("status", times=3),
    "two dropped connections": Fault("drop", times=2),
    "two bodies cut halfway": Fault("half", "GET /storage", times=2),
    "a Hub that asks to wait": Fault("status", status=429, headers={"Retry-After": "1"}, times=1),
}


def take_next(feed: Feed) -> Document:
    """Wait for the next document; how long that takes is for the benchmarks to measure."""
    deadline = time.monotonic() + 60
    while (document := feed.take()) is None:
        assert time.monotonic() < deadline, feed.status
        time.sleep(0.002)
    return document


@pytest.mark.parametrize("key", LAYOUTS)
@pytest.mark.parametrize("trouble", TROUBLE)
def test_a_short_fault_loses_no_document_and_excludes_no_file(
    hub: StandIn, tmp_path: Path, key: str, trouble: str
) -> None:
    feed = open_feed(KNOWN[key].corpus, seed=3, cache_folder=tmp_path)
    feed.start()
    first = take_next(feed)
    hub.faults.add(TROUBLE[trouble])
    documents = [first, *(take_next(feed) for _ in range(DOCUMENTS))]
    feed.close()
    layout = LAYOUTS[key]
    for number, document in enumerate(documents):
        record = layout.record(layout.shards.index(document.address.shard), document.address.row)
        assert document.draw == number
        assert document.text.startswith(str(record.get("text", record.get("query"))))
    assert feed.status.warnings == ()


@pytest.mark.parametrize("key", LAYOUTS)
def test_a_missing_file_is_one_warning(hub: StandIn, tmp_path: Path, key: str) -> None:
    missing = LAYOUTS[key].shards[1]
    hub.faults.add(Fault("status", f"resolve/.*/{missing}", status=404))
    feed = open_feed(KNOWN[key].corpus, seed=3, cache_folder=tmp_path)
    feed.start()
    documents = [take_next(feed) for _ in range(DOCUMENTS)]
    feed.close()
    (warning,) = feed.status.warnings
    assert missing in warning
    assert missing not in {document.address.shard for document in documents}
