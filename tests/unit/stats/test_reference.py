"""Tests of the published distributions and the cross-walk."""

from __future__ import annotations

import pytest

from corpuscope.errors import UsageError
from corpuscope.stats.reference import (
    REFERENCES,
    SEVEN,
    WEBORGANIZER_CROSSWALK,
    apply_crosswalk,
    reference_named,
)
from corpuscope.stats.summarise import summarise

CATEGORIES = ("Educational", "Advertising", "Forum", "News", "Creative", "Boilerplate", "Nonsensical")
C4 = (24, 73, 21, 34, 31, 5, 15)
FINEWEB = (17, 61, 6, 44, 54, 8, 10)
EDU = (150, 21, 0, 16, 10, 0, 4)


def test_the_published_labels_are_built_in() -> None:
    assert SEVEN == CATEGORIES
    assert [reference.counts for reference in REFERENCES] == [C4, FINEWEB, EDU]
    assert [reference.sample.n for reference in REFERENCES] == [203, 200, 201]


def test_published_labels_can_be_compared_with_each_other_and_are_not_called_random() -> None:
    summary = summarise([reference_named("c4").sample, reference_named("fineweb").sample])
    (comparison,) = summary.compare()
    assert not comparison.provisional
    assert [row.category for row in comparison.differences if row.verdict != "not established"] == [
        "Forum",
        "Creative",
    ]
    assert "simple random sample" not in summary.corpora[0].caption


def test_an_unknown_reference_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean fineweb"):
        reference_named("finweb")


def test_every_format_has_a_category_and_every_doubt_has_a_reason() -> None:
    assert len({entry.format for entry in WEBORGANIZER_CROSSWALK}) == len(WEBORGANIZER_CROSSWALK) == 24
    assert sum(entry.percent for entry in WEBORGANIZER_CROSSWALK) == pytest.approx(100.1)
    for entry in WEBORGANIZER_CROSSWALK:
        assert {entry.category, *entry.alternatives} <= set(SEVEN)
        assert entry.category not in entry.alternatives
        assert bool(entry.alternatives) == bool(entry.why)


def test_crossed_shares_add_up_to_1_and_lie_within_their_range() -> None:
    shares = apply_crosswalk()
    assert tuple(share.category for share in shares) == SEVEN
    assert sum(share.share for share in shares) == pytest.approx(1)
    assert all(share.least <= share.share <= share.most for share in shares)
    assert sum(share.least for share in shares) < 1 < sum(share.most for share in shares)
