"""Makes of the labels of a ledger, each document counted once, the samples that statistics start from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpuscope.corpora.known import uniformity
from corpuscope.domain.category import CategoryScheme
from corpuscope.ledger.read.decisions import Decisions, Labels
from corpuscope.sampling.plan import Plan, PlannedCorpus
from corpuscope.stats.sample import Provenance, Sample


@dataclass(frozen=True, slots=True)
class AggregatedLabels:
    """The labels of one corpus, one a document."""

    labels: Labels
    """One row a document, with the label that counts."""
    multiply_labelled: int
    """Documents that several people labelled."""
    adjudicated: int
    """Documents that count by a final decision."""


def aggregate_labels(labels: Labels, finals: Mapping[str, str]) -> AggregatedLabels:
    """What counts of each document that has a label.

    That is the final category in `finals` (by document id, under today's name), if there is one; else the
    category that most of its readers gave; where several lead, the one of those that was given first, by the
    order of events.
    """
    if (len(labels.readers) < 2 and not finals) or not len(labels):
        return AggregatedLabels(labels, 0, 0)
    # stable, so that the labels of one document stay in the order they were given
    order = np.lexsort((labels.document_low, labels.document_high))
    high, low, codes = labels.document_high[order], labels.document_low[order], labels.codes[order]
    starts = np.concatenate([[True], (high[1:] != high[:-1]) | (low[1:] != low[:-1])])
    which = np.cumsum(starts) - 1
    size = len(labels.categories)
    votes = np.bincount(which * size + codes, minlength=(which[-1] + 1) * size).reshape(-1, size)
    leads = np.flatnonzero(votes[which, codes] == votes.max(axis=1)[which])
    _, first = np.unique(which[leads], return_index=True)
    winners = leads[first]
    counted = codes[winners]
    adjudicated = 0
    halves = np.array([int(key[16:], 16) for key in finals], np.uint64)
    for document in np.flatnonzero(np.isin(low[winners], halves)):
        row = winners[document]
        final = finals.get(f"{int(high[row]):016x}{int(low[row]):016x}")
        if final in labels.categories:
            counted[document] = labels.categories.index(final)
            adjudicated += 1
    rows = order[winners]
    given = np.argsort(rows)
    return AggregatedLabels(
        _rows(labels, rows[given], counted[given]), int((np.bincount(which) > 1).sum()), adjudicated
    )


def _rows(
    labels: Labels, rows: "np.typing.NDArray[np.int64]", codes: "np.typing.NDArray[np.int16]"
) -> Labels:
    """Those rows, with these codes."""
    return replace(
        labels,
        codes=codes,
        **{
            name: getattr(labels, name)[rows]
            for name in (
                *(
                    "tokens",
                    "probabilities",
                    "shards",
                    "rows",
                    "draws",
                    "characters",
                    "words",
                    "reading_ms",
                    "attempts",
                ),
                *("looks", "annotators", "document_high", "document_low"),
            )
        },
    )


EVEN = 1.1
"""Inclusion probabilities within this ratio of each other count as equal; real corpora vary by about 1 %."""


def samples_of(
    decisions: Decisions,
    scheme: CategoryScheme,
    plan: Plan | None,
    corpora: Sequence[str] | None = None,
    annotator: str | None = None,
) -> tuple[Sample, ...]:
    """One sample per corpus with a decision, first looks only, in the order of the plan.

    `corpora` and `annotator` leave out what is not wanted. A document that several annotators labelled counts
    once, by the rule of `aggregate_labels`; final decisions mean nothing for one annotator.
    """
    finals = decisions.finals(scheme) if annotator is None else {}
    order = list(plan.corpora) if plan else []
    met = [key for key in decisions.corpora() if corpora is None or key in corpora]
    met.sort(key=lambda key: (order.index(key) if key in order else len(order), key))
    return tuple(
        _sample(
            decisions.labels(key, scheme, annotator),
            plan,
            plan.corpora.get(key) if plan else None,
            finals,
        )
        for key in met
    )


def _sample(
    every: Labels, plan: Plan | None, planned: PlannedCorpus | None, finals: Mapping[str, str]
) -> Sample:
    counted = aggregate_labels(every, finals)
    labels = counted.labels
    given = labels.tokens[~np.isnan(labels.tokens)]
    times = every.reading_ms[~np.isnan(every.reading_ms)] / 1000
    return Sample(
        corpus=labels.corpus,
        categories=labels.categories,
        codes=tuple(labels.codes.tolist()),
        tokens=tuple(given.tolist()) if len(given) == len(labels) and given.any() else None,
        weights=_weights(labels),
        lengths=tuple(labels.characters.tolist()),
        reading_seconds=tuple(times.tolist()),
        skips=labels.skips,
        bookmarks=labels.bookmarks,
        substitutes=int((labels.attempts > 0).sum()),
        provenance=replace(
            _provenance(labels, plan, planned), shared=counted.multiply_labelled, settled=counted.adjudicated
        ),
    )


def _weights(labels: Labels) -> tuple[float, ...] | None:
    """One over the inclusion probabilities, None when they hardly differ."""
    chances = labels.probabilities
    if len(chances) == 0 or not (chances > 0).all() or chances.max() <= EVEN * chances.min():
        return None
    return tuple((1 / chances).tolist())


def _provenance(labels: Labels, plan: Plan | None, planned: PlannedCorpus | None) -> Provenance:
    if plan is None or planned is None:
        return Provenance(dataset=labels.corpus, annotators=labels.readers)
    corpus = planned.corpus
    parts = (corpus.path, corpus.name, corpus.split if corpus.kind == "hub" else None)
    return Provenance(
        dataset=" ".join(part for part in parts if part),
        revision=(planned.revision or "")[:12],
        seed=str(plan.seed),
        uniformity=uniformity(corpus),
        annotators=labels.readers,
        planned=planned.target,
        replanned=planned.replanned,
    )
