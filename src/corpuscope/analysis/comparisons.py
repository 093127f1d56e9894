"""Samples that can be counted as asked for, and pairs of corpora with all that has to be said about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

from corpuscope.analysis.protocol import LabellingProtocol
from corpuscope.analysis.references import aligned
from corpuscope.errors import UsageError
from corpuscope.stats.comparison import Comparison
from corpuscope.stats.distribution import Weighting
from corpuscope.stats.sample import Sample
from corpuscope.stats.summary import CorpusSummary, Summary, summarise


@dataclass(frozen=True, slots=True)
class SummaryWithExclusions:
    """A summary of the corpora that can be counted, and sentences about the others."""

    summary: Summary
    """Of the corpora that can."""
    left_out: tuple[str, ...] = ()
    """One sentence per corpus that cannot."""


def summarise_countable(
    samples: Sequence[Sample],
    *,
    level: float = 0.95,
    interval: str = "wilson",
    weighting: Weighting = "documents",
) -> SummaryWithExclusions:
    """The summary of the samples that have what `weighting` counts. An unknown interval is a UsageError."""
    kept, left_out = countable(samples, weighting)
    return SummaryWithExclusions(
        summarise(kept, level=level, interval=interval, weighting=weighting), left_out
    )


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


@dataclass(frozen=True, slots=True)
class CorpusComparison:
    """Two corpora, the second measured by the first."""

    first: CorpusSummary
    """The corpus measured from."""
    second: CorpusSummary
    """The corpus measured."""
    comparison: Comparison
    """How they differ."""
    warnings: tuple[str, ...]
    """What stands against believing it, in sentences."""


@dataclass(frozen=True, slots=True)
class CorpusComparisons:
    """Every pair that could be made, and sentences about what could not."""

    pairs: tuple[CorpusComparison, ...]
    """One's own corpora with each other first, then each with every reference."""
    left_out: tuple[str, ...] = ()
    """One sentence per corpus or pair that is missing."""


def compare_corpora(
    own: Sequence[Sample],
    references: Sequence[Sample] = (),
    protocol: LabellingProtocol | None = None,
    *,
    level: float = 0.95,
    weighting: Weighting = "documents",
) -> CorpusComparisons:
    """Compares one's own corpora with each other and with every reference; without any, the references.

    Corpora without token counts, where tokens are asked for, and references with other categories are left
    out with a sentence. `protocol` None means that nobody knows how the labels were given.
    """
    kept, left_out = countable((*own, *aligned(references, own)), weighting)
    summary = summarise(kept, level=level, weighting=weighting)
    mine = {sample.corpus for sample in own}
    ours = [sample.corpus for sample in kept if sample.corpus in mine]
    theirs = [sample.corpus for sample in kept if sample.corpus not in mine]
    protocol = protocol or LabellingProtocol(())
    pairs, refused = [], []
    for first, second in [*combinations(ours, 2), *product(ours, theirs)] if own else combinations(theirs, 2):
        try:
            comparison = summary.compare(first, second)
        except UsageError as fault:
            refused.append(f"{fault.message}: {fault.hint}." if fault.hint else f"{fault.message}.")
        else:
            both = summary.of(first), summary.of(second)
            replanned = tuple(filter(None, map(_replanned, both)))
            pairs.append(CorpusComparison(*both, comparison, (*replanned, *protocol.warnings(first, second))))
    return CorpusComparisons(tuple(pairs), (*left_out, *refused))


def _replanned(corpus: CorpusSummary) -> str:
    """A sentence about a number of labels that was changed on the way; "" where none was."""
    source = corpus.provenance
    if not source.replanned:
        return ""
    before = ", then ".join(f"{planned:,}" for planned, _ in source.replanned)
    return (
        f"Replanned: {before} labels of {corpus.corpus} were planned at first, {source.planned or 0:,} since "
        f"{source.replanned[-1][1]:,} were given: a verdict is as sure as it says only with a number fixed beforehand."
    )
