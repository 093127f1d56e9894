"""Assisted shares: labels corrected by a classifier that was trained on them and has read the pools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corpuscope.analysis.classifier import Classifier
from corpuscope.analysis.study_reading import StudyReading, refusal, usable_rows, why_unusable
from corpuscope.domain.answer import ModelAnswers
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.sampling.pool import Pool
from corpuscope.stats.assisted import LEAST_GAIN, PoolMeans, assisted_shares, pool_means
from corpuscope.stats.distribution import Distribution, Weighting, weighted_distribution
from corpuscope.stats.head_order import HeadOrder
from corpuscope.stats.sample import Sample
from corpuscope.stats.summarise import sizes_of, summarise
from corpuscope.stats.summary import CorpusSummary
from corpuscope.stats.weighted import kish, normal_over_t

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


FEW_EFFECTIVE = 0.25
"""Effective fraction of the labels below which shares of tokens or characters cover less than they say."""


@dataclass(frozen=True, slots=True)
class AssistedCorpus:
    """The assisted shares of one corpus beside those of its labels alone."""

    labels: CorpusSummary
    """Summary of the labels alone."""
    assisted: Distribution
    """Shares from labels and predictions."""
    gains: tuple[float, ...]
    """Labels that one label is worth, for each category; at least 1."""
    gain: float
    """The same for all categories together."""
    pool: int
    """Documents that the classifier read."""
    warnings: tuple[str, ...]
    """Reasons to doubt the assisted shares, in sentences."""
    answers_of: str = ""
    """Name of the language model whose answers the classifier reads beside the texts; "" for texts alone."""
    gain_of_texts: float | None = None
    """Gain of a classifier that reads texts alone, from the whole pool; None where there are no answers."""
    is_whole: bool = False
    """Whether the classifier has read the whole corpus, and not a pool of it."""
    order: HeadOrder | None = None
    """The heads of files, from which the labels were drawn, against the whole files; None where all rows were drawn."""

    @property
    def corpus(self) -> str:
        """Name of the corpus."""
        return self.labels.corpus

    @property
    def worth(self) -> int:
        """Number of labels that would be needed for as narrow intervals without the classifier."""
        return self._worth(self.gain)

    def worth_of(self, category: int) -> int | None:
        """Return the same for one category; None where the classifier cannot tell it and the gain is too small."""
        gain = self.gains[category]
        return self._worth(gain) if gain >= LEAST_GAIN else None

    def _worth(self, gain: float) -> int:
        """Return the labels that are worth `gain` each; in a small corpus fewer give as narrow an interval."""
        own = self.labels.distribution
        labels = own.n * gain
        if own.population:
            labels = max(own.n, 1 / (1 / labels + 1 / own.population))
        return round(labels)


@dataclass(frozen=True, slots=True)
class AssistedStudy:
    """The assisted shares of several corpora and the classifier behind them."""

    corpora: tuple[AssistedCorpus, ...]
    """Corpora with assisted shares, in the order of the samples."""
    refused: tuple[str, ...]
    """Why each of the other corpora has none, in sentences."""
    to_draw: tuple[str, ...]
    """Corpora among these that only need a pool, or a larger one."""
    classifier: Classifier | None
    """The classifier; None when no corpus has assisted shares."""
    level: float
    """Confidence level of every interval, as a fraction."""
    weighting: Weighting
    """Unit of the shares."""


def estimate(
    decisions: Decisions,
    samples: Sequence[Sample],
    reading: StudyReading,
    *,
    level: float = 0.95,
    interval: str = "wilson",
    weighting: Weighting = "documents",
) -> AssistedStudy:
    """Estimate the shares of each sample with the help of the classifier, where its labels and its pool allow that.

    The labels' own summary stands beside every estimate.
    """
    corpora, refused, to_draw = [], [], []
    for sample in samples:
        pool, scores = reading.pools.get(sample.corpus), reading.scores.get(sample.corpus)
        reason = refusal(sample, weighting) or reading.not_of_plan.get(sample.corpus, "")
        if not reason:
            reason = reading.unanswered.get(sample.corpus) or why_unusable(
                sample, pool, decisions, weighting, reading.answers
            )
            lacks_pool = scores is None and sample.corpus not in reading.unanswered
            if lacks_pool and not (pool and pool.exhausted):
                to_draw.append(sample.corpus)
        if reason or pool is None or scores is None:
            refused.append(f"{reason}.")
            continue
        means = _pool_means(sample, pool, scores, decisions, weighting, reading.answers)
        summary = summarise([sample], level=level, interval=interval, weighting=weighting).corpora[0]
        assert reading.classifier is not None, "it gave the scores"
        corpus = assisted_corpus(sample, summary, reading.classifier.held_out(sample.corpus), means)
        if reading.answers and reading.of_texts and reading.of_texts.classifier:
            texts = reading.of_texts
            of_texts = assisted_corpus(
                sample,
                summary,
                reading.of_texts.classifier.held_out(sample.corpus),
                _pool_means(sample, pool, texts.scores[sample.corpus], decisions, weighting),
            )
            corpus = replace(corpus, answers_of=reading.answers.model, gain_of_texts=of_texts.gain)
        corpora.append(corpus)
    classifier = reading.classifier if corpora else None
    return AssistedStudy(tuple(corpora), tuple(refused), tuple(to_draw), classifier, level, weighting)


def assisted_corpus(
    sample: Sample, summary: CorpusSummary, held_out: Floats, pool: PoolMeans
) -> AssistedCorpus:
    """Combine the labels of a sample with the predictions for them and with the mean predictions of a pool.

    `summary` is that of the labels alone; level, interval and weighting are its own. The pool may be a whole corpus,
    whose mean scores then have no variance.
    """
    own = summary.distribution
    weights = _products(sample.weights, sizes_of(sample, own.weighting))
    result = assisted_shares(
        sample.codes,
        held_out,
        pool,
        [share.n_effective for share in own.shares],
        weights=weights,
    )
    if weights is not None and (n_kish := kish(weights)) < own.n - 1e-6:
        # few heavy documents decide how well the model predicts
        result = result.with_gains_times(normal_over_t(n_kish - 1, own.level))
    assisted = weighted_distribution(
        sample.categories,
        sample.counts,
        result.shares,
        own.n_effective * result.gain,
        result.n_effective,
        level=own.level,
        interval=own.kind,
        weighting=own.weighting,
        population=own.population,
    )
    return AssistedCorpus(summary, assisted, result.gains, result.gain, pool.documents, _warnings(summary))


def _warnings(summary: CorpusSummary) -> tuple[str, ...]:
    own, sentences = summary.distribution, []
    if summary.skips_matter:
        sentences.append(
            f"The pool holds documents like those that were skipped ({100 * own.skip_rate:.1f} % of those shown), "
            f"the labels of {summary.corpus} do not."
        )
    if own.weighting != "documents" and own.n_effective < FEW_EFFECTIVE * own.n:
        sentences.append(
            f"Counted in {own.weighting}, {own.n:,} labels of {summary.corpus} count as {own.n_effective:,.0f}: the "
            "intervals, assisted or not, cover less often than they say."
        )
    return (*summary.warnings, *sentences)


def _pool_means(
    sample: Sample,
    pool: Pool,
    scores: Floats,
    decisions: Decisions,
    weighting: Weighting,
    answers: ModelAnswers | None = None,
) -> PoolMeans:
    """Average the scores of the documents that can be used, weighted as the sample is."""
    keep = usable_rows(pool, sample.corpus, decisions, answers)
    probabilities = pool.facts["probability"].to_numpy()[keep]
    weights = None if sample.weights is None else 1 / probabilities
    sizes = None if weighting == "documents" else pool.facts[weighting].to_numpy()[keep].astype(float)
    return pool_means(
        scores[keep],
        weights=_products(weights, sizes),
        labelled=sample.n + sample.skips,
        population=sample.documents,
    )


def _products(one: Sequence[float] | None, other: Sequence[float] | None) -> Sequence[float] | None:
    """Multiply two columns of weights, each of which may be missing."""
    if one is None or other is None:
        return other if one is None else one
    products: list[float] = np.multiply(one, other).tolist()
    return products
