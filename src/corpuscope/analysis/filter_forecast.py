"""What a filter by a score would keep and lose, estimated from the labels before it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpuscope.analysis.samples import document_ids
from corpuscope.domain.category import CategoryScheme
from corpuscope.errors import UsageError
from corpuscope.learning.features import features_of
from corpuscope.learning.model_file import Model
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.stats.sample import Sample
from corpuscope.stats.selection import KeepRule, Selection, selection, thresholds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpuscope.analysis.classifier import TextReader

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LabelledScores:
    """The scores of the labelled documents of one corpus, in the order of its sample."""

    seen: Floats
    """Scores by the model of a file, which was trained on most of them."""
    held_out: Floats
    """Scores by models that saw none of them: by leaving one out, or for later labels by the model itself."""
    later: int
    """Labels that are not among those that the model was trained on."""


@dataclass(frozen=True, slots=True)
class FilterForecast:
    """A filter judged on the labelled documents of one corpus, each scored by a model that did not see it."""

    corpus: str
    """Key of the corpus."""
    rule: KeepRule
    """The filter."""
    categories: tuple[str, ...]
    """Names of the categories."""
    n: int
    """Labelled documents."""
    unit: str
    """Unit of the sizes: tokens, or characters where the corpus counts no tokens."""
    level: float
    """Confidence level of every interval, as a fraction."""
    at: Selection
    """What the filter does at its threshold."""
    curve: tuple[Selection, ...]
    """What it would do at others, in rising order."""


def check_categories(model: Model, scheme: CategoryScheme) -> None:
    """Raise UsageError when the categories have changed since the model was trained."""
    if model.categories != scheme.names:
        raise UsageError(
            f"the classifier knows the categories {', '.join(model.categories)}, the labels now have "
            f"{', '.join(scheme.names)}",
            "train it again with the categories of today: corpuscope classify, in a new folder",
        )


def labelled_scores(
    model: Model, decisions: Decisions, scheme: CategoryScheme, sample: Sample, read_texts: TextReader
) -> LabelledScores:
    """Score the labelled documents of a sample. Blocks for a second. Raises UsageError like `check_categories`."""
    check_categories(model, scheme)
    events = {decision.document_id: decision.event_id for decision in decisions.by_draw([sample.corpus])}
    ids = document_ids(decisions, scheme, sample.corpus)
    texts = read_texts([events[document] for document in ids])
    seen = model.predict(features_of(text or "" for text in texts))
    row_of = {
        document: row for row, (corpus, document) in enumerate(model.documents) if corpus == sample.corpus
    }
    held_out = seen.copy()
    seen_before = [i for i, document in enumerate(ids) if document in row_of]
    held_out[seen_before] = model.held_out[[row_of[ids[i]] for i in seen_before]]
    return LabelledScores(seen, held_out, len(ids) - len(seen_before))


def filter_forecast(sample: Sample, rule: KeepRule, held_out: Floats, level: float = 0.95) -> FilterForecast:
    """Judge a filter by scores of the labelled documents that are out of sample, a row per document.

    Raises UsageError for a sample without labels.
    """
    if not sample.n:
        raise UsageError(
            f"{sample.corpus} has no labels to judge a filter by", f"corpuscope label {sample.corpus}"
        )
    scores = held_out[:, sample.categories.index(rule.category)]
    unit, sizes = ("characters", sample.lengths) if sample.tokens is None else ("tokens", sample.tokens)

    def at(threshold: float) -> Selection:
        return selection(
            rule,
            sample.codes,
            scores,
            sample.categories,
            weights=sample.weights,
            sizes=_floats(sizes),
            threshold=threshold,
            level=level,
        )

    curve = tuple(at(threshold) for threshold in thresholds(scores))
    return FilterForecast(
        sample.corpus, rule, sample.categories, sample.n, unit, level, at(rule.threshold), curve
    )


def _floats(sizes: Sequence[float] | None) -> Sequence[float] | None:
    return None if sizes is None else [float(size) for size in sizes]
