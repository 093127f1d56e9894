"""Decides which samples can be counted the way that was asked for, and says why the others cannot."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpuscope.stats.distribution import Weighting
from corpuscope.stats.sample import Sample
from corpuscope.stats.summary import Summary, summarise


@dataclass(frozen=True, slots=True)
class Overview:
    """A summary of the corpora that can be counted, and sentences about the others."""

    summary: Summary
    """Of the corpora that can."""
    left_out: tuple[str, ...] = ()
    """One sentence per corpus that cannot."""


def overview(
    samples: Sequence[Sample],
    *,
    level: float = 0.95,
    interval: str = "wilson",
    weighting: Weighting = "documents",
) -> Overview:
    """The summary of the samples that have what `weighting` counts. An unknown interval is a UsageError."""
    kept, left_out = countable(samples, weighting)
    return Overview(summarise(kept, level=level, interval=interval, weighting=weighting), left_out)


def countable(samples: Sequence[Sample], weighting: Weighting) -> tuple[tuple[Sample, ...], tuple[str, ...]]:
    """The samples that have what `weighting` counts, and a sentence about each that has not."""
    if weighting == "documents":
        return tuple(samples), ()
    kept = tuple(sample for sample in samples if sample.tokens is not None)
    left_out = tuple(
        f"{sample.corpus} has no token counts, so its shares can be counted in documents only."
        for sample in samples
        if sample.tokens is None
    )
    return kept, left_out
