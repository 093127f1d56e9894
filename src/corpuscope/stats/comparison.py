"""The comparison of two corpora: differences, verdicts, and the outcome in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from corpuscope.stats.distance import TotalVariation
from corpuscope.stats.distribution import Distribution
from corpuscope.stats.intervals import Interval
from corpuscope.stats.p_values import GlobalTest, p_in_words

LEAST_LEVEL = 0.8
"""Confidence level below which there are no verdicts: more than one in five would be wrong."""


class Verdict(StrEnum):
    """What the labels show about one category of the second corpus, relative to the first."""

    HIGHER = "higher"
    """Its share is higher."""
    LOWER = "lower"
    """Its share is lower."""
    NOT_ESTABLISHED = "not established"
    """No difference is established, which does not mean that there is none."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One side of a comparison."""

    name: str
    """Name of the corpus."""
    distribution: Distribution
    """Shares of all its labels, which the intervals are of."""
    decisive: Distribution
    """Shares of the planned labels, which decide verdicts: they do not change with labels beyond the plan."""
    complete: bool
    """True when the planned number of labels is reached."""
    grows: bool = True
    """False for published labels, to which none can be added."""

    @classmethod
    def of(cls, name: str, distribution: Distribution, *, complete: bool = True) -> Arm:
        """Make the side of a corpus without labels beyond the plan."""
        return cls(name, distribution, distribution, complete)


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
    """MOVER interval (Newcombe's) for second minus first from all labels, not corrected for the number of tests."""
    p: float
    """Two-sided mid-p of Fisher's exact test on the planned labels, not corrected for the number of tests."""
    p_holm: float
    """The same p-value, adjusted by Holm's method for every category of every pair compared."""
    verdict: Verdict
    """Whether a difference is established: corrected for all tests, and only if the overall test is significant."""
    why: str
    """Why the verdict is "not established" although the interval leaves 0 out; "" where no reason is needed."""
    labels_needed: int | None
    """Labels per corpus at which such a difference gets its verdict in 80 % of cases; never more than a corpus has.

    None where the difference is established, 0 or unknown, where both corpora have that many labels, and below 20
    labels. Of a published sample, which cannot grow, it is the labels of the other corpus."""
    out_of_reach: bool
    """True when labels of one's own alone cannot establish such a difference against a published sample."""

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
    decided_by: tuple[int, int]
    """Documents of each, out of n, that decide the verdicts: those planned beforehand."""
    differences: tuple[Difference, ...]
    """One per category, in scheme order."""
    test: GlobalTest
    """Test of the hypothesis that both corpora hold the same mix."""
    p_overall: float
    """p of that test, adjusted by Holm's method for the number of pairs compared; it gates the verdicts."""
    tests: int
    """Number of category tests that p_holm is corrected for: every category of every pair compared."""
    pairs: int
    """Number of pairs compared at once."""
    distance: TotalVariation
    """Total variation distance between them, from all labels."""
    level: float
    """Confidence level; one minus it is the error rate of all verdicts together."""
    provisional: bool
    """True until both samples reach the n planned beforehand, since optional stopping invalidates the tests."""
    exact: bool
    """True when both corpora were read whole, so that every difference is a fact."""

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
        if self.exact:
            same = all(row.difference == 0 for row in self.differences)
            mix = "have the same mix" if same else "differ in their mix"
            return f"{self.first} and {self.second} {mix}: every document of both was read."
        if self.level < LEAST_LEVEL:
            return f"No verdict at a level below {100 * LEAST_LEVEL:.0f} % ({self.test_words})."
        if self.mixes_differ:
            outcome = f"{self.first} and {self.second} differ in their mix ({self.test_words})."
            return f"Provisional: so far, {outcome}" if self.provisional else outcome
        outcome = f"difference between {self.first} and {self.second} is established ({self.test_words})."
        return f"Provisional: so far, no {outcome}" if self.provisional else f"No {outcome}"

    @property
    def mixes_differ(self) -> bool:
        """Whether the overall test is significant, which gates every verdict."""
        return self.level >= LEAST_LEVEL and self.p_overall < 1 - self.level

    @property
    def test_words(self) -> str:
        """The overall test: "chi2(6) = 19.78, p = .0030, p = .0030 over 3 pairs"."""
        words = f"chi2({self.test.df}) = {self.test.statistic:.2f}, {p_in_words(self.test.p)}"
        if self.test.method != "chi-square":
            words += f" by {self.test.method}"
        if self.pairs > 1:
            words += f", {p_in_words(self.p_overall)} over {self.pairs:,} pairs"
        return words
