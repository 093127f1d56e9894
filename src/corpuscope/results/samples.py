"""Makes of the labels of a ledger the samples that statistics start from."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from corpuscope.corpora.known import uniformity
from corpuscope.domain.category import CategoryScheme
from corpuscope.ledger.read.decisions import Decisions, Labels
from corpuscope.results.once import once
from corpuscope.sampling.plan import Plan, PlannedCorpus
from corpuscope.stats.sample import Provenance, Sample

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
    once, by the rule of `once`; final decisions mean nothing for one annotator.
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
    counted = once(every, finals)
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
        stand_ins=int((labels.attempts > 0).sum()),
        provenance=replace(
            _provenance(labels, plan, planned), shared=counted.shared, settled=counted.settled
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
