"""Assisted shares: labels corrected by a classifier that was trained on them and has read the pools."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from corpuscope.analysis.classifier import LEAST_LABELS, Classifier, TextReader, train
from corpuscope.analysis.samples import document_ids
from corpuscope.domain.answer import ModelAnswers
from corpuscope.domain.category import CategoryScheme
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.pool import Pool, pools_of, why_not_of_plan
from corpuscope.stats.assisted import LEAST_GAIN, PoolMeans, assisted_shares, pool_means
from corpuscope.stats.distribution import Distribution, Weighting, weighted_distribution
from corpuscope.stats.head_order import HeadOrder
from corpuscope.stats.sample import Sample
from corpuscope.stats.summary import CorpusSummary, sizes_of, summarise, why_not_counted
from corpuscope.stats.weighted import kish, normal_over_t
from corpuscope.text.quantities import quantity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST_POOL = 2
"""Documents that the pool has to hold for each label."""

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


@dataclass(frozen=True, slots=True)
class StudyReading:
    """What the classifier has read, enough to estimate at any level, interval and weighting."""

    classifier: Classifier | None
    """The classifier; None when no pool can be used."""
    pools: Mapping[str, Pool]
    """The pools by corpus."""
    scores: Mapping[str, Floats]
    """Scores of the documents of each pool that can be used, a row per document and a column per category."""
    not_of_plan: Mapping[str, str]
    """Why the pool of a corpus does not hold the next draws of its plan, in sentences; only of those that do not."""
    answers: ModelAnswers | None = None
    """Answers of a language model that the classifier reads beside the texts; None for texts alone."""
    unanswered: Mapping[str, str] = field(default_factory=dict)
    """Why a corpus cannot be read with these answers, in a sentence, by corpus."""
    of_texts: StudyReading | None = None
    """What a classifier of texts alone reads, where this one reads answers too."""


def refusal(sample: Sample, weighting: Weighting = "documents") -> str:
    """Say in a sentence why a corpus cannot have assisted shares, whatever its pool; "" where it can."""
    summary = summarise([sample]).corpora[0]
    if sample.pending:
        return (
            f"{sample.pending:,} documents of {sample.corpus} await a new reading because their category was split "
            f"up; label them first: corpuscope relabel --split"
        )
    if summary.distribution.is_census:
        return (
            f"every document of {sample.corpus} was read, so its shares are exact and nothing can assist them"
        )
    if sample.n < LEAST_LABELS:
        return f"{sample.corpus} has {quantity(sample.n, 'label')}; assisted shares need {LEAST_LABELS}"
    return why_not_counted(sample, weighting)


def pool_refusal(sample: Sample, pool: int, *, exhausted: bool) -> str:
    """Say in a sentence why a pool of this many unlabelled documents is too small; "" where it is not."""
    least = LEAST_POOL * sample.n
    if pool >= least:
        return ""
    rest = (
        "the corpus has no more"
        if exhausted
        else f"draw {least - pool:,} more: corpuscope estimate {sample.corpus}"
    )
    size = f"the pool of {sample.corpus} has {quantity(pool, 'document')}"
    return f"{size}; {sample.n:,} labels need twice as many, {least:,}: {rest}"


def read_study(
    decisions: Decisions,
    scheme: CategoryScheme,
    plan: Plan | None,
    samples: Sequence[Sample],
    read_texts: TextReader,
    labels: Path,
    answers: ModelAnswers | None = None,
) -> StudyReading:
    """Train the classifier on all labels, and let it read the pools that the folder `labels` has of these corpora.

    With `answers` of a language model it reads those too, and of a pool the documents up to the first one that the
    model was not asked about: those are as random as the whole. Nothing is drawn, and nothing is trained when no pool
    can be used. Blocks for seconds. Raises UsageError for a file that is no pool.
    """
    pools = pools_of(labels, [sample.corpus for sample in samples])
    planned, seed = (plan.corpora, plan.seed) if plan else ({}, 0)
    reasons = {corpus: why_not_of_plan(pool, planned.get(corpus), seed) for corpus, pool in pools.items()}
    not_of_plan = {corpus: reason for corpus, reason in reasons.items() if reason}
    usable = [
        sample.corpus
        for sample in samples
        if not refusal(sample)
        and sample.corpus not in not_of_plan
        and not _unusable(sample, pools.get(sample.corpus), decisions, "documents")
    ]
    if not usable:
        return StudyReading(None, pools, {}, not_of_plan)
    classifier = train(decisions, scheme, plan, read_texts)
    scores = {corpus: classifier.score(pools[corpus]) for corpus in usable}
    reading = StudyReading(classifier, pools, scores, not_of_plan)
    return reading if answers is None else _with_answers(reading, decisions, scheme, samples, answers)


def _with_answers(
    reading: StudyReading,
    decisions: Decisions,
    scheme: CategoryScheme,
    samples: Sequence[Sample],
    answers: ModelAnswers,
) -> StudyReading:
    """Read a study again with a language model's answers, where it was asked enough."""
    assert reading.classifier is not None, "a pool can be used"
    unanswered = {}
    for sample in samples:
        if sample.corpus in reading.scores:
            ids = document_ids(decisions, scheme, sample.corpus)
            missing = sum(document not in answers.by_document for document in ids)
            answered = int(_usable(reading.pools[sample.corpus], sample.corpus, decisions, answers).sum())
            if reason := _unanswered(sample, answers.model, missing, answered):
                unanswered[sample.corpus] = reason
    usable = [corpus for corpus in reading.scores if corpus not in unanswered]
    classifier = reading.classifier.with_answers(answers, scheme) if usable else reading.classifier
    scores = {
        corpus: classifier.score(
            reading.pools[corpus], _end(_usable(reading.pools[corpus], corpus, decisions, answers))
        )
        for corpus in usable
    }
    return replace(
        reading,
        classifier=classifier,
        scores=scores,
        answers=answers,
        unanswered=unanswered,
        of_texts=reading,
    )


def _unanswered(sample: Sample, model: str, missing: int, asked: int) -> str:
    """Say in a sentence why a corpus cannot be read with a model's answers; "" where it can."""
    ask = f"corpuscope annotate {sample.corpus} --model {model} --documents"
    if missing:
        labelled = f"{missing:,} of {sample.n:,} labelled documents of {sample.corpus}"
        return f"{model} was not asked about {labelled}: {ask} labelled"
    least = LEAST_POOL * sample.n
    if asked < least:
        return (
            f"{model} was asked about {quantity(asked, 'document')} of the pool of {sample.corpus}; "
            f"{sample.n:,} labels need twice as many, {least:,}: {ask} pool"
        )
    return ""


class StudyReader:
    """Reads a study as often as asked, but anew only after label, plan or pool changed. Safe to use from any thread."""

    def __init__(
        self,
        scheme: CategoryScheme,
        read_plan: Callable[[], Plan | None],
        read_texts: TextReader,
        labels: Path,
    ) -> None:
        """Take what `read_study` needs; nothing is read yet."""
        self._scheme = scheme
        self._read_plan = read_plan
        self._read_texts = read_texts
        self._labels = labels
        self._lock = Lock()
        self._read: tuple[object, StudyReading] | None = None

    def read(self, decisions: Decisions, samples: Sequence[Sample]) -> StudyReading:
        """Return what the classifier reads; blocks for seconds when something changed. Raises like `read_study`."""
        with self._lock:
            pools = pools_of(self._labels, [sample.corpus for sample in samples]).values()
            plan = self._read_plan()
            version = decisions, plan, tuple((pool.path, pool.path.stat().st_mtime_ns) for pool in pools)
            if self._read is None or self._read[0] != version:
                reading = read_study(decisions, self._scheme, plan, samples, self._read_texts, self._labels)
                self._read = version, reading
            return self._read[1]


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
            reason = reading.unanswered.get(sample.corpus) or _unusable(
                sample, pool, decisions, weighting, reading.answers
            )
            if scores is None and not (pool and pool.exhausted):
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
        clusters=sample.clusters,
    )
    if weights is not None and (n_kish := kish(weights)) < own.n - 1e-6:
        # few heavy documents decide how well the model predicts, as few clusters do
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


def _unusable(
    sample: Sample,
    pool: Pool | None,
    decisions: Decisions,
    weighting: Weighting,
    answers: ModelAnswers | None = None,
) -> str:
    """Say in a sentence why a pool cannot be used for a sample; "" where it can."""
    if pool is None:
        return f"{sample.corpus} has no pool yet; draw one: corpuscope estimate {sample.corpus}"
    usable = int(_usable(pool, sample.corpus, decisions, answers).sum())
    if reason := pool_refusal(sample, usable, exhausted=pool.exhausted):
        return reason
    if weighting == "tokens" and pool.facts["tokens"].null_count:
        return f"the pool of {sample.corpus} has documents without token counts; count documents instead"
    return ""


def _pool_means(
    sample: Sample,
    pool: Pool,
    scores: Floats,
    decisions: Decisions,
    weighting: Weighting,
    answers: ModelAnswers | None = None,
) -> PoolMeans:
    """Average the scores of the documents that can be used, weighted as the sample is."""
    keep = _usable(pool, sample.corpus, decisions, answers)
    probabilities = pool.facts["probability"].to_numpy()[keep]
    weights = None if sample.weights is None else 1 / probabilities
    sizes = None if weighting == "documents" else pool.facts[weighting].to_numpy()[keep].astype(float)
    return pool_means(
        scores[keep],
        weights=_products(weights, sizes),
        labelled=sample.n + sample.skips,
        population=sample.documents,
    )


def _usable(pool: Pool, corpus: str, decisions: Decisions, answers: ModelAnswers | None) -> NDArray[np.bool_]:
    """Mark the documents of a pool that nobody decided on; with `answers` up to the first one without an answer."""
    decided = {decision.document_id for decision in decisions.by_draw([corpus])}
    ids = pool.facts["document_id"].to_pylist()
    usable = np.array([document not in decided for document in ids], bool)
    if answers is not None:
        unasked = [i for i, document in enumerate(ids) if usable[i] and document not in answers.by_document]
        usable[min(unasked, default=len(ids)) :] = False
    return usable


def _end(rows: NDArray[np.bool_]) -> int:
    """Return the number of rows up to the last one that is marked."""
    return int(np.flatnonzero(rows).max(initial=-1)) + 1


def _products(one: Sequence[float] | None, other: Sequence[float] | None) -> Sequence[float] | None:
    """Multiply two columns of weights, each of which may be missing."""
    if one is None or other is None:
        return other if one is None else one
    products: list[float] = np.multiply(one, other).tolist()
    return products
