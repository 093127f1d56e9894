"""Statistics of an ordinal scale: the mean, shares of a number or more, and the corpus's own score beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpuscope.stats.agreement import Kappa, weighted_kappa
from corpuscope.stats.distribution import Distribution, interval_of_share
from corpuscope.stats.finite import CENSUS
from corpuscope.stats.interval_kinds import kind_named
from corpuscope.stats.intervals import Interval, normal_quantile
from corpuscope.stats.sample import Sample

MEAN_METHOD = "MOVER over the shares of each number or more"
"""Method of the interval of a mean."""


@dataclass(frozen=True, slots=True)
class ThresholdShare:
    """The share of a number or more."""

    value: float
    """The number."""
    count: int
    """Documents labelled with it or more."""
    share: float
    """Estimated fraction of the corpus."""
    interval: Interval
    """Confidence interval of the fraction."""
    own: float | None = None
    """The same fraction by the corpus's own score, of the labelled documents that have one; None without such."""


@dataclass(frozen=True, slots=True)
class OwnScore:
    """The corpus's own score of the documents labelled."""

    n: int
    """Labelled documents that have a score; each counts once here, whatever its weight."""
    mean: float
    """Mean of their scores."""
    label_mean: float
    """Mean of their labels."""
    difference: Interval | None
    """Interval of the mean of label minus score, paired by document (t); None for fewer than two documents."""
    kappa: Kappa | None
    """Weighted kappa of label and score, rounded to the scale; None where chance alone agrees fully."""


@dataclass(frozen=True, slots=True)
class OrdinalSummary:
    """The summary of one corpus on an ordinal scale."""

    mean: float
    """Estimated mean of the corpus."""
    interval: Interval
    """Its confidence interval."""
    thresholds: tuple[ThresholdShare, ...]
    """The share of each number or more, from the second number on."""
    own: OwnScore | None
    """The corpus's own score; None where no labelled document has one."""
    lacks_score: bool
    """Whether a score was looked for, and no labelled document has one."""

    @property
    def middle(self) -> ThresholdShare:
        """The share of the upper half of the scale: of 0 to 5 that of 3 or more."""
        return self.thresholds[len(self.thresholds) // 2]


def ordinal_summary(
    sample: Sample, distribution: Distribution, weights: Sequence[float] | None
) -> OrdinalSummary | None:
    """Summarise a sample on an ordinal scale; None for a nominal one, without labels, and while labels are pending.

    Intervals are of the kind, level and population of its `distribution`. `weights` are those of the documents in it.
    """
    values, n = sample.values, distribution.n
    if values is None or not n or distribution.pending:
        return None
    thresholds = tuple(_threshold(sample, distribution, weights, i) for i in range(1, len(values)))
    mean, interval = mean_of_scale(
        values,
        [(entry.share, entry.interval) for entry in thresholds],
        distribution.n_effective,
        distribution.level,
    )
    own = own_score(values, sample.codes, sample.scores, distribution.level) if sample.scores else None
    return OrdinalSummary(mean, interval, thresholds, own, own is None and sample.scores is not None)


def _threshold(
    sample: Sample, distribution: Distribution, weights: Sequence[float] | None, code: int
) -> ThresholdShare:
    """Estimate the share of the number with this code or more."""
    assert sample.values is not None, "the scale is ordinal"
    n = distribution.n
    count = sum(share.count for share in distribution.shares[code:])
    share, n_effective = count / n, float(n)
    if weights is not None:
        from corpuscope.stats.weighted import weighted_shares

        above = [int(label >= code) for label in sample.codes]
        estimate = weighted_shares(above, 2, weights=weights)
        share, n_effective = estimate.shares[1], estimate.n_effective_by_category[1]
    interval = interval_of_share(
        kind_named(distribution.kind),
        share,
        n_effective,
        (count, n),
        len(sample.values) - 1,
        distribution.level,
        distribution.population,
    )
    value = sample.values[code]
    return ThresholdShare(value, count, share, interval, share_of_scores(sample.scores or (), value))


def mean_difference(one: OrdinalSummary, other: OrdinalSummary) -> tuple[float, Interval]:
    """Compute the mean of `one` minus that of `other`, with an interval from those of both (MOVER).

    Zou & Donner (2008), Stat. Med. 27:1693.
    """
    difference = one.mean - other.mean
    low = difference - math.hypot(one.mean - one.interval.low, other.interval.high - other.mean)
    high = difference + math.hypot(one.interval.high - one.mean, other.mean - other.interval.low)
    return difference, Interval(low, high, "MOVER", one.interval.level)


def mean_of_scale(
    values: Sequence[float], thresholds: Sequence[tuple[float, Interval]], n: float, level: float
) -> tuple[float, Interval]:
    """Compute the mean of an ordinal scale from the share of each number or more, from the second number on.

    The mean is the lowest number plus each step times the share above it. The interval recovers the variance of the
    sum from the intervals of these shares and the correlation of nested events (MOVER). It stays within the scale, is
    that of the share for two numbers 0 and 1, and has a width where all labels are equal. `n` is the effective size
    of the sample. In seven distributions over 0 to 5 and 20 to 1,000 labels it covered 91 to 99.7 %; the interval by t
    covers 18 % where nearly all labels are equal.

    Zou (2007), Psychol. Methods 12:399; Zou, Huang & Zhang (2009), Comput. Stat. Data Anal. 53:1080.
    """
    steps = [high - low for low, high in pairwise(values)]
    mean = values[0] + sum(step * share for step, (share, _) in zip(steps, thresholds, strict=True))
    z = normal_quantile(level)
    centres = [(share * n + z * z / 2) / (n + z * z) for share, _ in thresholds]
    below = [step * (share - interval.low) for step, (share, interval) in zip(steps, thresholds, strict=True)]
    above = [
        step * (interval.high - share) for step, (share, interval) in zip(steps, thresholds, strict=True)
    ]
    low = max(mean - _reach(below, centres), values[0])
    high = min(mean + _reach(above, centres), values[-1])
    is_exact = all(interval.method == CENSUS for _, interval in thresholds)
    return mean, Interval(low, high, CENSUS if is_exact else MEAN_METHOD, level)


def _reach(parts: Sequence[float], shares: Sequence[float]) -> float:
    """Return the length of a sum of distances whose events are nested, the later within the earlier ones."""
    total = 0.0
    for j, part in enumerate(parts):
        total += part * part
        for k in range(j + 1, len(parts)):
            odds = shares[k] * (1 - shares[j]) / (shares[j] * (1 - shares[k]))
            total += 2 * part * parts[k] * math.sqrt(min(odds, 1.0))
    return math.sqrt(total)


def own_score(
    values: Sequence[float], codes: Sequence[int], scores: Sequence[float | None], level: float
) -> OwnScore | None:
    """Set the corpus's own scores beside the labels of the same documents; None where no document has a score."""
    pairs = [(code, score) for code, score in zip(codes, scores, strict=True) if score is not None]
    if not pairs:
        return None
    n = len(pairs)
    differences = [values[code] - score for code, score in pairs]
    matrix = [[0] * len(values) for _ in values]
    for code, score in pairs:
        matrix[code][min(range(len(values)), key=lambda i: abs(values[i] - score))] += 1
    return OwnScore(
        n=n,
        mean=math.fsum(score for _, score in pairs) / n,
        label_mean=math.fsum(values[code] for code, _ in pairs) / n,
        difference=_paired_interval(differences, level),
        kappa=weighted_kappa(matrix, values, level),
    )


def share_of_scores(scores: Sequence[float | None], value: float) -> float | None:
    """Return the fraction of the known scores that are `value` or more; None without any."""
    present = [score for score in scores if score is not None]
    return sum(score >= value for score in present) / len(present) if present else None


def _paired_interval(differences: Sequence[float], level: float) -> Interval | None:
    """Compute the interval of the mean of paired differences by Student's t; None for fewer than two."""
    n = len(differences)
    if n < 2:
        return None
    from scipy.special import stdtrit

    mean = math.fsum(differences) / n
    variance = math.fsum((difference - mean) ** 2 for difference in differences) / (n - 1)
    reach = float(stdtrit(n - 1, (1 + level) / 2)) * math.sqrt(variance / n)
    return Interval(mean - reach, mean + reach, "paired t", level)
