"""The tests of every category of every pair compared, corrected as one family, and the verdicts they give."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpuscope.errors import UsageError
from corpuscope.stats.comparison import LEAST_LEVEL, Arm, Comparison, Difference, Verdict
from corpuscope.stats.distance import TotalVariation, total_variation
from corpuscope.stats.distribution import Distribution, Share
from corpuscope.stats.finite import CENSUS, hypergeometric_mid_p, is_census, is_finite
from corpuscope.stats.intervals import Interval, mover, newcombe, wilson
from corpuscope.stats.p_values import GlobalTest, fisher_mid_p, holm, same_mix
from corpuscope.stats.planning import FEW, labels_to_show
from corpuscope.text.quantities import inflected, quantity

MOST_COUNTED = 100_000
"""Effective n of a corpus that was read whole or nearly so, for tests that need a number."""


def compare_family(
    pairs: Sequence[tuple[Arm, Arm]], *, resamples: int = 9_999, seed: int = 0
) -> tuple[Comparison, ...]:
    """Compare pairs of distributions over the same categories, at the level of the first, as one family of tests.

    Fisher's mid-p is adjusted by Holm's method over every category of every pair, and there is no verdict in a pair
    whose overall test, adjusted over the pairs, is not significant. So the chance of any false verdict stays below
    one minus the level, however many corpora are compared. Tests use whole effective counts of the planned labels,
    so weighted samples count at their effective size, and samples of much of a corpus at more than n.
    A category found in neither corpus still belongs to the family. Raises UsageError for different categories or
    weightings, and for a corpus with pending labels.
    """
    for first, second in pairs:
        check_comparable(first, second)
    counts = [(_counts(first.decisive), _counts(second.decisive)) for first, second in pairs]
    overall = [
        _overall(first.decisive, second.decisive, *counted, resamples, seed)
        for (first, second), counted in zip(pairs, counts, strict=True)
    ]
    p_values = [_category_p_values(first.decisive, second.decisive) for first, second in pairs]
    adjusted = iter(holm([p for of_pair in p_values for p in of_pair]))
    gates = holm([test.p for test in overall])
    tests = sum(len(of_pair) for of_pair in p_values)
    p_holm = [[next(adjusted) for _ in of_pair] for of_pair in p_values]
    established = sum(
        p < 1 - first.distribution.level
        for (first, _), of_pair in zip(pairs, p_holm, strict=True)
        for p in of_pair
    )
    return tuple(
        _comparison(
            pair,
            (p_values[i], p_holm[i]),
            (overall[i], gates[i]),
            _Family(tests, len(pairs), max(1, tests - established)),
            (resamples, seed),
        )
        for i, pair in enumerate(pairs)
    )


@dataclass(frozen=True, slots=True)
class _Family:
    """The tests that are corrected for together."""

    tests: int
    """Category tests of all pairs."""
    pairs: int
    """Pairs compared."""
    open: int
    """Category tests that are not significant after the correction; the next one is tested at alpha over them."""


def _comparison(
    pair: tuple[Arm, Arm],
    p_values: tuple[Sequence[float], Sequence[float]],
    overall: tuple[GlobalTest, float],
    family: _Family,
    resampling: tuple[int, int],
) -> Comparison:
    first, second = pair
    level = first.distribution.level
    exact = first.distribution.is_census and second.distribution.is_census
    provisional = not exact and not (first.complete and second.complete)
    differences = tuple(
        _difference(pair, index, (p, p_holm), overall[1], family)
        for index, (p, p_holm) in enumerate(zip(*p_values, strict=True))
    )
    resamples, seed = resampling
    distance = total_variation(
        _counts(first.distribution),
        _counts(second.distribution),
        level=level,
        resamples=resamples,
        seed=seed,
    )
    if exact:
        value = sum(abs(row.difference) for row in differences) / 2
        distance = TotalVariation(value, 0.0, Interval(value, value, CENSUS, level))
    return Comparison(
        first=first.name,
        second=second.name,
        n=(first.distribution.n, second.distribution.n),
        decided_by=(first.decisive.n, second.decisive.n),
        differences=differences,
        test=overall[0],
        p_overall=overall[1],
        tests=family.tests,
        pairs=family.pairs,
        distance=distance,
        level=level,
        provisional=provisional,
        exact=exact,
    )


def _counts(shares: Distribution) -> list[float]:
    """Return effective counts; of a corpus read whole, those of a very large sample."""
    n = _worth(shares.n_effective, shares.certainty)
    return [share.share * n for share in shares.shares]


def _worth(n_effective: float, certainty: float) -> float:
    return min(n_effective * certainty, max(float(MOST_COUNTED), n_effective)) if n_effective else 0.0


def _overall(
    first: Distribution,
    second: Distribution,
    counts: Sequence[float],
    other_counts: Sequence[float],
    resamples: int,
    seed: int,
) -> GlobalTest:
    test = same_mix(counts, other_counts, resamples=resamples, seed=seed)
    if first.is_census and second.is_census:
        same = all(a.share == b.share for a, b in zip(first.shares, second.shares, strict=True))
        return replace(test, p=1.0 if same else 0.0, method="census")
    return test


def _category_p_values(first: Distribution, second: Distribution) -> list[float]:
    exact = first.is_census and second.is_census
    p_values = []
    for one, other in zip(first.shares, second.shares, strict=True):
        if exact:
            p_values.append(1.0 if one.share == other.share else 0.0)
        else:
            p_values.append(fisher_mid_p(*_whole(other, second.certainty), *_whole(one, first.certainty)))
    return p_values


def _whole(share: Share, certainty: float) -> tuple[int, int]:
    n = round(_worth(share.n_effective, certainty))
    return min(n, round(share.share * n)), n


def _difference(
    pair: tuple[Arm, Arm], index: int, p_values: tuple[float, float], p_overall: float, family: _Family
) -> Difference:
    first, second = pair
    one, other = first.distribution.shares[index], second.distribution.shares[index]
    p, p_holm = p_values
    alpha = 1 - first.distribution.level
    interval = _interval(first.distribution, second.distribution, index)
    verdict, why = Verdict.NOT_ESTABLISHED, ""
    if first.distribution.level < LEAST_LEVEL:
        why = f"no verdict at a level below {100 * LEAST_LEVEL:.0f} %"
    elif p_holm < alpha and p_overall < alpha:
        higher = second.decisive.shares[index].share > first.decisive.shares[index].share
        verdict = Verdict.HIGHER if higher else Verdict.LOWER
    elif not interval.low <= 0 <= interval.high:
        beyond = first.distribution.n > first.decisive.n or second.distribution.n > second.decisive.n
        if beyond and p >= alpha:
            why = "decided by the planned labels"
        elif p_holm >= alpha:
            why = f"corrected for {family.tests:,} tests"
        else:
            why = "the overall test is not significant"
    needed, out_of_reach = None, False
    if verdict is Verdict.NOT_ESTABLISHED and min(first.distribution.n, second.distribution.n) >= FEW:
        needed, out_of_reach = _labels_needed(pair, index, alpha / family.open)
    return Difference(
        category=one.category,
        first=one.share,
        second=other.share,
        interval=interval,
        p=p,
        p_holm=p_holm,
        verdict=verdict,
        why=why,
        labels_needed=needed,
        out_of_reach=out_of_reach,
    )


def _interval(first: Distribution, second: Distribution, index: int) -> Interval:
    """Compute the interval for second minus first from Wilson's intervals, or those for the sizes of the corpora."""
    one, other = first.shares[index], second.shares[index]
    if not first.n or not second.n:
        return Interval(-1.0, 1.0, "Newcombe", first.level)
    if not is_finite(first.n, first.population) and not is_finite(second.n, second.population):
        return newcombe(
            other.effective_count, other.n_effective, one.effective_count, one.n_effective, first.level
        )
    return mover(other.share, _own_interval(second, other), one.share, _own_interval(first, one))


def _own_interval(shares: Distribution, share: Share) -> Interval:
    if is_census(shares.n, shares.population):
        return Interval(share.share, share.share, CENSUS, shares.level)
    if (
        shares.population is not None
        and is_finite(shares.n, shares.population)
        and share.n_effective == shares.n
    ):
        return hypergeometric_mid_p(share.count, shares.n, shares.population, shares.level)
    n = share.n_effective * shares.certainty
    return wilson(share.share * n, n, shares.level)


def _labels_needed(pair: tuple[Arm, Arm], index: int, alpha: float) -> tuple[int | None, bool]:
    """Return the labels per corpus for 80 % power of the verdict, and whether labels of one's own cannot reach it."""
    one, other = (arm.distribution.shares[index] for arm in pair)
    sizes = tuple(float(arm.distribution.population or math.inf) for arm in pair)
    growing = [arm for arm in pair if arm.grows]
    if not growing or not one.n_effective or not other.n_effective:
        growing = list(pair)
    design_effect = max(arm.distribution.design_effect for arm in growing)
    fixed = tuple(None if arm in growing else arm.distribution.shares[index].n_effective for arm in pair)
    labels = labels_to_show(
        one.share, other.share, level=1 - alpha, sizes=(sizes[0], sizes[1]), fixed=(fixed[0], fixed[1])
    )
    if math.isinf(labels):
        return None, one.share != other.share and len(growing) < 2
    most = max(arm.distribution.population or math.inf for arm in growing)
    labels = min(labels * design_effect, most)
    enough = labels <= min(arm.distribution.n for arm in growing)
    return (None if enough else math.ceil(labels - 1e-9)), False


def check_comparable(first: Arm, second: Arm) -> None:
    """Raise UsageError for different categories or weightings, and for a corpus whose shares are only bounds."""
    one, other = first.distribution, second.distribution
    if one.categories != other.categories:
        raise UsageError(
            f"{first.name} and {second.name} were labelled with different categories",
            f"{', '.join(one.categories)} against {', '.join(other.categories)}",
        )
    if one.weighting != other.weighting:
        raise UsageError(f"{first.name} is counted in {one.weighting}, {second.name} in {other.weighting}")
    for arm in (first, second):
        if arm.distribution.pending:
            raise UsageError(
                f"{first.name} and {second.name} cannot be compared yet",
                f"{quantity(arm.distribution.pending, 'label')} of {arm.name} "
                f"{inflected(arm.distribution.pending, 'awaits', 'await')} a new reading: corpuscope relabel --split",
            )
