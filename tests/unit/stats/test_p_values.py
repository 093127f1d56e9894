"""Tests of p-values against R and scipy."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2_contingency, fisher_exact

from contrast import score_p
from corpuscope.stats.p_values import equal_counts_p, fisher_mid_p, holm, mcnemar_mid_p, p_in_words, same_mix
from corpuscope.stats.reference import reference_named

C4 = reference_named("c4").counts
FINEWEB = reference_named("fineweb").counts
EDU = reference_named("fineweb-edu").counts

ORDER = (1, 3, 4, 0, 2, 6, 5)  # Advertising News Creative Educational Forum Nonsensical Boilerplate
PAIRS = [(C4[i], 203, FINEWEB[i], 200) for i in ORDER]

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=12)
counts = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=12)


def test_fishers_mid_p_and_its_holm_adjustment_have_their_published_values() -> None:
    published = (0.225879320198, 0.187058880980, 0.004079764215, 0.287509464000, 0.003509380741,
                 0.359070101392, 0.336230142352)  # fmt: skip
    adjusted = (0.9352944049, 0.9352944049, 0.0245656652, 0.9352944049, 0.0245656652, 0.9352944049,
                0.9352944049)  # fmt: skip
    mid_p = [fisher_mid_p(*pair) for pair in PAIRS]
    assert mid_p == pytest.approx(published, abs=5.1e-13)
    assert holm(mid_p) == pytest.approx(adjusted, abs=5.1e-11)


def test_one_document_of_forty_against_none_of_four_hundred_is_hardly_anything() -> None:
    assert fisher_mid_p(1, 40, 0, 400) == pytest.approx(0.04545, abs=5.1e-6)
    assert fisher_mid_p(2, 40, 0, 200) == pytest.approx(0.01360, abs=5.1e-6)


def test_a_family_of_three_pairs_is_corrected_for_21_tests() -> None:
    corpora = ((C4, 203), (FINEWEB, 200), (EDU, 201))
    tests = {
        (first, second, i): fisher_mid_p(corpora[first][0][i], corpora[first][1], corpora[second][0][i],
                                         corpora[second][1])
        for first, second in ((0, 1), (0, 2), (1, 2))
        for i in range(7)
    }  # fmt: skip
    adjusted = dict(zip(tests, holm(list(tests.values())), strict=True))
    forum, news, creative, boilerplate = 2, 3, 4, 5
    printed = [adjusted[key] for key in ((0, 1, forum), (0, 1, creative), (1, 2, boilerplate), (1, 2, forum))]
    assert printed == pytest.approx([0.04211, 0.04488, 0.02317, 0.07408], abs=5.1e-6)
    assert adjusted[0, 1, news] > 0.05


@given(n=st.integers(1, 60), m=st.integers(1, 60), a=st.floats(0, 1), b=st.floats(0, 1))
def test_the_mid_p_lies_below_fishers_p_and_does_not_depend_on_the_order(
    n: int, m: int, a: float, b: float
) -> None:
    x, y = round(a * n), round(b * m)
    mid_p = fisher_mid_p(x, n, y, m)
    assert 0 < mid_p <= fisher_exact([[x, n - x], [y, m - y]]).pvalue + 1e-9
    assert mid_p == pytest.approx(fisher_mid_p(y, m, x, n), rel=1e-9)


def test_the_mid_p_of_large_samples_takes_no_time_and_is_near_the_chi_square() -> None:
    assert fisher_mid_p(30_300, 100_000, 30_000, 100_000) == pytest.approx(0.1435, abs=2e-3)


@pytest.mark.parametrize(
    ("one", "other", "p"), [(0, 0, 1), (3, 3, 1), (0, 6, 0.5**6), (2, 10, (2 * 13 + 66) / 4096)]
)
def test_mcnemars_mid_p_is_that_of_a_fair_coin(one: int, other: int, p: float) -> None:
    assert mcnemar_mid_p(one, other) == pytest.approx(p)
    assert mcnemar_mid_p(other, one) == mcnemar_mid_p(one, other)


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


def test_a_permuted_p_is_that_of_9_999_tables_and_the_observed_one_and_the_same_every_time() -> None:
    p = same_mix((3, 9, 1), (8, 4, 1)).p
    assert round(10_000 * p, 6) == int(10_000 * p) != 0
    assert p == same_mix((3, 9, 1), (8, 4, 1), resamples=9_999, seed=0).p


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
        (0.04961, "p = .0496"),
        (0.0499999, "p = .0499"),
        (0.05, "p = .050"),
        (1.0, "p > .99"),
        (0.5, "p = .500"),
    ],
)
def test_p_values_are_printed_with_three_decimals_or_four_below_01_and_just_below_05(
    p: float, words: str
) -> None:
    assert p_in_words(p) == words
