"""Published distributions and the cross-walk."""

import pytest

from corpuscope.errors import UsageError
from corpuscope.stats.reference import REFERENCES, SEVEN, WEBORGANIZER, apply_crosswalk, reference_named
from corpuscope.stats.summary import summarise

CATEGORIES = ("Educational", "Advertising", "Forum", "News", "Creative", "Boilerplate", "Nonsensical")
C4 = (24, 73, 21, 34, 31, 5, 15)
FINEWEB = (17, 61, 6, 44, 54, 8, 10)
EDU = (150, 21, 0, 16, 10, 0, 4)


def test_the_published_labels_are_built_in() -> None:
    assert SEVEN == CATEGORIES
    assert [reference.counts for reference in REFERENCES] == [C4, FINEWEB, EDU]
    assert [reference.sample.n for reference in REFERENCES] == [203, 200, 201]


def test_published_labels_compare_without_any_of_one_s_own_and_do_not_pose_as_random() -> None:
    summary = summarise([reference_named("c4").sample, reference_named("fineweb").sample])
    (comparison,) = summary.comparisons()
    assert not comparison.provisional
    assert [each.category for each in comparison.differences if each.verdict != "not shown"] == [
        "Forum",
        "Creative",
    ]
    assert "simple random sample" not in summary.corpora[0].caption


def test_an_unknown_reference_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="did you mean fineweb"):
        reference_named("finweb")


def test_every_format_crosses_to_a_category_and_every_doubt_has_a_reason() -> None:
    assert len({crossing.format for crossing in WEBORGANIZER}) == len(WEBORGANIZER) == 24
    assert sum(crossing.percent for crossing in WEBORGANIZER) == pytest.approx(100.1)
    for crossing in WEBORGANIZER:
        assert {crossing.category, *crossing.alternatives} <= set(SEVEN)
        assert crossing.category not in crossing.alternatives
        assert bool(crossing.alternatives) == bool(crossing.why)


def test_crossed_shares_add_up_and_lie_between_what_doubt_leaves_of_them() -> None:
    shares = apply_crosswalk()
    assert tuple(share.category for share in shares) == SEVEN
    assert sum(share.share for share in shares) == pytest.approx(1)
    assert all(share.least <= share.share <= share.most for share in shares)
    assert sum(share.least for share in shares) < 1 < sum(share.most for share in shares)
