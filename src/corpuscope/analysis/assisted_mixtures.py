"""Assisted shares in mixtures: the summaries of the corpora with the shares that a classifier narrows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpuscope.analysis.assisted import estimate
from corpuscope.analysis.study_reading import StudyReading
from corpuscope.domain.mix import MixUnit
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.stats.sample import Sample
from corpuscope.stats.summary import CorpusSummary


@dataclass(frozen=True, slots=True)
class AssistedSummaries:
    """Summaries of the corpora of a mixture, assisted where that is possible."""

    summaries: Mapping[str, CorpusSummary]
    """Summaries by corpus key; those that a classifier cannot assist are of the labels alone."""
    pools: Mapping[str, int]
    """Documents that the classifier read, of each corpus that it assists."""
    refused: tuple[str, ...]
    """Why each of the others has none, in sentences."""


def with_assistance(
    summaries: Mapping[MixUnit, Mapping[str, CorpusSummary]],
    samples: Sequence[Sample],
    decisions: Decisions,
    reading: StudyReading,
    level: float = 0.95,
) -> dict[MixUnit, AssistedSummaries]:
    """Replace the shares of `summaries`, by unit of a mix, by assisted ones in the unit of each.

    `samples` are those of one's own labels. Bounds for skips stay, and so do the planned labels, by which verdicts are
    decided.
    """
    return {by: _assisted(of_unit, samples, decisions, reading, level) for by, of_unit in summaries.items()}


def _assisted(
    summaries: Mapping[str, CorpusSummary],
    samples: Sequence[Sample],
    decisions: Decisions,
    reading: StudyReading,
    level: float,
) -> AssistedSummaries:
    assisted, pools = dict(summaries), {}
    refused: list[str] = []
    for sample in samples:
        summary = summaries.get(sample.corpus)
        if summary is None or summary.provenance.published:
            continue
        own = summary.distribution
        study = estimate(decisions, [sample], reading, level=level, weighting=own.weighting)
        refused += study.refused
        for corpus in study.corpora:
            shares = [
                replace(share, bounds=alone.bounds)
                for share, alone in zip(corpus.assisted.shares, own.shares, strict=True)
            ]
            distribution = replace(corpus.assisted, shares=tuple(shares), skipped=own.skipped)
            assisted[sample.corpus] = replace(summary, distribution=distribution)
            pools[sample.corpus] = corpus.pool
    return AssistedSummaries(assisted, pools, tuple(refused))
