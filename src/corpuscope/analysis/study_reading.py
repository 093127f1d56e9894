"""What a classifier reads of a study: the labels it is trained on, the pools it can use, and why others cannot be."""

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
from corpuscope.stats.distribution import Weighting
from corpuscope.stats.sample import Sample
from corpuscope.stats.summarise import summarise, why_not_counted
from corpuscope.text.quantities import inflected, quantity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


LEAST_POOL = 2
"""Documents that the pool has to hold for each label."""


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
            f"{quantity(sample.pending, 'document')} of {sample.corpus} {inflected(sample.pending, 'awaits', 'await')} "
            "a new reading after a category was split up; first run: corpuscope relabel --split"
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
        and not why_unusable(sample, pools.get(sample.corpus), decisions, "documents")
    ]
    if not usable:
        return StudyReading(None, pools, {}, not_of_plan)
    classifier = train(decisions, scheme, plan, read_texts)
    scores = {corpus: classifier.score(corpus, pools[corpus]) for corpus in usable}
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
            missing = sum((sample.corpus, document) not in answers.by_document for document in ids)
            answered = int(usable_rows(reading.pools[sample.corpus], sample.corpus, decisions, answers).sum())
            if reason := _unanswered(sample, answers.model, missing, answered):
                unanswered[sample.corpus] = reason
    usable = [corpus for corpus in reading.scores if corpus not in unanswered]
    classifier = reading.classifier.with_answers(answers, scheme) if usable else reading.classifier
    scores = {
        corpus: classifier.score(
            corpus,
            reading.pools[corpus],
            _end(usable_rows(reading.pools[corpus], corpus, decisions, answers)),
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


def why_unusable(
    sample: Sample,
    pool: Pool | None,
    decisions: Decisions,
    weighting: Weighting,
    answers: ModelAnswers | None = None,
) -> str:
    """Say in a sentence why a pool cannot be used for a sample; "" where it can."""
    if pool is None:
        return f"{sample.corpus} has no pool yet; draw one: corpuscope estimate {sample.corpus}"
    usable = int(usable_rows(pool, sample.corpus, decisions, answers).sum())
    if reason := pool_refusal(sample, usable, exhausted=pool.exhausted):
        return reason
    if weighting == "tokens" and pool.facts["tokens"].null_count:
        return f"the pool of {sample.corpus} has documents without token counts; count documents instead"
    return ""


def usable_rows(
    pool: Pool, corpus: str, decisions: Decisions, answers: ModelAnswers | None
) -> NDArray[np.bool_]:
    """Mark the documents of a pool that nobody decided on; with `answers` up to the first one without an answer."""
    decided = {decision.document_id for decision in decisions.by_draw([corpus])}
    ids = pool.facts["document_id"].to_pylist()
    usable = np.array([document not in decided for document in ids], bool)
    if answers is not None:
        unasked = [
            i for i, document in enumerate(ids) if usable[i] and (corpus, document) not in answers.by_document
        ]
        usable[min(unasked, default=len(ids)) :] = False
    return usable


def _end(rows: NDArray[np.bool_]) -> int:
    """Return the number of rows up to the last one that is marked."""
    return int(np.flatnonzero(rows).max(initial=-1)) + 1
