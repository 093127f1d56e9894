"""Agreement between annotators who labelled the same documents, beyond chance."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from corpuscope.stats.intervals import Interval, normal_quantile, wilson

DOMINANT = 0.7
"""Share of all labels above which a category dominates: kappa then falls although annotators agree, AC1 does not."""

Matrix = Sequence[Sequence[int]]
"""Confusion matrix: documents by the category of the first annotator (row) and of the second (column)."""

CodesByAnnotator = Sequence[Sequence[int | None]]
"""Category codes per annotator, over the same documents; None where that annotator gave no label."""


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa with its sampling error."""

    value: float
    """Agreement beyond chance: 1 is perfect, 0 is what chance gives."""
    standard_error: float
    """Large-sample standard error."""
    interval: Interval | None
    """Interval on the logit scale; None where the logit is infinite or undefined: at kappa 1, or at 0 and below."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """Two categories that annotators confuse."""

    one: str
    """The category that comes first in the scheme."""
    other: str
    """The category that comes later."""
    forth: int
    """Documents that the first annotator put in `one` and the second in `other`."""
    back: int
    """Documents that the first annotator put in `other` and the second in `one`."""

    @property
    def count(self) -> int:
        """Documents confused either way."""
        return self.forth + self.back


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement measures for one set of documents."""

    n: int
    """Documents with at least two labels."""
    agreeing: int
    """Documents whose labels all agree."""
    percent: Interval
    """Wilson's interval for the share of agreeing documents."""
    kappa: Kappa | None
    """Cohen's kappa; None for more than two annotators or where chance alone agrees fully."""
    ac1: float | None
    """Gwet's AC1; None for more than two annotators or a single category."""
    alpha: float | None
    """Krippendorff's alpha over all annotators, gaps allowed; None where only one category was ever used."""
    dominated: bool
    """True when one category dominates: AC1 should then be reported beside kappa."""
    confusions: tuple[Confusion, ...]
    """Confused pairs of categories over all pairs of annotators, the most frequent first."""

    @property
    def share(self) -> float:
        """Share of agreeing documents, as a fraction; 0 without documents."""
        return self.agreeing / self.n if self.n else 0.0


def agreement(codes: CodesByAnnotator, categories: Sequence[str], *, level: float = 0.95) -> Agreement:
    """Compute every agreement measure for two or more annotators; gaps are allowed.

    Documents with fewer than two labels are left out. Where none is left, n is 0 and the measures are None.
    """
    units = [[code for code in unit if code is not None] for unit in zip(*codes, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    agreeing = sum(len(set(unit)) == 1 for unit in units)
    used = Counter(code for unit in units for code in unit)
    two = len(codes) == 2 and bool(units)
    matrix = confusion_matrix(codes[0], codes[1], len(categories)) if two else ()
    return Agreement(
        n=len(units),
        agreeing=agreeing,
        percent=wilson(agreeing, len(units), level),
        kappa=cohen_kappa(matrix, level) if two else None,
        ac1=gwet_ac1(matrix) if two else None,
        alpha=krippendorff_alpha(codes),
        dominated=bool(used) and max(used.values()) > DOMINANT * used.total(),
        confusions=confusions(codes, categories),
    )


def confusion_matrix(
    first: Sequence[int | None], second: Sequence[int | None], categories: int
) -> tuple[tuple[int, ...], ...]:
    """Count documents by the codes of two annotators; documents that only one of them labelled are left out."""
    pairs = Counter(zip(first, second, strict=True))
    return tuple(tuple(pairs[i, j] for j in range(categories)) for i in range(categories))


def cohen_kappa(matrix: Matrix, level: float = 0.95) -> Kappa | None:
    """Compute Cohen's kappa, with an interval on the logit scale so that it ends before 1.

    None where chance alone agrees fully: without documents, or with one category throughout.

    Cohen (1960), Educ. Psychol. Meas. 20:37; Fleiss, Cohen & Everitt (1969), Psychol. Bull. 72:323.
    """
    rows, columns = _margins(matrix)
    n = sum(rows)
    if n == 0 or max(r + c for r, c in zip(rows, columns, strict=True)) == 2 * n:
        return None
    size = range(len(matrix))
    observed = sum(matrix[i][i] for i in size) / n
    chance = sum(rows[i] * columns[i] for i in size) / n**2
    value = (observed - chance) / (1 - chance)
    spread = sum(
        matrix[i][j] / n * ((i == j) - (rows[j] + columns[i]) / n * (1 - value)) ** 2
        for i in size
        for j in size
    )
    variance = (spread - (value - chance * (1 - value)) ** 2) / n
    error = math.sqrt(max(0.0, variance)) / (1 - chance)
    return Kappa(value, error, _logit_interval(value, error, level))


def gwet_ac1(matrix: Matrix) -> float | None:
    """Compute Gwet's AC1, which does not collapse when one category dominates.

    None without documents or with a single category.

    Gwet (2008), Br. J. Math. Stat. Psychol. 61:29.
    """
    rows, columns = _margins(matrix)
    n, size = sum(rows), len(matrix)
    if n == 0 or size < 2:
        return None
    means = [(row + column) / (2 * n) for row, column in zip(rows, columns, strict=True)]
    chance = sum(mean * (1 - mean) for mean in means) / (size - 1)
    observed = sum(matrix[i][i] for i in range(size)) / n
    return (observed - chance) / (1 - chance)


def krippendorff_alpha(codes: CodesByAnnotator) -> float | None:
    """Compute Krippendorff's alpha for nominal categories; any number of annotators, gaps allowed.

    Documents with fewer than two labels are left out. None when fewer than two categories were used.

    Krippendorff (2019), Content Analysis, 4th ed., 12.
    """
    used: Counter[int] = Counter()
    disagreement: float = 0
    for unit in zip(*codes, strict=True):
        counts = Counter(code for code in unit if code is not None)
        m = counts.total()
        if m > 1:
            used += counts
            disagreement += (m * m - sum(c * c for c in counts.values())) / (m - 1)
    total = used.total()
    by_chance = total * total - sum(c * c for c in used.values())
    return 1 - (total - 1) * disagreement / by_chance if by_chance else None


def confusions(codes: CodesByAnnotator, categories: Sequence[str]) -> tuple[Confusion, ...]:
    """List the confused pairs of categories, the most frequent first; equal ones are in scheme order."""
    counts: Counter[tuple[int, int]] = Counter()
    for first, second in combinations(codes, 2):
        counts.update(
            (a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None and a != b
        )
    pairs = [
        Confusion(categories[i], categories[j], counts[i, j], counts[j, i])
        for i, j in combinations(range(len(categories)), 2)
        if counts[i, j] + counts[j, i]
    ]
    return tuple(sorted(pairs, key=lambda pair: -pair.count))


def _margins(matrix: Matrix) -> tuple[list[int], list[int]]:
    return [sum(row) for row in matrix], [sum(row[j] for row in matrix) for j in range(len(matrix))]


def _logit_interval(kappa: float, error: float, level: float) -> Interval | None:
    if not 0 < kappa < 1:
        return None
    centre = math.log(kappa / (1 - kappa))
    reach = normal_quantile(level) * error / (kappa * (1 - kappa))
    low, high = (1 / (1 + math.exp(-end)) for end in (centre - reach, centre + reach))
    return Interval(low, high, "logit", level)
