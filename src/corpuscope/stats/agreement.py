"""Agreement between annotators who labelled the same documents, beyond chance."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

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
    """Interval on Fisher's z scale; None at kappa 1 and -1, where z is infinite."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """An agreement coefficient with a jackknife interval."""

    value: float
    """Agreement beyond chance: 1 is perfect, 0 is what chance gives."""
    interval: Interval | None
    """Interval on Fisher's z scale; None at 1 and -1, and for a single document."""


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
    ac1: Coefficient | None
    """Gwet's AC1; None for more than two annotators or a single category."""
    alpha: Coefficient | None
    """Krippendorff's alpha over all annotators, gaps allowed; None where only one category was ever used.

    On an ordinal scale it is that of the interval metric, by which near misses count less."""
    weighted_kappa: Kappa | None
    """Cohen's kappa with quadratic weights, on an ordinal scale; None elsewhere and where `kappa` is."""
    dominated: bool
    """True when one category dominates: AC1 should then be reported beside kappa."""

    @property
    def share(self) -> float:
        """Share of agreeing documents, as a fraction; 0 without documents."""
        return self.agreeing / self.n if self.n else 0.0


def agreement(
    codes: CodesByAnnotator,
    categories: Sequence[str],
    *,
    values: Sequence[float] | None = None,
    level: float = 0.95,
) -> Agreement:
    """Compute every agreement measure for two or more annotators; gaps are allowed.

    `values` are the numbers of an ordinal scale, one per category, None for a nominal one. Documents with fewer than
    two labels are left out. Where none is left, n is 0 and the measures are None.
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
        ac1=_ac1(matrix, level) if two else None,
        alpha=_alpha(codes, values, level),
        weighted_kappa=weighted_kappa(matrix, values, level) if two and values else None,
        dominated=bool(used) and max(used.values()) > DOMINANT * used.total(),
    )


def confusion_matrix(
    first: Sequence[int | None], second: Sequence[int | None], categories: int
) -> tuple[tuple[int, ...], ...]:
    """Count documents by the codes of two annotators; documents that only one of them labelled are left out."""
    pairs = Counter(zip(first, second, strict=True))
    return tuple(tuple(pairs[i, j] for j in range(categories)) for i in range(categories))


def cohen_kappa(matrix: Matrix, level: float = 0.95) -> Kappa | None:
    """Compute Cohen's kappa, with an interval on Fisher's z scale so that it ends before 1.

    None where chance alone agrees fully: without documents, or with one category throughout.

    Cohen (1960), Educ. Psychol. Meas. 20:37; Fleiss, Cohen & Everitt (1969), Psychol. Bull. 72:323.
    """
    size = range(len(matrix))
    return _kappa(matrix, [[int(i == j) for j in size] for i in size], level)


def weighted_kappa(matrix: Matrix, values: Sequence[float], level: float = 0.95) -> Kappa | None:
    """Compute Cohen's kappa of an ordinal scale with quadratic weights: a miss counts by its squared distance.

    `values` are the numbers of the categories. None where chance alone agrees fully, as for `cohen_kappa`.

    Cohen (1968), Psychol. Bull. 70:213; Fleiss, Cohen & Everitt (1969), Psychol. Bull. 72:323.
    """
    widest = (max(values) - min(values)) ** 2 or 1.0
    return _kappa(matrix, [[1 - (one - other) ** 2 / widest for other in values] for one in values], level)


def _kappa(matrix: Matrix, weights: Sequence[Sequence[float]], level: float) -> Kappa | None:
    """Compute kappa with weights of agreement, 1 on the diagonal."""
    rows, columns = _margins(matrix)
    n = sum(rows)
    if n == 0 or max(r + c for r, c in zip(rows, columns, strict=True)) == 2 * n:
        return None
    size = range(len(matrix))
    cells = [(i, j) for i in size for j in size]
    observed = sum(matrix[i][j] * weights[i][j] for i, j in cells) / n
    chance = sum(rows[i] * columns[j] * weights[i][j] for i, j in cells) / n**2
    value = (observed - chance) / (1 - chance)
    of_row = [sum(columns[j] * weights[i][j] for j in size) for i in size]
    of_column = [sum(rows[i] * weights[i][j] for i in size) for j in size]
    spread = sum(
        matrix[i][j] / n * (weights[i][j] - (of_column[j] + of_row[i]) / n * (1 - value)) ** 2
        for i, j in cells
    )
    variance = (spread - (value - chance * (1 - value)) ** 2) / n
    error = math.sqrt(max(0.0, variance)) / (1 - chance)
    return Kappa(value, error, fisher_z_interval(value, error, level))


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


def _ac1(matrix: Matrix, level: float) -> Coefficient | None:
    """Compute AC1 with the jackknife; documents of one cell are alike, so each cell is left out once."""
    cells = [(i, j) for i, row in enumerate(matrix) for j, count in enumerate(row) if count]

    def without(i: int, j: int) -> list[list[int]]:
        return [[count - ((i, j) == (a, b)) for b, count in enumerate(row)] for a, row in enumerate(matrix)]

    return _coefficient(gwet_ac1(matrix), ((gwet_ac1(without(i, j)), matrix[i][j]) for i, j in cells), level)


def krippendorff_alpha(codes: CodesByAnnotator, values: Sequence[float] | None = None) -> float | None:
    """Compute Krippendorff's alpha; any number of annotators, gaps allowed.

    It is that of nominal categories, or with `values`, the numbers of an ordinal scale, of the interval metric.
    Documents with fewer than two labels are left out. None when fewer than two categories were used.

    Krippendorff (2019), Content Analysis, 4th ed., 12.
    """
    return _alpha_of(_units(codes), values)


def _alpha(codes: CodesByAnnotator, values: Sequence[float] | None, level: float) -> Coefficient | None:
    """Compute alpha with the jackknife over documents; those with the same labels are left out once for all."""
    units = _units(codes)

    def without(unit: _Unit) -> float | None:
        return _alpha_of({**units, unit: units[unit] - 1}, values)

    return _coefficient(
        krippendorff_alpha(codes, values), ((without(unit), times) for unit, times in units.items()), level
    )


_Unit = tuple[tuple[int, int], ...]
"""The labels of one document: each code with the number of annotators who gave it."""


def _units(codes: CodesByAnnotator) -> Counter[_Unit]:
    """Count the documents with two or more labels by what their labels are."""
    counts = (Counter(code for code in unit if code is not None) for unit in zip(*codes, strict=True))
    return Counter(tuple(sorted(count.items())) for count in counts if count.total() > 1)


def _alpha_of(units: Mapping[_Unit, int], values: Sequence[float] | None) -> float | None:
    used: Counter[int] = Counter()
    disagreement: float = 0
    for unit, times in units.items():
        m = sum(count for _, count in unit)
        disagreement += times * _distances(unit, values) / (m - 1)
        for code, count in unit:
            used[code] += times * count
    total = used.total()
    by_chance = _distances(tuple(used.items()), values)
    return 1 - (total - 1) * disagreement / by_chance if by_chance else None


def _distances(counts: _Unit, values: Sequence[float] | None) -> float:
    """Sum the distances of all pairs of labels: 1 for other categories, or the squared one of their `values`."""
    total = sum(count for _, count in counts)
    if values is None:
        return total * total - sum(count * count for _, count in counts)
    # the sum of (a - b)^2 over all pairs is 2 (n sum a^2 - (sum a)^2)
    first = sum(count * values[code] for code, count in counts)
    squares = sum(count * values[code] ** 2 for code, count in counts)
    return 2 * (total * squares - first * first)


def _margins(matrix: Matrix) -> tuple[list[int], list[int]]:
    return [sum(row) for row in matrix], [sum(row[j] for row in matrix) for j in range(len(matrix))]


def fisher_z_interval(value: float, error: float, level: float = 0.95) -> Interval | None:
    """Compute the interval of an agreement coefficient on Fisher's z scale; None at 1 and -1, where z is infinite.

    Unlike the logit scale it holds 0 and less. It covers 95 % for kappas from 0 to .75 and 100 documents.

    Fisher (1921), Metron 1:3.
    """
    if not -1 < value < 1 or not math.isfinite(error):
        return None
    centre, reach = math.atanh(value), normal_quantile(level) * error / (1 - value * value)
    return Interval(math.tanh(centre - reach), math.tanh(centre + reach), "Fisher z", level)


def _coefficient(
    value: float | None, without_one: Iterable[tuple[float | None, int]], level: float
) -> Coefficient | None:
    """Give a coefficient its jackknife error; `without_one` are its values without one document, and how often each."""
    if value is None:
        return None
    values = [(left, times) for left, times in without_one if left is not None]
    n = sum(times for _, times in values)
    if n < 2:
        return Coefficient(value, None)
    mean = sum(left * times for left, times in values) / n
    variance = (n - 1) / n * sum(times * (left - mean) ** 2 for left, times in values)
    return Coefficient(value, fisher_z_interval(value, math.sqrt(variance), level))
