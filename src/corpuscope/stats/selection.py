"""A filter by one score of a classifier: what it keeps, and how well, judged on labelled documents."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpuscope.errors import UsageError, nearest
from corpuscope.stats.intervals import Interval, wilson
from corpuscope.stats.weighted import weighted_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Marks = NDArray[np.bool_]

_RULE = re.compile(r"\s*(?P<category>.+?)\s*(?P<operator>>=|<)\s*(?P<threshold>[-+]?(\d+\.?\d*|\.\d+))\s*")

_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Distances between two thresholds of a curve."""

_MOST_STEPS = 20
"""Steps of a curve from its first threshold to its last, at most."""


@dataclass(frozen=True, slots=True)
class KeepRule:
    """A filter that keeps the documents with a high score of one category, or with a low one."""

    category: str
    """Name of the category."""
    high: bool
    """True to keep scores of at least the threshold, False to keep those below it."""
    threshold: float
    """The threshold."""

    def __str__(self) -> str:
        return f"{self.category}{'>=' if self.high else '<'}{self.threshold:g}"

    def keeps(self, scores: Floats, threshold: float | None = None) -> Marks:
        """Mark the scores of the category that the rule keeps, at its own threshold unless another is given."""
        threshold = self.threshold if threshold is None else threshold
        marks: Marks = scores >= threshold if self.high else scores < threshold
        return marks


def parse_rule(text: str, categories: Sequence[str]) -> KeepRule:
    """Parse a rule such as `Educational>=0.6` or `Advertising<0.3`. Raises UsageError."""
    match = _RULE.fullmatch(text)
    if match is None:
        raise UsageError(
            f"--keep {text}: not a rule", "write CATEGORY>=SCORE or CATEGORY<SCORE, as in 'Educational>=0.6'"
        )
    if match["category"] not in categories:
        raise UsageError(
            f"--keep {text}: there is no category {match['category']}", nearest(match["category"], categories)
        )
    return KeepRule(match["category"], match["operator"] == ">=", float(match["threshold"]))


def thresholds(scores: Floats) -> tuple[float, ...]:
    """Return thresholds for a curve: round numbers between the lowest and the highest score."""
    low, high = float(scores.min()), float(scores.max())
    step = next((step for step in _STEPS if high - low <= _MOST_STEPS * step), high - low)
    first, last = math.ceil(low / step), math.floor(high / step)
    return tuple(round(number * step, 10) for number in range(first, last + 1))


@dataclass(frozen=True, slots=True)
class Proportion:
    """An estimated proportion of documents or tokens."""

    value: float
    """The estimate, from 0 to 1."""
    interval: Interval
    """Its interval, at the effective number of documents."""
    documents: int
    """Labelled documents that it is a proportion of."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What a rule does at one threshold. A proportion is None where no labelled document is counted in it."""

    threshold: float
    """The threshold."""
    kept: Proportion | None
    """Share of the documents that are kept."""
    kept_tokens: Proportion | None
    """The same of tokens, or of characters where the corpus counts no tokens."""
    precision: Proportion | None
    """Share of the kept documents that belong: to the category, or for a rule with `<` to any other."""
    recall: Proportion | None
    """Share of the documents that belong which are kept."""
    by_category: tuple[Proportion | None, ...]
    """Share of each category's documents that are kept."""
    tokens_by_category: tuple[Proportion | None, ...]
    """The same of tokens."""


def selection(
    rule: KeepRule,
    codes: Sequence[int],
    scores: Floats,
    categories: Sequence[str],
    *,
    weights: Sequence[float] | None = None,
    sizes: Sequence[float] | None = None,
    threshold: float | None = None,
    level: float = 0.95,
) -> Selection:
    """Estimate precision, recall and what is kept from labels `codes` and the category's out-of-sample `scores`.

    `weights` are inverse inclusion probabilities and `sizes` the tokens of each document. Intervals are Wilson's at
    the effective number of documents of `weighted_shares`.
    """
    labels = np.asarray(codes)
    kept = rule.keeps(scores, threshold)
    own = labels == list(categories).index(rule.category)
    belongs = own if rule.high else ~own
    w = np.ones(len(labels)) if weights is None else np.asarray(weights, dtype=float)
    tokens = w if sizes is None else w * np.asarray(sizes, dtype=float)
    of_category = [labels == i for i in range(len(categories))]
    return Selection(
        rule.threshold if threshold is None else threshold,
        kept=_proportion(kept, np.ones(len(labels), bool), w, level),
        kept_tokens=_proportion(kept, np.ones(len(labels), bool), tokens, level),
        precision=_proportion(belongs, kept, w, level),
        recall=_proportion(kept, belongs, w, level),
        by_category=tuple(_proportion(kept, marks, w, level) for marks in of_category),
        tokens_by_category=tuple(_proportion(kept, marks, tokens, level) for marks in of_category),
    )


def _proportion(counted: Marks, among: Marks, weights: Floats, level: float) -> Proportion | None:
    """Return the weighted share of the documents `among` that are `counted`; None without any."""
    if weights[among].sum() <= 0:
        return None
    codes, documents = counted[among].astype(int).tolist(), int(among.sum())
    estimated = weighted_shares(codes, 2, weights=weights[among].tolist())
    value, n = min(1.0, estimated.shares[1]), estimated.n_effective_by_category[1]
    return Proportion(value, wilson(value * n, n, level), documents)
