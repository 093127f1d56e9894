"""Whether the order inside files is random, judged by the scores of a classifier that read them whole."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpuscope.stats.p_values import holm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ALPHA = 0.01
"""Probability with which a random order is taken for one that is not."""


@dataclass(frozen=True, slots=True)
class FileScores:
    """Sums of the scores of one file, an entry for each category."""

    documents: int
    """Documents of the file."""
    sums: Floats
    """Sum of the scores."""
    squares: Floats
    """Sum of their squares."""
    heads: int
    """Documents among the first rows, from which labels are drawn."""
    head_sums: Floats
    """Sum of the scores of these."""


@dataclass(frozen=True, slots=True)
class HeadOrder:
    """The mean scores of the heads of files against those of the whole files."""

    files: int
    """Files that are longer than their head."""
    heads: int
    """Documents in the heads of these."""
    differences: tuple[float, ...]
    """Mean score of the heads minus that of the whole, for each category."""
    p_values: tuple[float, ...]
    """Holm's p of each difference if the order inside every file is random."""

    @property
    def is_random(self) -> bool:
        """Whether no difference contradicts a random order."""
        return min(self.p_values, default=1.0) >= ALPHA

    @property
    def largest(self) -> int:
        """Position of the category that differs most."""
        return int(np.argmax(np.abs(self.differences)))


def head_order(files: Sequence[FileScores]) -> HeadOrder | None:
    """Test whether heads are like whole files; None where no file is longer than its head.

    In a random order the head of a file is a simple random sample of it without replacement, which gives the variance
    of its mean score exactly; files add up by their number of documents. The z tests are corrected by Holm.

    Cochran (1977), Sampling Techniques, 2.6 (variance) and 5.3 (strata).
    """
    longer = [file for file in files if 0 < file.heads < file.documents]
    if not longer:
        return None
    total = sum(file.documents for file in longer)
    difference, variance = np.zeros(len(longer[0].sums)), np.zeros(len(longer[0].sums))
    for file in longer:
        n, m, share = file.documents, file.heads, file.documents / total
        spread = np.maximum(file.squares - file.sums**2 / n, 0) / (n - 1)
        difference += share * (file.head_sums / m - file.sums / n)
        variance += share**2 * spread / m * (1 - m / n)
    p_values = [
        math.erfc(abs(d) / math.sqrt(2 * v)) if v > 0 else 1.0
        for d, v in zip(difference.tolist(), variance.tolist(), strict=True)
    ]
    heads = sum(file.heads for file in longer)
    return HeadOrder(len(longer), heads, tuple(difference.tolist()), holm(p_values))
