"""Tests of agreement measures against R's psych, vcd and krippendorff."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.stats.agreement import (
    Coefficient,
    agreement,
    cohen_kappa,
    confusion_matrix,
    gwet_ac1,
    krippendorff_alpha,
    weighted_kappa,
)

MATRIX = ((20, 5, 0), (10, 15, 2), (1, 3, 44))
FIRST = tuple(i for i in range(3) for j in range(3) for _ in range(MATRIX[i][j]))
SECOND = tuple(j for i in range(3) for j in range(3) for _ in range(MATRIX[i][j]))
CATEGORIES = ("a", "b", "c")

code_pairs = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=50)


def test_every_measure_has_its_published_value() -> None:
    result = agreement((FIRST, SECOND), CATEGORIES)
    assert (result.n, result.share) == (100, 0.79)
    assert (result.percent.low, result.percent.high) == pytest.approx((0.7002003, 0.8583435), abs=5.1e-8)
    assert result.kappa is not None and result.kappa.interval is not None
    assert result.kappa.value == pytest.approx(0.6716697936, abs=5.1e-11)
    assert result.kappa.standard_error == pytest.approx(0.06051094, abs=5.1e-9)
    ends = (result.kappa.interval.low, result.kappa.interval.high)
    assert ends == pytest.approx((0.5354082001, 0.7738530921), abs=2e-9)
    assert result.alpha is not None and result.ac1 is not None
    assert result.alpha.value == pytest.approx(0.6725947979, abs=5.1e-11)
    assert result.ac1.value == pytest.approx(0.6915846674, abs=5.1e-11)
    for coefficient in (result.alpha, result.ac1):
        assert coefficient.interval is not None
        assert coefficient.interval.low < coefficient.value < coefficient.interval.high < 0.85
    assert not result.dominated


def test_alpha_of_four_annotators_with_gaps_matches_krippendorffs_own_example() -> None:
    gap = None
    four = (
        (1, 2, 3, 3, 2, 1, 4, 1, 2, gap, gap, gap),
        (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, gap, 3),
        (gap, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, gap),
        (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, gap),
    )
    assert krippendorff_alpha(four) == pytest.approx(0.743, abs=0.0005)
    assert krippendorff_alpha(four, range(6)) == pytest.approx(0.849, abs=0.0005)
    result = agreement(four, "012345")
    assert (result.n, result.agreeing) == (11, 8)
    assert result.kappa is None and result.ac1 is None


@pytest.mark.parametrize("seed", range(4))
def test_weighted_kappa_is_that_of_scikit_learn(seed: int) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    random = Random(seed)
    first = [random.choice((0, 1, 1, 2, 3, 5)) for _ in range(80)]
    second = [min(5, max(0, code + random.choice((-2, -1, 0, 0, 0, 1)))) for code in first]
    kappa = weighted_kappa(confusion_matrix(first, second, 6), range(6))
    assert kappa is not None
    expected = metrics.cohen_kappa_score(first, second, labels=range(6), weights="quadratic")
    assert kappa.value == pytest.approx(expected, abs=1e-12)


def test_the_error_of_weighted_kappa_is_that_of_the_delta_method() -> None:
    matrix = ((20, 5, 1), (10, 15, 2), (1, 3, 43))
    n, values, step = 100, (0.0, 1.0, 3.0), 1e-6
    probabilities = [count / n for row in matrix for count in row]

    def value(shares: list[float]) -> float:
        """Compute weighted kappa of probabilities, from its definition by mean squared distances."""
        total = sum(shares)
        rows = [sum(shares[3 * i : 3 * i + 3]) / total for i in range(3)]
        columns = [sum(shares[i::3]) / total for i in range(3)]
        apart = [[(values[i] - values[j]) ** 2 for j in range(3)] for i in range(3)]
        observed = sum(shares[3 * i + j] / total * apart[i][j] for i in range(3) for j in range(3))
        return 1 - observed / sum(rows[i] * columns[j] * apart[i][j] for i in range(3) for j in range(3))

    slopes = []
    for i in range(9):
        moved = [p + step * (i == j) for j, p in enumerate(probabilities)]
        slopes.append((value(moved) - value(probabilities)) / step)
    mean = sum(slope * p for slope, p in zip(slopes, probabilities, strict=True))
    variance = sum(p * (slope - mean) ** 2 for slope, p in zip(slopes, probabilities, strict=True)) / n
    kappa = weighted_kappa(matrix, values)
    assert kappa is not None and kappa.interval is not None
    assert kappa.value == pytest.approx(value(probabilities), abs=1e-12)
    assert kappa.standard_error == pytest.approx(variance**0.5, rel=1e-4)
    assert kappa.interval.low < kappa.value < kappa.interval.high


def test_on_two_numbers_weighted_kappa_is_kappa() -> None:
    matrix = ((40, 9), (6, 45))
    assert weighted_kappa(matrix, (0, 1)) == cohen_kappa(matrix)


def test_an_ordinal_scale_has_a_weighted_kappa_and_a_nominal_one_has_none() -> None:
    codes = ((0, 1, 2, 2), (0, 1, 1, 2))
    assert agreement(codes, "012").weighted_kappa is None
    ordinal = agreement(codes, "012", values=(0, 1, 2))
    assert ordinal.kappa is not None and ordinal.weighted_kappa is not None
    assert ordinal.weighted_kappa.value > ordinal.kappa.value


def test_the_confusion_matrix_counts_documents_that_both_labelled() -> None:
    assert confusion_matrix((*FIRST, None, 1), (*SECOND, 2, None), 3) == MATRIX


def test_kappa_falls_where_one_category_dominates_and_ac1_does_not() -> None:
    first, second = (0,) * 95 + (0, 0, 1, 1, 1), (0,) * 95 + (1, 1, 0, 0, 1)
    result = agreement((first, second), CATEGORIES[:2])
    assert result.dominated
    assert result.kappa is not None and result.kappa.value < 0.35
    assert result.ac1 is not None and result.ac1.value > 0.94


def test_perfect_agreement_has_a_kappa_of_1_without_an_interval() -> None:
    kappa = cohen_kappa(((5, 0), (0, 7)))
    assert kappa is not None
    assert (kappa.value, kappa.standard_error, kappa.interval) == (1, 0, None)


def test_agreement_below_chance_has_an_interval_that_holds_it() -> None:
    kappa = cohen_kappa(((1, 9), (9, 1)))
    assert kappa is not None and kappa.interval is not None
    assert kappa.value == pytest.approx(-0.8)
    assert -1 < kappa.interval.low < -0.8 < kappa.interval.high < 0


def test_agreement_near_chance_has_an_interval_around_zero() -> None:
    kappa = cohen_kappa(((4, 3), (3, 3)))
    assert kappa is not None and kappa.interval is not None
    assert kappa.interval.low < 0 < kappa.value < kappa.interval.high


def test_a_single_category_has_no_kappa_and_no_alpha() -> None:
    result = agreement(((0, 0, 0), (0, 0, 0)), CATEGORIES)
    assert (result.share, result.kappa, result.alpha) == (1, None, None)
    assert result.ac1 == Coefficient(1, None)
    assert gwet_ac1(((3,),)) is None


def test_without_a_document_labelled_twice_there_are_no_measures() -> None:
    result = agreement(((0, None), (None, 1)), CATEGORIES)
    assert (result.n, result.share, result.kappa, result.ac1, result.alpha) == (0, 0, None, None, None)
    assert (result.percent.low, result.percent.high) == (0, 1)


@given(pairs=code_pairs)
def test_no_measure_exceeds_1_and_all_are_symmetric(pairs: list[tuple[int, int]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    forward, backward = agreement((first, second), CATEGORIES), agreement((second, first), CATEGORIES)
    for one, other in ((forward.ac1, backward.ac1), (forward.alpha, backward.alpha)):
        if one is not None and other is not None:
            assert one.value == pytest.approx(other.value)
            assert one.value <= 1 + 1e-12
    if forward.kappa is not None and backward.kappa is not None:
        assert forward.kappa.value == pytest.approx(backward.kappa.value)
        assert forward.kappa.standard_error == pytest.approx(backward.kappa.standard_error)


@given(pairs=code_pairs, random=st.randoms())
def test_the_order_of_the_documents_does_not_matter(pairs: list[tuple[int, int]], random: Random) -> None:
    shuffled = random.sample(pairs, len(pairs))
    one, other = (agreement(([a for a, _ in p], [b for _, b in p]), CATEGORIES) for p in (pairs, shuffled))
    if one.alpha is not None and other.alpha is not None:
        assert one.alpha.value == pytest.approx(other.alpha.value)
