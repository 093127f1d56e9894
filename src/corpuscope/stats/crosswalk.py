"""Labels of one scheme counted as labels of the seven built-in categories, with what that leaves in doubt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from corpuscope.stats.distribution import Distribution
from corpuscope.stats.reference import SEVEN, CrossedShare, CrosswalkEntry, apply_crosswalk
from corpuscope.stats.sample import Sample


@dataclass(frozen=True, slots=True)
class CrossedShares:
    """The shares of one corpus crossed to the seven categories."""

    distribution: Distribution
    """Shares of the seven, with their intervals."""
    doubts: tuple[CrossedShare, ...]
    """Least and most that the doubts of the cross-walk leave open, for each of the seven."""
    doubtful: int
    """Documents of categories that may belong elsewhere."""


def crossed_sample(sample: Sample) -> Sample:
    """Return the sample with its labels among the seven. Raises ValueError where its scheme has no cross-walk."""
    if sample.crosswalk is None:
        raise ValueError(f"the categories of {sample.corpus} have no cross-walk")
    code_of = [SEVEN.index(names[0]) for names in sample.crosswalk]
    return replace(
        sample,
        categories=SEVEN,
        codes=tuple(code_of[code] for code in sample.codes),
        crosswalk=None,
        values=None,
        scores=None,
    )


def crossed_shares(sample: Sample, own: Distribution, crossed: Distribution) -> CrossedShares:
    """Put the shares of the crossed sample beside the doubts that follow from the shares in its `own` categories."""
    entries = [
        CrosswalkEntry(share.category, 100 * share.share, names[0], names[1:])
        for share, names in zip(own.shares, sample.crosswalk or (), strict=True)
    ]
    return CrossedShares(crossed, apply_crosswalk(entries), doubtful_labels(sample))


def doubtful_labels(sample: Sample) -> int:
    """Count the documents of categories that may belong elsewhere among the seven."""
    return sum(
        count for count, names in zip(sample.counts, sample.crosswalk or (), strict=True) if len(names) > 1
    )
