"""Tests of the order in which a queue shows the documents of several corpora."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from corpuscope.sampling.plan import QueueBlock
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
    assert order.position("a", LONGEST_BLOCK - 1)[1] == 0
    assert order.position("a", LONGEST_BLOCK)[1] == 1
    assert order.position("b", LONGEST_BLOCK // 2)[1] == 1


def test_a_plan_that_was_never_changed_has_the_order_of_the_version_before() -> None:
    targets = {"a": 30, "b": 20}
    assert QueueOrder(5, targets, version=2).first(50) == QueueOrder(5, targets).first(50)


def test_what_is_left_and_what_is_added_are_mixed_after_a_change_of_the_plan() -> None:
    shown = Counter(QueueOrder(5, {"a": 100, "b": 100}).first(100))
    block = QueueBlock(shown, {"a": 100, "b": 100})
    order = QueueOrder(5, {"a": 160, "b": 100}, blocks=[block]).first(260)
    assert order[:100] == QueueOrder(5, {"a": 100, "b": 100}).first(100)
    assert Counter(order) == {"a": 160, "b": 100}
    positions = [i for i, corpus in enumerate(order[100:]) if corpus == "b"]
    assert 70 < sum(positions) / len(positions) < 90


def right_guesses(order: Sequence[str], left: Counter[str]) -> int:
    """Count how often somebody who counts what is left guesses the corpus of the next document."""
    right = 0
    for corpus in order:
        right += left.most_common(1)[0][0] == corpus
        left[corpus] -= 1
    return right


def test_an_unequal_top_up_is_guessed_no_better_than_a_plan_of_such_numbers() -> None:
    added, planned = Counter({"a": 30, "b": 70}), dict.fromkeys("ab", 50)
    after_change, whole = 0, 0
    for seed in range(40):
        plan = QueueOrder(seed, {"a": 80, "b": 120}, blocks=[QueueBlock(planned, planned)])
        after_change += right_guesses(plan.first(200)[100:], Counter(added))
        whole += right_guesses(QueueOrder(seed, added).first(100), Counter(added))
    assert abs(after_change - whole) < 0.03 * 4_000
    assert after_change < 0.8 * 4_000


def test_a_part_for_a_mix_holds_its_documents_and_the_plan_goes_on_behind() -> None:
    at, ends = {"a": 5, "b": 5}, {"a": 7, "b": 13}
    order = QueueOrder(
        3, {"a": 10, "b": 14}, blocks=[QueueBlock(at, {"a": 10, "b": 10}), QueueBlock(ends, ends, "m")]
    )
    queue = order.first(24)
    assert Counter(queue[:10]) == at
    assert Counter(queue[10:20]) == {"a": 2, "b": 8}
    assert Counter(queue[20:]) == {"a": 3, "b": 1}


def test_the_order_of_each_version_is_the_same_on_every_machine() -> None:
    targets = {"a": 6, "b": 4}
    assert "".join(QueueOrder(2026, targets, version=1).first(10)) == "abbababaab"
    assert "".join(QueueOrder(2026, targets).first(10)) == "aabaaabbba"
    changed = QueueOrder(2026, {"a": 10, "b": 4}, blocks=[QueueBlock({"a": 2, "b": 2}, targets)])
    assert "".join(changed.first(14)) == "aabbaaaabaaaba"
