"""Tests of the order in which a queue shows the documents of several corpora."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from corpuscope.sampling.queue_order import LONGEST_BLOCK, QueueOrder

names = st.sets(st.text("abcdef", min_size=1, max_size=4), min_size=1, max_size=5)
seeds = st.integers(0, 2**64 - 1)


@given(seed=seeds, corpora=names, target=st.integers(1, 30))
def test_every_planned_document_comes_before_any_other(seed: int, corpora: set[str], target: int) -> None:
    order = QueueOrder(seed, dict.fromkeys(corpora, target))
    planned = order.first(len(corpora) * target)
    assert Counter(planned) == dict.fromkeys(corpora, target)
    other = QueueOrder(seed, dict.fromkeys(sorted(corpora, reverse=True), target))
    assert other.first(len(planned)) == planned


@given(seed=seeds, corpora=names, i=st.integers(0, 100))
def test_the_documents_of_a_corpus_keep_their_order(seed: int, corpora: set[str], i: int) -> None:
    order = QueueOrder(seed, dict.fromkeys(corpora, 7))
    for corpus in corpora:
        assert order.position(corpus, i) < order.position(corpus, i + 1)


def test_who_counts_what_is_left_hardly_guesses_better_than_chance() -> None:
    right = total = 0
    for seed in range(30):
        left = Counter({"a": 100, "b": 100})
        for corpus in QueueOrder(seed, {"a": 100, "b": 100}).first(200):
            right += left.most_common(1)[0][0] == corpus
            left[corpus] -= 1
            total += 1
    assert right / total < 0.6


def test_the_first_version_permutes_short_blocks() -> None:
    order = QueueOrder(3, dict.fromkeys("abc", 200), version=1).first(600)
    blocks = Counter(tuple(order[i : i + 3]) for i in range(0, 600, 3))
    assert len(blocks) == 6
    assert min(blocks.values()) > 15


def test_a_plan_of_a_million_is_permuted_in_parts() -> None:
    order = QueueOrder(3, {"a": 1_000_000, "b": 500_000})
    assert order.position("a", LONGEST_BLOCK - 1)[0] == 0
    assert order.position("a", LONGEST_BLOCK)[0] == 1
    assert order.position("b", LONGEST_BLOCK // 2)[0] == 1
