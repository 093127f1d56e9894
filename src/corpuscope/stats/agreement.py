"""How well two readings of the same documents agree, beyond chance."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from corpuscope.stats.intervals import Interval, normal_quantile, wilson

DOMINANT = 0.7
"""Above this share of all readings a category dominates: kappa falls although readers agree, AC1 does not."""

Matrix = Sequence[Sequence[int]]
"""Documents by the category of the first reading (row) and of the second (column)."""

CodesByAnnotator = Sequence[Sequence[int | None]]
"""Category codes per annotator, over the same documents; None where that annotator did not read."""


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa with its sampling error."""

    value: float
    """Agreement beyond chance: 1 perfect, 0 as chance would have it."""
    standard_error: float
    """Large-sample standard error."""
    interval: Interval | None
    """Interval on the logit scale; None where that has no end: at kappa 1 or not above 0."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """Two categories that were taken for each other."""

    one: str
    """The category that comes first in the scheme."""
    other: str
    """The category that comes later."""
    forth: int
    """Documents the first reading put in `one` and the second in `other`."""
    back: int
    """Documents the other way round."""

    @property
    def count(self) -> int:
        """Documents confused either way."""
        return self.forth + self.back


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the readings of one set of documents agree."""

    n: int
    """Documents read at least twice."""
    agreeing: int
    """Documents on which all of their readings agree."""
    percent: Interval
    """Wilson's interval for the share of agreeing documents."""
    kappa: Kappa | None
    """Cohen's kappa; None for more than two annotators or where chance alone agrees fully."""
    ac1: float | None
    """Gwet's AC1; None for more than two annotators or a single category."""
    alpha: float | None
    """Krippendorff's alpha over all annotators, gaps allowed; None where only one category was ever used."""
    dominated: bool
    """True when one category dominates: AC1 then belongs beside kappa."""
    confusions: tuple[Confusion, ...]
    """Confused pairs, the most frequent first, over all pairs of annotators."""

    @property
    def share(self) -> float:
        """Share of agreeing documents, as a fraction; 0 without documents."""
        return self.agreeing / self.n if self.n else 0.0


def agreement(codes: CodesByAnnotator, categories: Sequence[str], *, level: float = 0.95) -> Agreement:
    """Every measure for two or more annotators who read the same documents, with gaps.

    Documents read once say nothing and are left out; without any others, n is 0 and the measures are None.
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
    """Documents by both readings; those read only once are left out."""
    pairs = Counter(zip(first, second, strict=True))
    return tuple(tuple(pairs[i, j] for j in range(categories)) for i in range(categories))


def cohen_kappa(matrix: Matrix, level: float = 0.95) -> Kappa | None:
    """Cohen's kappa, with the interval built on the logit scale so that it ends before 1.

    None where agreement by chance is complete: no documents, or one category used throughout.

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
    """Gwet's AC1: agreement beyond chance that does not collapse when one category dominates.

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
    """Krippendorff's alpha for names without order; any number of annotators, gaps allowed.

    Documents read once are left out. None when fewer than two categories were used.

    Krippendorff (2019), Content Analysis, 4th ed., 12.
    """
    used: Counter[int] = Counter()
    disagreement: float = 0
    for unit in zip(*codes, strict=True):
        seen = Counter(code for code in unit if code is not None)
        m = seen.total()
        if m > 1:
            used += seen
            disagreement += (m * m - sum(c * c for c in seen.values())) / (m - 1)
    total = used.total()
    by_chance = total * total - sum(c * c for c in used.values())
    return 1 - (total - 1) * disagreement / by_chance if by_chance else None


def confusions(codes: CodesByAnnotator, categories: Sequence[str]) -> tuple[Confusion, ...]:
    """Every pair of categories taken for each other, the most frequent first, equal ones in scheme order."""
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
