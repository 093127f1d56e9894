"""All that a page about labels says: the plan, the categories, shares, comparisons, and what was bookmarked."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from corpuscope.corpora.known import uniformity
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Document
from corpuscope.export.excerpt import Excerpt, excerpt_of
from corpuscope.ledger.read.decisions import Decisions, Remark
from corpuscope.results.agreement import Concords
from corpuscope.results.concords import concords_of
from corpuscope.results.conduct import Conduct
from corpuscope.results.counting import Overview, overview
from corpuscope.results.pairs import Pairs, pairs_of
from corpuscope.results.samples import samples_of
from corpuscope.sampling.plan import Plan

MOST_EXCERPTS = 50
"""Bookmarked documents that are quoted; a page is to be read."""


@dataclass(frozen=True, slots=True)
class Source:
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
    sources: tuple[Source, ...]
    """The corpora with labels, in the order of the plan."""
    overview: Overview
    """Shares and lengths."""
    pairs: Pairs
    """Every pair of corpora compared."""
    concords: Concords
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
        overview=overview(samples, level=level),
        pairs=pairs_of(samples, conduct=Conduct.of(decisions, scheme, annotator), level=level),
        concords=concords_of(decisions, scheme, corpora, level=level),
    )


def excerpts(
    remarks: Iterable[Remark],
    decisions: Decisions,
    scheme: CategoryScheme,
    documents: Callable[[Iterable[str]], Iterator[Document]],
) -> tuple[Excerpt, ...]:
    """The beginnings of bookmarked documents by corpus and draw, at most `MOST_EXCERPTS`.

    Each comes with the categories that those of `decisions` by the people who bookmarked it gave it. Raises
    LedgerError when a text cannot be read.
    """
    marked: dict[tuple[str, int, str], list[Remark]] = {}
    for remark in remarks:
        if remark.bookmarked:
            marked.setdefault((remark.corpus, remark.draw, remark.document_id), []).append(remark)
    chosen = [sorted(marked[key], key=attrgetter("annotator")) for key in sorted(marked)[:MOST_EXCERPTS]]
    given: dict[tuple[str, str], str] = {}
    for decision in decisions.by_draw():
        if decision.bookmarked and decision.category:
            given[decision.document_id, decision.annotator] = scheme.today(decision.category) or ""
    found, finals = documents(those[0].event_id for those in chosen), decisions.finals(scheme)
    return tuple(
        excerpt_of(
            those[0].corpus,
            document.address,
            document.text,
            url=document.metadata.get("url"),
            given=[
                (each.annotator, given.get((each.document_id, each.annotator), ""), each.note or "")
                for each in those
            ],
            final=finals.get(those[0].document_id),
        )
        for those, document in zip(chosen, found, strict=True)
    )


def _source(key: str, plan: Plan | None) -> Source:
    planned = plan.corpora.get(key) if plan else None
    if planned is None:
        return Source(
            key, None, "", None, "It is not in the plan, so nothing is known about how it was drawn."
        )
    return Source(key, planned.corpus, planned.revision or "", planned.target, uniformity(planned.corpus))
