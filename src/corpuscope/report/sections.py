"""Sections of a study that several pages have: its sample, categories, shares, comparisons, mixtures and limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpuscope.analysis.study_results import StudyResults
from corpuscope.domain.corpus import short_revision
from corpuscope.report.assisted_tables import assisted_differences, assisted_table, classifier_table
from corpuscope.report.comparison_tables import comparison_table
from corpuscope.report.mixture_chart import mixture_blocks
from corpuscope.report.page import Block, Bullets, Heading, Paragraph
from corpuscope.report.summary_result import corpus_tables
from corpuscope.report.tables import Table, side_by_side

if TYPE_CHECKING:  # loads scikit-learn
    from corpuscope.analysis.assisted import AssistedStudy


_SAMPLING_ERROR = (
    "An interval covers sampling error only, not what the reader takes for one category or another."
)
_UNSEEN = "A category with no labels is not necessarily absent: its share is at most what is given."

LIMITS = (
    _SAMPLING_ERROR,
    "Several intervals at once are not independent; each is meant alone.",
    _UNSEEN,
    "A difference that is not established is not proof that the corpora are equal.",
    "The shares hold for the corpora as they are listed here, at these revisions, drawn in this way.",
)
"""Limits of the conclusions, one sentence each."""
FURTHER_LIMITS = tuple(sentence for sentence in LIMITS if sentence not in (_SAMPLING_ERROR, _UNSEEN))
"""Those that `limit_sentences` does not state with the numbers of each corpus."""

ASSISTED = (
    "A classifier trained on the labels has read further documents of the plan. Its mean prediction for them, "
    "corrected by its error on the labelled documents, gives shares with narrower intervals. Verdicts rest on the "
    "labels alone."
)
"""What assisted shares are."""


def sample_section(study: StudyResults) -> tuple[Block, ...]:
    """Describe the sampled corpora, and what is uniform about the samples."""
    rows = tuple(
        (
            source.key,
            source.corpus.public_path if source.corpus else "",
            (source.corpus.name or "") if source.corpus else "",
            source.corpus.split if source.corpus and source.corpus.kind == "hub" else "",
            short_revision(source.revision),
            f"{source.planned:,}" if source.planned else "",
            _labelled(study, source.key),
        )
        for source in study.sources
    )
    columns = ("corpus", "dataset", "config", "split", "revision", "planned", "labels")
    seed = f"seed {study.seed}" if study.seed is not None else "no plan"
    caption = (seed, "draw k of a plan is the same document on every machine")
    table = Table("Corpora", columns, rows, caption, prose=True)
    uniform = tuple(f"{source.key}: {source.uniform}" for source in study.sources)
    return (
        Heading("The sample"),
        table,
        Paragraph("What is uniform, and what is not:"),
        Bullets(uniform),
    )


def definitions_section(study: StudyResults) -> tuple[Block, ...]:
    """Define the categories."""
    scheme = study.scheme
    grouped = any(category.group for category in scheme.categories)
    rows = tuple(
        (
            category.name,
            *([category.group] * grouped),
            category.definition,
            category.includes,
            category.excludes,
        )
        for category in scheme.categories
    )
    columns = ("category", *(["group"] * grouped), "definition", "goes here", "does not")
    caption = tuple(filter(None, (scheme.title, scheme.source, f"scheme {scheme.hash}")))
    return (Heading("Categories"), Table("Definitions", columns, rows, caption, prose=True))


def shares_section(study: StudyResults) -> tuple[Block, ...]:
    """Show the shares in a table per corpus, then those of all corpora side by side."""
    summary = study.overview.summary
    tables = corpus_tables(summary.corpora)
    if len(summary.corpora) > 1:
        tables.append(side_by_side(summary))
    return (Heading("Shares"), *tables)


def comparisons_section(study: StudyResults) -> tuple[Block, ...]:
    """Show a table per pair of corpora; empty for a single corpus."""
    if not study.comparisons.pairs:
        return ()
    return (Heading("Comparisons"), *(comparison_table(pair) for pair in study.comparisons.pairs))


def mixtures_section(study: StudyResults) -> tuple[Block, ...]:
    """Show the mixes that the plan keeps; empty where it keeps none."""
    return mixture_blocks(study.mixtures)


def assisted_section(study: AssistedStudy | None) -> tuple[Block, ...]:
    """Show assisted shares beside those of the labels, their differences, and the classifier; empty without a study."""
    if study is None:
        return ()
    tables: list[Block] = [Paragraph(sentence) for sentence in (ASSISTED, *study.refused)]
    tables += [assisted_table(corpus) for corpus in study.corpora]
    tables += assisted_differences(study)
    if study.classifier is not None:
        tables.append(classifier_table(study.classifier, study.level))
    return (Heading("Assisted shares"), *tables)


def limits_section() -> tuple[Block, ...]:
    """State the limits of the conclusions."""
    return (Heading("What these numbers do not say"), Bullets(LIMITS))


def _labelled(study: StudyResults, key: str) -> str:
    return next((f"{c.distribution.n:,}" for c in study.overview.summary.corpora if c.corpus == key), "")
