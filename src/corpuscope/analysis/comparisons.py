"""Summaries and pairwise comparisons of samples, with warnings and with reasons for what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

from corpuscope.analysis.protocol import LabellingProtocol
from corpuscope.analysis.references import aligned
from corpuscope.errors import UsageError
from corpuscope.stats.comparison import Comparison
from corpuscope.stats.crosswalk import crossed_sample, doubtful_labels
from corpuscope.stats.distribution import Weighting
from corpuscope.stats.family_of_tests import check_comparable
from corpuscope.stats.reference import SEVEN
from corpuscope.stats.sample import Sample
from corpuscope.stats.summarise import summarise, why_not_counted
from corpuscope.stats.summary import CorpusSummary, Summary, shared_warnings
from corpuscope.text.quantities import quantity


@dataclass(frozen=True, slots=True)
class SummaryWithExclusions:
    """A summary of the corpora that can be counted, with a reason for each of the others."""

    summary: Summary
    """Summary of the corpora that can be counted."""
    left_out: tuple[str, ...] = ()
    """One sentence per corpus left out."""


def summarise_countable(
    samples: Sequence[Sample],
    *,
    level: float = 0.95,
    interval: str = "wilson",
    weighting: Weighting = "documents",
) -> SummaryWithExclusions:
    """Summarise the samples that can be counted by `weighting`. Raises UsageError for an unknown interval."""
    included, left_out = countable(samples, weighting)
    return SummaryWithExclusions(
        summarise(included, level=level, interval=interval, weighting=weighting), left_out
    )


def countable(samples: Sequence[Sample], weighting: Weighting) -> tuple[tuple[Sample, ...], tuple[str, ...]]:
    """Return the samples that can be counted by `weighting`, and a sentence about each of the others."""
    reasons = [why_not_counted(sample, weighting) for sample in samples]
    included = tuple(sample for sample, reason in zip(samples, reasons, strict=True) if not reason)
    left_out = tuple(f"{reason}." for reason in reasons if reason)
    return included, left_out


@dataclass(frozen=True, slots=True)
class CorpusComparison:
    """The comparison of a second corpus with a first one."""

    first: CorpusSummary
    """Summary of the baseline corpus."""
    second: CorpusSummary
    """Summary of the corpus compared with it."""
    comparison: Comparison
    """Differences, tests and verdicts."""
    warnings: tuple[str, ...]
    """Reasons to doubt the comparison, in sentences."""


@dataclass(frozen=True, slots=True)
class CorpusComparisons:
    """All pairs of corpora that can be compared, with a reason for each of the others."""

    pairs: tuple[CorpusComparison, ...]
    """One's own corpora with each other first, then each with every reference."""
    left_out: tuple[str, ...] = ()
    """One sentence per corpus or pair left out."""


def compare_corpora(
    own: Sequence[Sample],
    references: Sequence[Sample] = (),
    protocol: LabellingProtocol | None = None,
    *,
    level: float = 0.95,
    weighting: Weighting = "documents",
) -> CorpusComparisons:
    """Compare one's own corpora with each other and with every reference.

    Without corpora of one's own, the references are compared with each other. Corpora without token counts, where
    tokens are counted, and references with other categories are left out with a sentence. With references in the seven
    built-in categories, corpora whose scheme has a cross-walk to them are compared by it. `protocol` is None where
    it is not recorded how the labels were given.
    """
    published_samples = aligned(references, own)
    crossed = _crossed(own, published_samples)
    included, left_out = countable((*own, *published_samples), weighting)
    included = (*included, *countable(tuple(crossed.values()), weighting)[0])
    summary = summarise(included, level=level, weighting=weighting)
    names_of_references = {sample.corpus for sample in published_samples}
    own_names = {sample.corpus for sample in own}
    ours = [sample.corpus for sample in included if sample.corpus in own_names]
    published = [sample.corpus for sample in included if sample.corpus in names_of_references]
    own_name_of = {sample.corpus: name for name, sample in crossed.items()}
    protocol = protocol or LabellingProtocol(())
    names, incomparable = [], []
    for first, second in (
        [*combinations(ours, 2), *product(ours, published)] if own else combinations(published, 2)
    ):
        if first in crossed and summary.of(second).distribution.categories == SEVEN:
            first = crossed[first].corpus  # noqa: PLW2901 - the same corpus in other categories
        try:
            check_comparable(summary.of(first).arm, summary.of(second).arm)
        except UsageError as error:
            incomparable.append(f"{error.message}: {error.hint}." if error.hint else f"{error.message}.")
        else:
            names.append((first, second))
    pairs = []
    for comparison in summary.compare(names):
        both = summary.of(comparison.first), summary.of(comparison.second)
        doubts = [*shared_warnings(both), *filter(None, map(_replanned, both))]
        first, second = comparison.first, comparison.second
        if (name := own_name_of.get(first)) is not None:
            doubts.append(_crossing_words(next(sample for sample in own if sample.corpus == name)))
            first = name
        if all(comparison.n):
            doubts += protocol.warnings(first, second)
        pairs.append(CorpusComparison(*both, comparison, tuple(doubts)))
    return CorpusComparisons(tuple(pairs), (*left_out, *incomparable))


def _crossed(own: Sequence[Sample], references: Sequence[Sample]) -> dict[str, Sample]:
    """Return one's own samples crossed to the seven categories, by corpus; none without references in them."""
    if not any(reference.categories == SEVEN for reference in references):
        return {}
    return {
        sample.corpus: replace(crossed_sample(sample), corpus=f"{sample.corpus} (crossed)")
        for sample in own
        if sample.crosswalk is not None
    }


def _crossing_words(sample: Sample) -> str:
    return (
        f"{sample.corpus} was labelled in other categories, of which some may belong elsewhere among the seven: that "
        f"concerns {doubtful_labels(sample):,} of its {quantity(sample.n, 'label')}. The cross-walk is a proposal."
    )


def _replanned(corpus: CorpusSummary) -> str:
    """Warn of a planned number of labels that was changed after labelling began; "" where it was not."""
    source = corpus.provenance
    if not source.replanned:
        return ""
    before = ", then ".join(f"{target:,}" for target, _, _ in source.replanned)
    _, labels, at = source.replanned[-1]
    since = f"since {at[:10]}, after" if at else "after"
    return (
        f"Replanned: {before} labels of {corpus.corpus} were planned at first, {source.planned or 0:,} {since} "
        f"{quantity(labels, 'label')}: a verdict is as sure as it says only with a number fixed beforehand."
    )
