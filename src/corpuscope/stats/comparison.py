"""Comparison of two corpora by their samples: differences, tests and verdicts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpuscope.errors import UsageError
from corpuscope.stats.distance import TotalVariation, total_variation
from corpuscope.stats.distribution import Distribution, Share
from corpuscope.stats.intervals import Interval, newcombe
from corpuscope.stats.p_values import GlobalTest, holm, p_in_words, same_mix, score_p
from corpuscope.stats.planning import labels_to_show


class Verdict(StrEnum):
    """What the labels show about one category of the second corpus, relative to the first."""

    HIGHER = "higher"
    """Its share is higher."""
    LOWER = "lower"
    """Its share is lower."""
    NOT_SHOWN = "not shown"
    """No difference is shown, which does not mean that there is none."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference of one category's shares in two corpora."""

    category: str
    """Its name."""
    first: float
    """Share in the first corpus, as a fraction."""
    second: float
    """Share in the second corpus, as a fraction."""
    interval: Interval
    """Newcombe's interval for second minus first, not corrected for the number of categories."""
    p: float
    """Two-sided p-value of the score test of no difference, not corrected for the number of categories."""
    p_holm: float
    """The same p-value, adjusted for the number of categories by Holm's method."""
    verdict: Verdict
    """Whether a difference is shown, corrected for all categories."""
    labels_needed: int | None
    """Labels per corpus that show such a difference, tested alone, with 80 % power.

    None where the difference is shown, 0 or unknown. None too where both corpora have that many labels, so that
    only the correction for all categories keeps the difference from being shown."""

    @property
    def difference(self) -> float:
        """Second share minus first; times 100 it is in percentage points."""
        return self.second - self.first


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparison of two corpora, category by category and as a whole."""

    first: str
    """Name of the baseline corpus."""
    second: str
    """Name of the corpus compared with it."""
    n: tuple[int, int]
    """Documents labelled in the first and in the second."""
    differences: tuple[Difference, ...]
    """One per category, in scheme order."""
    test: GlobalTest
    """Test of the hypothesis that both corpora hold the same mix."""
    distance: TotalVariation
    """Total variation distance between them."""
    level: float
    """Confidence level; one minus it is the error rate of every verdict."""
    provisional: bool
    """True until both samples reach the n planned beforehand, since optional stopping invalidates the tests."""

    @property
    def by_size(self) -> tuple[Difference, ...]:
        """The differences, largest first; equal ones in scheme order."""
        return tuple(sorted(self.differences, key=lambda row: -abs(row.difference)))

    @property
    def headline(self) -> str:
        """The outcome of the global test in one sentence, with its statistic."""
        empty = [name for name, n in zip((self.first, self.second), self.n, strict=True) if n == 0]
        if empty:
            return f"Nothing to compare yet: no labels of {' or '.join(empty)}."
        if self.test.df == 0:
            outcome = (
                f"all labels of {self.first} and {self.second} are of one category: nothing tells them apart."
            )
            return f"Provisional: so far, {outcome}" if self.provisional else f"A{outcome[1:]}"
        test = f"chi2({self.test.df}) = {self.test.statistic:.2f}, {p_in_words(self.test.p)}"
        if self.test.method != "chi-square":
            test += f" by {self.test.method}"
        if self.test.p < 1 - self.level:
            outcome = f"{self.first} and {self.second} do not hold the same mix ({test})."
            return f"Provisional: so far, {outcome}" if self.provisional else outcome
        outcome = f"difference between {self.first} and {self.second} is shown ({test})."
        return f"Provisional: so far, no {outcome}" if self.provisional else f"No {outcome}"


def compare(
    first: Distribution,
    second: Distribution,
    *,
    names: tuple[str, str],
    provisional: bool,
    resamples: int = 9_999,
    seed: int = 0,
) -> Comparison:
    """Compare two distributions over the same categories, at the level of the first.

    Every test uses effective counts, so weighted and clustered samples count at their effective size. A category
    found in neither corpus still belongs to Holm's family of tests. Raises UsageError for different categories
    or weightings.
    """
    _check_comparable(first, second, names)
    pairs = list(zip(first.shares, second.shares, strict=True))
    p_values = [score_p(b.effective_count, b.n_effective, a.effective_count, a.n_effective) for a, b in pairs]
    design_effect = max(first.design_effect, second.design_effect)
    differences = tuple(
        _difference(a, b, p, p_holm, first.level, design_effect, min(first.n, second.n))
        for (a, b), p, p_holm in zip(pairs, p_values, holm(p_values), strict=True)
    )
    counts, other_counts = first.effective_counts, second.effective_counts
    return Comparison(
        first=names[0],
        second=names[1],
        n=(first.n, second.n),
        differences=differences,
        test=same_mix(counts, other_counts, resamples=resamples, seed=seed),
        distance=total_variation(counts, other_counts, level=first.level, resamples=resamples, seed=seed),
        level=first.level,
        provisional=provisional,
    )


def _difference(
    first: Share, second: Share, p: float, p_holm: float, level: float, design_effect: float, n: int
) -> Difference:
    shown = p_holm < 1 - level
    if shown:
        verdict = Verdict.HIGHER if second.share > first.share else Verdict.LOWER
    else:
        verdict = Verdict.NOT_SHOWN
    labels = math.inf
    if not shown and first.n_effective and second.n_effective:
        labels = labels_to_show(first.share, second.share, level=level) * design_effect
    return Difference(
        category=first.category,
        first=first.share,
        second=second.share,
        interval=newcombe(
            second.effective_count, second.n_effective, first.effective_count, first.n_effective, level
        ),
        p=p,
        p_holm=p_holm,
        verdict=verdict,
        labels_needed=math.ceil(labels) if math.isfinite(labels) and labels > n else None,
    )


def _check_comparable(first: Distribution, second: Distribution, names: Sequence[str]) -> None:
    if first.categories != second.categories:
        raise UsageError(
            f"{names[0]} and {names[1]} were labelled with different categories",
            f"{', '.join(first.categories)} against {', '.join(second.categories)}",
        )
    if first.weighting != second.weighting:
        raise UsageError(f"{names[0]} is counted in {first.weighting}, {names[1]} in {second.weighting}")
