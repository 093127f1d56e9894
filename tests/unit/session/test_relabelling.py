"""The sample for a session of second looks."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from corpuscope.ledger.read.records import FirstLabel, RepeatStatus
from corpuscope.session.repeats import DISTANCE, plan_second_looks


def repeat_status(labels: int, twice: int = 0, corpora: str = "ab") -> RepeatStatus:
    """Return the status of `labels` documents in turns of the corpora, the first `twice` with a second look."""
    firsts = [
        FirstLabel(f"event {i}", f"document {i}", corpora[i % len(corpora)], i // len(corpora), i)
        for i in range(labels)
    ]
    return RepeatStatus(
        labels + twice,
        labels + twice - 1 if twice else None,
        tuple(firsts[twice:]),
        {first.key for first in firsts[:twice]},
        {first.key: "News" for first in firsts},
    )


def test_one_label_in_ten_and_at_least_twenty_get_a_second_look() -> None:
    assert plan_second_looks(repeat_status(600), "ab", None, 1).size == 60
    assert plan_second_looks(repeat_status(100), "ab", None, 1).size == 20
    assert plan_second_looks(repeat_status(600, twice=15), "ab", None, 1).size == 45


@given(seed=st.integers(0, 2**32), labels=st.integers(0, 150), size=st.integers(1, 150))
def test_the_sample_is_balanced_keeps_its_distance_and_only_grows_with_its_size(
    seed: int, labels: int, size: int
) -> None:
    status = repeat_status(labels)
    smaller, larger = (plan_second_looks(status, "ab", count, seed) for count in (size, size + 7))
    assert smaller == plan_second_looks(status, "ab", size, seed)
    available = max(labels - DISTANCE, 0)
    assert smaller.size == min(size, available)
    for corpus in "ab":
        events = list(smaller.remaining[corpus])
        assert list(larger.remaining[corpus][: len(events)]) == events
    counts = Counter({corpus: len(events) for corpus, events in smaller.remaining.items()})
    assert max(counts.values()) - min(counts.values()) <= 1
    places = [int(event.removeprefix("event ")) for events in smaller.remaining.values() for event in events]
    assert all(labels - place > DISTANCE for place in places)


def test_second_looks_already_made_count_towards_the_size() -> None:
    whole = plan_second_looks(repeat_status(100), "ab", 30, 5)
    rest = plan_second_looks(repeat_status(100, twice=10), "ab", 30, 5)
    assert (whole.size, rest.size) == (30, 20)
    assert rest.targets == {"a": 15, "b": 15}
    assert plan_second_looks(repeat_status(100, twice=30), "ab", 30, 5).size == 0


def test_another_seed_gives_another_sample() -> None:
    first, second = (plan_second_looks(repeat_status(200), "ab", 20, seed).remaining for seed in (1, 2))
    assert first != second
