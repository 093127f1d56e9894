"""All that the labels of a folder add up to: the plan, the categories, shares, comparisons, agreement."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpuscope.analysis.agreement import AgreementReport, agreement_report
from corpuscope.analysis.comparisons import (
    CorpusComparisons,
    SummaryWithExclusions,
    compare_corpora,
    summarise_countable,
)
from corpuscope.analysis.protocol import LabellingProtocol
from corpuscope.analysis.samples import samples_of
from corpuscope.corpora.known import uniformity
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.corpus import Corpus
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.sampling.plan import Plan


@dataclass(frozen=True, slots=True)
class CorpusProvenance:
    """One corpus with labels."""

    key: str
    """Its short name."""
    corpus: Corpus | None
    """Where it is; None when the plan does not know it."""
    revision: str
    """Pinned commit or digest, "" when it is not known."""
    planned: int | None
    """Labels planned, None when it is not in the plan."""
    uniform: str
    """What is and what is not uniform about a sample of it."""


@dataclass(frozen=True, slots=True)
class Study:
    """The labels of one folder, counted once for everything a page says."""

    scheme: CategoryScheme
    """The categories of today."""
    seed: int | None
    """Seed of the plan, None without a plan."""
    sources: tuple[CorpusProvenance, ...]
    """The corpora with labels, in the order of the plan."""
    overview: SummaryWithExclusions
    """Shares and lengths."""
    comparisons: CorpusComparisons
    """Every pair of corpora compared."""
    agreement: AgreementReport
    """How far those agree who read the same documents."""


def study_of(
    decisions: Decisions,
    scheme: CategoryScheme,
    plan: Plan | None,
    corpora: Sequence[str] = (),
    annotator: str | None = None,
    *,
    level: float = 0.95,
) -> Study:
    """What the labels of these corpora, all where none is named, and of this annotator add up to."""
    samples = samples_of(decisions, scheme, plan, corpora or None, annotator)
    return Study(
        scheme=scheme,
        seed=plan.seed if plan else None,
        sources=tuple(_source(sample.corpus, plan) for sample in samples),
        overview=summarise_countable(samples, level=level),
        comparisons=compare_corpora(
            samples, protocol=LabellingProtocol.of(decisions, scheme, annotator), level=level
        ),
        agreement=agreement_report(decisions, scheme, corpora, level=level),
    )


def _source(key: str, plan: Plan | None) -> CorpusProvenance:
    planned = plan.corpora.get(key) if plan else None
    if planned is None:
        return CorpusProvenance(
            key, None, "", None, "It is not in the plan, so nothing is known about how it was drawn."
        )
    return CorpusProvenance(
        key, planned.corpus, planned.revision or "", planned.target, uniformity(planned.corpus)
    )
