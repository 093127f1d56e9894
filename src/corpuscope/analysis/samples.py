"""Samples made from the decisions of a ledger, in which each document counts once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from corpuscope.corpora.known import uniformity
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.corpus import short_revision
from corpuscope.ledger.read.decisions import Decisions, Labels
from corpuscope.sampling.plan import Plan, PlannedCorpus
from corpuscope.stats.sample import Provenance, Sample


@dataclass(frozen=True, slots=True)
class AggregatedLabels:
    """The labels of one corpus, aggregated to one per document."""

    labels: Labels
    """One row per document, with its aggregated label."""
    multiply_labelled: int
    """Number of documents labelled by several annotators."""
    adjudicated: int
    """Number of documents that count by their adjudicated category."""
    by_majority: int
    """Number of documents that count by the majority of several labels."""


def aggregate_labels(labels: Labels, finals: Mapping[str, str]) -> AggregatedLabels:
    """Aggregate the labels of several annotators into one per document (majority vote).

    The adjudicated category in `finals` (by document id, under its current name) takes precedence. Otherwise the
    category that most annotators gave counts; of several with equal votes, the one given first.
    """
    if (len(labels.readers) < 2 and not finals) or not len(labels):
        return AggregatedLabels(labels, 0, 0, 0)
    # a stable sort keeps the labels of one document in the order they were given
    order = np.lexsort((labels.document_low, labels.document_high))
    high, low, codes = labels.document_high[order], labels.document_low[order], labels.codes[order]
    starts = np.concatenate([[True], (high[1:] != high[:-1]) | (low[1:] != low[:-1])])
    document_of = np.cumsum(starts) - 1
    size = len(labels.categories)
    votes = np.bincount(document_of * size + codes, minlength=(document_of[-1] + 1) * size)
    votes = votes.reshape(-1, size)
    leading = np.flatnonzero(votes[document_of, codes] == votes.max(axis=1)[document_of])
    _, first = np.unique(document_of[leading], return_index=True)
    winners = leading[first]
    aggregated = codes[winners]
    is_several = np.bincount(document_of) > 1
    is_majority = is_several.copy()
    adjudicated = 0
    low_halves = np.array([int(key[16:], 16) for key in finals], np.uint64)
    for document in np.flatnonzero(np.isin(low[winners], low_halves)):
        row = winners[document]
        final = finals.get(f"{int(high[row]):016x}{int(low[row]):016x}")
        if final in labels.categories:
            aggregated[document] = labels.categories.index(final)
            is_majority[document] = False
            adjudicated += 1
    rows = order[winners]
    by_event = np.argsort(rows)
    return AggregatedLabels(
        _rows(labels, rows[by_event], aggregated[by_event]),
        int(is_several.sum()),
        adjudicated,
        int(is_majority.sum()),
    )


def _rows(labels: Labels, rows: np.typing.NDArray[np.int64], codes: np.typing.NDArray[np.int16]) -> Labels:
    """Select rows and replace their codes."""
    columns = {field.name: getattr(labels, field.name) for field in fields(Labels)}
    selected: dict[str, Any] = {
        name: column[rows] for name, column in columns.items() if isinstance(column, np.ndarray)
    }
    return replace(labels, **(selected | {"codes": codes}))


ScoreReader = Callable[[Sequence[str], str], Sequence[float | None]]
"""Returns the number in a column of the corpus for the document of each event; None where there is none."""

EVEN = 1.1
"""Ratio up to which inclusion probabilities count as equal; those of real corpora vary by about 1 %."""


def samples_of(
    decisions: Decisions,
    scheme: CategoryScheme,
    plan: Plan | None,
    corpora: Sequence[str] | None = None,
    annotator: str | None = None,
    scores: ScoreReader | None = None,
) -> tuple[Sample, ...]:
    """Make one sample of first looks per corpus with a decision, in the order of the plan.

    `corpora` and `annotator` restrict them; None means all. A document labelled by several annotators counts once,
    by the rule of `aggregate_labels`. Adjudicated categories are ignored for a single annotator.

    With `scores` the samples of an ordinal scheme that names a column for it have the corpus's own score too.
    """
    finals = decisions.finals(scheme) if annotator is None else {}
    order = list(plan.corpora) if plan else []
    keys = [key for key in decisions.corpora() if corpora is None or key in corpora]
    keys.sort(key=lambda key: (order.index(key) if key in order else len(order), key))
    samples = (
        _sample(
            decisions.labels(key, scheme, annotator),
            plan,
            plan.corpora.get(key) if plan else None,
            {document: category for (corpus, document), category in finals.items() if corpus == key},
            scheme,
        )
        for key in keys
    )
    if scores is None or not scheme.score_column:
        return tuple(samples)
    return tuple(
        replace(sample, scores=_own_scores(decisions, scheme, sample.corpus, annotator, scores))
        for sample in samples
    )


def _own_scores(
    decisions: Decisions, scheme: CategoryScheme, corpus: str, annotator: str | None, scores: ScoreReader
) -> tuple[float | None, ...]:
    """Return the corpus's own score of each document in a sample, in the order of its codes."""
    events = {entry.document_id: entry.event_id for entry in decisions.by_draw([corpus], annotator)}
    documents = document_ids(decisions, scheme, corpus, annotator)
    return tuple(scores([events[document] for document in documents], scheme.score_column))


def document_ids(
    decisions: Decisions, scheme: CategoryScheme, corpus: str, annotator: str | None = None
) -> tuple[str, ...]:
    """Return the ids of the documents in the sample of a corpus, in the order of its codes."""
    # adjudication replaces codes and leaves the documents and their order
    labels = aggregate_labels(decisions.labels(corpus, scheme, annotator), {}).labels
    halves = zip(labels.document_high.tolist(), labels.document_low.tolist(), strict=True)
    return tuple(f"{high:016x}{low:016x}" for high, low in halves)


def _sample(
    all_labels: Labels,
    plan: Plan | None,
    planned: PlannedCorpus | None,
    finals: Mapping[str, str],
    scheme: CategoryScheme,
) -> Sample:
    aggregated = aggregate_labels(all_labels, finals)
    labels = aggregated.labels
    tokens = labels.tokens[~np.isnan(labels.tokens)]
    # the pace is that of every label, also where several annotators labelled one document
    times = all_labels.reading_ms[~np.isnan(all_labels.reading_ms)] / 1000
    return Sample(
        corpus=labels.corpus,
        categories=labels.categories,
        codes=tuple(labels.codes.tolist()),
        tokens=tuple(tokens.tolist()) if len(tokens) == len(labels) and tokens.any() else None,
        uncounted=len(labels) - len(tokens),
        weights=_weights(labels),
        lengths=tuple(labels.characters.tolist()),
        values=scheme.values,
        crosswalk=scheme.crosswalk,
        reading_seconds=tuple(times.tolist()),
        skips=labels.skips,
        bookmarks=labels.bookmarks,
        unsure=int(labels.unsure.sum()),
        pending=labels.awaiting,
        draws=tuple(labels.draws.tolist()),
        documents=_documents(labels, planned),
        substitutes=int((labels.attempts > 0).sum()),
        provenance=replace(
            _provenance(labels, plan, planned),
            shared=aggregated.multiply_labelled,
            settled=aggregated.adjudicated,
            by_majority=aggregated.by_majority,
        ),
    )


def _planned_labels(labels: Labels, planned: PlannedCorpus) -> int:
    """Return the number of labels planned, at most one for each document of the corpus."""
    return min(planned.labels, _documents(labels, planned) or planned.labels)


def _documents(labels: Labels, planned: PlannedCorpus | None) -> int | None:
    """Return the size of a corpus from which all documents were equally likely to be drawn; None for any other.

    Plans of earlier versions do not record it, but equal probabilities are one over it. On the Hub they may be those
    of the heads of files: there the inference is to the whole corpus, whose size they do not tell.
    """
    if planned is None or planned.documents is not None:
        return planned.documents if planned else None
    if not len(labels) or planned.corpus.kind == "hub":
        return None
    probabilities = labels.probabilities
    if probabilities.min() != probabilities.max():
        return None
    size = round(1 / float(probabilities[0]))
    return size if math.isclose(size * probabilities[0], 1, rel_tol=1e-9) else None


def _weights(labels: Labels) -> tuple[float, ...] | None:
    """Return the inverse inclusion probabilities, None when they hardly differ."""
    probabilities = labels.probabilities
    if not len(probabilities) or probabilities.max() <= EVEN * probabilities.min():
        return None
    return tuple((1 / probabilities).tolist())


def _provenance(labels: Labels, plan: Plan | None, planned: PlannedCorpus | None) -> Provenance:
    if plan is None or planned is None:
        return Provenance(dataset=labels.corpus, annotators=labels.readers)
    corpus = planned.corpus
    read = len(labels) + labels.skips + labels.awaiting
    is_random = not corpus.in_order or read == planned.documents  # all documents are a census
    parts = (
        corpus.public_path,
        corpus.name,
        corpus.split if corpus.kind == "hub" or corpus.split != "train" else None,
    )
    return Provenance(
        dataset=" ".join(part for part in parts if part),
        revision=short_revision(planned.revision),
        seed=str(plan.seed),
        uniformity=uniformity(corpus, int((labels.attempts > 0).sum())),
        random=is_random,
        design="" if is_random else "no random sample",
        annotators=labels.readers,
        planned=_planned_labels(labels, planned),
        replanned=planned.replanned,
    )
