"""Tests of p-values against R and scipy."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2_contingency, fisher_exact

from corpuscope.stats.p_values import equal_counts_p, fisher_p, holm, p_in_words, same_mix, score_p
from corpuscope.stats.reference import reference_named

C4 = reference_named("c4").counts
FINEWEB = reference_named("fineweb").counts
EDU = reference_named("fineweb-edu").counts

ORDER = (1, 3, 4, 0, 2, 6, 5)  # Advertising News Creative Educational Forum Nonsensical Boilerplate
PAIRS = [(C4[i], 203, FINEWEB[i], 200) for i in ORDER]

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=12)
counts = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=12)


def test_fisher_and_its_holm_adjustment_match_r() -> None:
    published = (0.247354939175, 0.207796600509, 0.004835581874, 0.323478493602, 0.004463026832,
                 0.409656950421, 0.413340635817)  # fmt: skip
    fisher = [fisher_p(*pair) for pair in PAIRS]
    assert fisher == pytest.approx(published, abs=5.1e-13)
    assert holm(fisher) == pytest.approx((1, 1, 0.03124118783, 1, 0.03124118783, 1, 1), abs=5.1e-12)


def test_the_score_test_and_its_holm_adjustment_have_their_published_values() -> None:
    published = (0.24525608, 0.18271507, 0.00394973, 0.27053431, 0.00322979, 0.32075832, 0.38319289)
    adjusted = (0.9810243, 0.91357537, 0.0236984, 0.9810243, 0.02260854, 0.9810243, 0.9810243)
    score = [score_p(*pair) for pair in PAIRS]
    assert score == pytest.approx(published, abs=5.1e-9)
    assert holm(score) == pytest.approx(adjusted, abs=5.1e-9)


def test_the_chi_square_of_c4_and_fineweb_matches_r() -> None:
    test = same_mix(C4, FINEWEB)
    assert test.statistic == pytest.approx(19.779734136932, abs=5.1e-13)
    assert test.p == pytest.approx(0.003030730278, abs=5.1e-13)
    assert (test.df, test.method) == (6, "chi-square")


def test_the_chi_square_of_fineweb_and_edu_is_permuted_because_a_category_is_rare() -> None:
    test = same_mix(FINEWEB, EDU)
    assert test.statistic == pytest.approx(185.3, abs=0.05)
    assert (test.df, test.method) == (6, "permutation")
    assert test.p == 1 / 10_000


def test_a_permutation_test_agrees_with_fisher_where_both_are_exact() -> None:
    test = same_mix((3, 9), (8, 4), resamples=20_000)
    assert test.method == "chi-square"
    rare = same_mix((1, 9), (6, 4), resamples=20_000)
    assert rare.method == "permutation"
    assert rare.p == pytest.approx(fisher_exact([[1, 9], [6, 4]]).pvalue, abs=0.01)


@given(counts=counts)
def test_the_chi_square_statistic_matches_scipy(counts: list[tuple[int, int]]) -> None:
    nonzero = [pair for pair in counts if sum(pair)]
    test = same_mix([a for a, _ in counts], [b for _, b in counts], resamples=99)
    if len(nonzero) > 1 and all(map(sum, zip(*nonzero, strict=True))):
        expected = chi2_contingency(list(zip(*nonzero, strict=True)), correction=False)
        assert test.statistic == pytest.approx(expected.statistic, abs=1e-9)
        assert test.df == expected.dof
        if test.method == "chi-square":
            assert test.p == pytest.approx(expected.pvalue, abs=1e-12)
    else:
        assert test.p == 1


@given(counts=counts, random=st.randoms())
def test_the_order_of_the_categories_does_not_matter(counts: list[tuple[int, int]], random: Random) -> None:
    shuffled = random.sample(counts, len(counts))
    one, other = (same_mix([a for a, _ in c], [b for _, b in c], resamples=9) for c in (counts, shuffled))
    assert one.statistic == pytest.approx(other.statistic, abs=1e-9)


def test_an_expected_count_of_exactly_5_needs_no_permutation() -> None:
    assert same_mix((4, 196), (6, 194)).method == "chi-square"
    assert same_mix((4 / 200 * 200, 196 / 200 * 200), (6, 194)).method == "chi-square"
    assert same_mix((4, 196), (5, 195)).method == "permutation"


def test_effective_counts_that_round_to_0_give_a_p_value() -> None:
    assert same_mix((0.4, 0.4), (0.4, 0.3)).p == 1
    assert 0 < same_mix((3.6, 0.2, 1.1), (0.9, 0.1, 5.2)).p <= 1


@given(count=st.integers(0, 300), other=st.integers(0, 300))
def test_the_test_of_two_counts_matches_scipys_exact_binomial_test(count: int, other: int) -> None:
    exact = binomtest(count, count + other).pvalue if count + other else 1
    assert equal_counts_p(count, other) == pytest.approx(exact, rel=1e-9)
    assert equal_counts_p(count, other) == equal_counts_p(other, count)


@given(n=st.integers(1, 60), m=st.integers(1, 60), a=st.floats(0, 1), b=st.floats(0, 1))
def test_fisher_matches_scipy(n: int, m: int, a: float, b: float) -> None:
    x, y = round(a * n), round(b * m)
    assert fisher_p(x, n, y, m) == pytest.approx(fisher_exact([[x, n - x], [y, m - y]]).pvalue, abs=1e-9)


@given(p_values=p_values)
def test_holm_never_lowers_a_p_value_or_raises_it_beyond_bonferroni(p_values: list[float]) -> None:
    for p, adjusted in zip(p_values, holm(p_values), strict=True):
        assert p <= adjusted <= min(1, p * len(p_values))


@given(p_values=p_values, random=st.randoms())
def test_holm_does_not_depend_on_the_order(p_values: list[float], random: Random) -> None:
    order = random.sample(range(len(p_values)), len(p_values))
    adjusted = holm(p_values)
    assert holm([p_values[i] for i in order]) == tuple(adjusted[i] for i in order)


def test_the_score_test_of_indistinguishable_shares_gives_a_p_of_1() -> None:
    assert score_p(0, 0, 3, 10) == 1
    assert score_p(0, 10, 0, 20) == 1
    assert score_p(10, 10, 20, 20) == 1


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.0030307, "p = .0030"),
        (0.0226, "p = .023"),
        (0.00004, "p < .001"),
        (1.0, "p = 1.000"),
        (0.5, "p = .500"),
    ],
)
def test_p_values_are_printed_with_three_decimals_or_four_below_01(p: float, words: str) -> None:
    assert p_in_words(p) == words
