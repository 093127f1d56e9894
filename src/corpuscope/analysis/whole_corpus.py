"""Shares of a whole corpus: the mean scores of a classifier that read all of it, corrected by the labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corpuscope.analysis.assisted import AssistedCorpus, assisted_corpus
from corpuscope.analysis.filter_forecast import LabelledScores
from corpuscope.analysis.study_reading import refusal
from corpuscope.errors import UsageError
from corpuscope.stats.assisted import PoolMeans
from corpuscope.stats.distribution import Weighting
from corpuscope.stats.head_order import HeadOrder
from corpuscope.stats.sample import Sample
from corpuscope.stats.summarise import sizes_of, summarise
from corpuscope.text.quantities import quantity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WholeCorpus:
    """What a classifier found in all documents of a corpus."""

    documents: int
    """Documents read."""
    size: int
    """Their size in the unit of the shares; the number of documents when these are counted."""
    sums: Floats
    """Sum of the scores by category, each times the size of its document."""
    order: HeadOrder | None
    """The heads of files against whole files; None where labels were drawn from all rows."""
    notes: tuple[str, ...] = ()
    """Reasons to doubt that it is the corpus of the labels, in sentences."""


def corrected_shares(
    sample: Sample,
    scores: LabelledScores,
    whole: WholeCorpus,
    *,
    level: float = 0.95,
    weighting: Weighting = "documents",
) -> AssistedCorpus:
    """Estimate the shares of a whole corpus from its labels and the scores of all its documents.

    The labelled documents are taken out of the sums, by their scores under the same model, so that the rest is what
    nobody labelled; its mean has no variance. Raises UsageError for labels that allow no assisted shares.
    """
    if reason := refusal(sample, weighting):
        raise UsageError(reason, "the labels' own shares: corpuscope summary")
    if whole.documents <= sample.n:
        raise UsageError(
            f"the run read {quantity(whole.documents, 'document')} of {sample.corpus}, which has "
            f"{quantity(sample.n, 'label')}: it is another corpus, or a part of it",
            "classify the corpus that was labelled",
        )
    sizes = sizes_of(sample, weighting)
    own = np.ones(sample.n) if sizes is None else np.asarray(sizes, dtype=float)
    rest = whole.size - float(own.sum())
    if rest <= 0:
        raise UsageError(
            f"the run counted {whole.size:,} {weighting} of {sample.corpus}, fewer than its labels have",
            "classify the corpus that was labelled",
        )
    means = (whole.sums - own @ scores.seen) / rest
    unlabelled = rest / whole.size if sample.documents is not None else 1.0
    pool = PoolMeans(whole.documents, tuple(means.tolist()), (0.0,) * len(means), unlabelled)
    summary = summarise([sample], level=level, weighting=weighting).corpora[0]
    corpus = assisted_corpus(sample, summary, scores.held_out, pool)
    return replace(
        corpus,
        is_whole=True,
        order=whole.order,
        warnings=(*corpus.warnings, *whole.notes, *_order_warning(sample, whole.order)),
    )


def _order_warning(sample: Sample, order: HeadOrder | None) -> Iterator[str]:
    if order is None or order.is_random:
        return
    category, points = sample.categories[order.largest], 100 * order.differences[order.largest]
    yield (
        f"The order inside the files of {sample.corpus} is not random: the first rows, from which the labels are, "
        f"have a mean score of {category} that differs by {points:+.1f} points from that of whole files. These "
        "shares assume that it is, and their intervals do not cover that."
    )
