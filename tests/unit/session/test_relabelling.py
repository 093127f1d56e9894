"""The sample of a sitting of second looks, and the documents whose category was split up."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from corpuscope.ledger.read.repeats import FirstLabel, RepeatStatus
from corpuscope.session.repeats import DISTANCE, MIN_SECOND_LOOKS, plan_second_looks


def looks(labels: int, twice: int = 0, corpora: str = "ab") -> RepeatStatus:
    """So many labels in turns, the first of which were looked at twice."""
    firsts = [
        FirstLabel(f"event {i}", f"document {i}", corpora[i % len(corpora)], i // len(corpora), i)
        for i in range(labels)
    ]
    return RepeatStatus(
        labels + twice,
        labels + twice - 1 if twice else None,
        tuple(firsts[twice:]),
        {first.document_id: first.corpus for first in firsts[:twice]},
        {first.document_id: "News" for first in firsts},
    )


def test_one_label_in_ten_and_at_least_twenty_are_looked_at_again() -> None:
    assert plan_second_looks(looks(600), "ab", None, 1).size == 60
    assert plan_second_looks(looks(100), "ab", None, 1).size == MIN_SECOND_LOOKS
    assert plan_second_looks(looks(600, twice=15), "ab", None, 1).size == 45


@given(seed=st.integers(0, 2**32), labels=st.integers(0, 150), size=st.integers(1, 150))
def test_the_sample_is_balanced_far_away_and_grows_without_changing(
    seed: int, labels: int, size: int
) -> None:
    found = looks(labels)
    one, more = (plan_second_looks(found, "ab", wanted, seed) for wanted in (size, size + 7))
    assert one == plan_second_looks(found, "ab", size, seed)
    far = max(labels - DISTANCE, 0)
    assert one.size == min(size, far)
    for corpus in "ab":
        assert list(more.remaining[corpus][: len(one.remaining[corpus])]) == list(one.remaining[corpus])
    counts = Counter({corpus: len(each) for corpus, each in one.remaining.items()})
    assert max(counts.values()) - min(counts.values()) <= 1
    places = [int(event.removeprefix("event ")) for each in one.remaining.values() for event in each]
    assert all(labels - place > DISTANCE for place in places)


def test_what_was_looked_at_twice_counts_towards_the_size() -> None:
    whole = plan_second_looks(looks(100), "ab", 30, 5)
    rest = plan_second_looks(looks(100, twice=10), "ab", 30, 5)
    assert (whole.size, rest.size) == (30, 20)
    assert rest.targets == {"a": 15, "b": 15}
    assert plan_second_looks(looks(100, twice=30), "ab", 30, 5).size == 0


def test_another_seed_is_another_sample() -> None:
    one, other = (plan_second_looks(looks(200), "ab", 20, seed).remaining for seed in (1, 2))
    assert one != other
