"""The tables two corpora would give if they held the same mix."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


def permuted(
    counts: Sequence[int], other_counts: Sequence[int], *, resamples: int, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """`resamples` tables with these totals, as the rows of the first corpus and the rows of the other.

    The labels of both are pooled and dealt out anew; the same seed gives the same tables. With two rows that
    is a multivariate hypergeometric draw, which numpy has: scipy.stats need not be loaded.
    """
    import numpy as np

    totals = np.array([a + b for a, b in zip(counts, other_counts, strict=True)], dtype=np.int64)
    first = np.random.default_rng(seed).multivariate_hypergeometric(totals, sum(counts), size=resamples)
    return first, totals - first
