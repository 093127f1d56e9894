"""Tests of the bundled corpora, whose reference answers are kept apart."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from corpuscope.corpora.demo import DemoSource, reference_answer
from corpuscope.corpora.known import DEMO_KEYS
from corpuscope.corpora.parse import corpus_for
from corpuscope.domain.document import Document
from corpuscope.sampling.feed.open import open_feed
from corpuscope.sampling.feed.status import FeedState
from sampling_fakes import FeedConsumer


def all_documents(key: str, seed: int, cache: Path) -> list[Document]:
    consumer = FeedConsumer()
    feed = open_feed(corpus_for(key), seed=seed, cache_folder=cache, on_change=consumer.changed.set)
    feed.start()
    documents = consumer.take(feed, 1000)
    assert feed.status.state is FeedState.EXHAUSTED
    feed.close()
    return documents


@pytest.mark.parametrize("key", DEMO_KEYS)
def test_every_document_of_a_demo_is_drawn_once_without_its_answer(tmp_path: Path, key: str) -> None:
    documents = all_documents(key, 1, tmp_path)
    assert len(documents) == len({document.id for document in documents}) >= 12
    for document in documents:
        answer = reference_answer(corpus_for(key), document.address.row)
        assert answer.category
        assert answer.reason
        assert document.text
        assert {"category", "reason", "text", "query"}.isdisjoint(document.metadata)
        assert answer.reason not in map(str, document.metadata.values())
    assert list(tmp_path.iterdir()) == []


def test_another_seed_draws_in_another_order(tmp_path: Path) -> None:
    orders = {
        tuple(document.address.row for document in all_documents("demo-crawl", seed, tmp_path))
        for seed in range(3)
    }
    assert len(orders) == 3


def test_demo_synth_shows_query_reasoning_and_answer(tmp_path: Path) -> None:
    titles = {
        tuple(section.title for section in document.sections)
        for document in all_documents("demo-synth", 1, tmp_path)
    }
    assert titles == {("query", "reasoning", "answer")}


def test_a_demo_needs_none_of_the_heavy_libraries() -> None:
    script = """
import sys
from pathlib import Path
from corpuscope.sampling.feed.open import open_feed
from corpuscope.corpora.parse import corpus_for
feed = open_feed(corpus_for("demo-crawl"), seed=1, cache_folder=Path("unused"))
feed.start()
while feed.take() is None:
    pass
print([name for name in ("pyarrow", "datasets", "numpy", "pydantic", "huggingface_hub") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_manifest_says_that_the_draw_is_exact() -> None:
    manifest = DemoSource(corpus_for("demo-edu")).manifest()
    assert manifest.uniform.startswith("Exact")
    assert manifest.shards[0].rows
