"""The whole study of a labels folder: plan, categories, shares, comparisons and agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from corpuscope.analysis.agreement import AgreementReport, agreement_report
from corpuscope.analysis.comparisons import (
    CorpusComparisons,
    SummaryWithExclusions,
    compare_corpora,
    summarise_countable,
)
from corpuscope.analysis.mixtures import Mixture, named_mixtures
from corpuscope.analysis.protocol import LabellingProtocol
from corpuscope.analysis.samples import ScoreReader, samples_of
from corpuscope.corpora.known import uniformity
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.corpus import Corpus
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.sampling.plan import Plan


@dataclass(frozen=True, slots=True)
class CorpusProvenance:
    """The provenance of one labelled corpus."""

    key: str
    """Key of the corpus."""
    corpus: Corpus | None
    """The corpus as planned; None when it is not in the plan."""
    revision: str
    """Pinned commit or digest; "" when it is not known."""
    planned: int | None
    """Number of labels planned; None when the corpus is not in the plan."""
    uniform: str
    """What is uniform about a sample of it and what is not, in a sentence."""


@dataclass(frozen=True, slots=True)
class StudyResults:
    """All results of one labels folder, computed once for every section of a page."""

    scheme: CategoryScheme
    """The current categories."""
    seed: int | None
    """Seed of the sampling plan; None without a plan."""
    sources: tuple[CorpusProvenance, ...]
    """Provenance of the corpora with labels, in the order of the plan."""
    overview: SummaryWithExclusions
    """Shares and lengths of all corpora."""
    comparisons: CorpusComparisons
    """Comparisons of all pairs of corpora."""
    agreement: AgreementReport
    """Agreement of annotators with each other and with themselves."""
    mixtures: tuple[Mixture, ...] = ()
    """The mixes that the plan keeps."""
    last_label: date | None = None
    """Day of the last decision, UTC; None without any."""


def study_of(
    decisions: Decisions,
    scheme: CategoryScheme,
    plan: Plan | None,
    corpora: Sequence[str] = (),
    annotator: str | None = None,
    *,
    level: float = 0.95,
    scores: ScoreReader | None = None,
) -> StudyResults:
    """Analyse the labels of `corpora`, or of all where none is given; those of one annotator where one is named.

    The mixes of the plan are of all corpora, so they are left out where some are named. Agreement always includes all
    annotators. `level` is the confidence level of every interval, as a fraction. `scores` is that of `samples_of`.
    """
    samples = samples_of(decisions, scheme, plan, corpora or None, annotator, scores)
    return StudyResults(
        scheme=scheme,
        seed=plan.seed if plan else None,
        sources=tuple(_source(sample.corpus, plan) for sample in samples),
        overview=summarise_countable(samples, level=level),
        comparisons=compare_corpora(
            samples, protocol=LabellingProtocol.of(decisions, scheme, annotator, plan), level=level
        ),
        agreement=agreement_report(decisions, scheme, corpora, level=level),
        mixtures=() if corpora else named_mixtures(plan, samples, scheme, level=level),
        last_label=_last_day(decisions, [sample.corpus for sample in samples], annotator),
    )


def _last_day(decisions: Decisions, corpora: Sequence[str], annotator: str | None) -> date | None:
    """Return the day of the last decision about these corpora."""
    days = [
        decision.at.date()
        for corpus in corpora
        for decision in decisions.recent(annotator, limit=1, corpus=corpus)
    ]
    return max(days, default=None)


def _source(key: str, plan: Plan | None) -> CorpusProvenance:
    planned = plan.corpora.get(key) if plan else None
    if planned is None:
        return CorpusProvenance(
            key, None, "", None, "It is not in the plan, so nothing is known about how it was drawn."
        )
    return CorpusProvenance(
        key, planned.corpus, planned.revision or "", planned.labels, uniformity(planned.corpus)
    )
