"""The report of a study as a page: its outcome, charts, what to know before using them, the numbers, an appendix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpuscope.analysis.agreement import AgreementReport
from corpuscope.analysis.comparisons import CorpusComparison
from corpuscope.analysis.study_results import StudyResults
from corpuscope.config.palette import colour_value
from corpuscope.report.agreement_result import AgreementResult
from corpuscope.report.comparison_tables import comparison_table, provisional_words
from corpuscope.report.excerpts import MOST_EXCERPTS, Excerpt
from corpuscope.report.filter_result import filter_section
from corpuscope.report.page import (
    Block,
    Care,
    ChartRow,
    DifferenceFigure,
    Heading,
    Mark,
    Page,
    Paragraph,
    Sentence,
    ShareFigure,
)
from corpuscope.report.scales import common_scale, symmetric_scale
from corpuscope.report.sections import (
    FURTHER_LIMITS,
    assisted_section,
    definitions_section,
    mixtures_section,
    sample_section,
)
from corpuscope.report.sentences import (
    Phrase,
    agreement_sentences,
    difference_sentence,
    headline,
    leading_sentence,
    limit_sentences,
)
from corpuscope.report.summary_result import corpus_tables
from corpuscope.report.tables import interval_words, lengths_table, numbers_table, share_words, signed_points
from corpuscope.stats.comparison import Difference, Verdict
from corpuscope.stats.distribution import Distribution
from corpuscope.stats.summary import CorpusSummary, shared_warnings
from corpuscope.text.quantities import listed, quantity

if TYPE_CHECKING:  # loads scikit-learn
    from corpuscope.analysis.assisted import AssistedStudy
    from corpuscope.analysis.filter_forecast import FilterForecast


LEAST_FOR_TABLE = 20
"""Fewest documents read more than once for tables of agreement."""
READ_ONCE = "No document was read twice, by two people or by one: how far the shares depend on who reads is not known."
"""Text of the section on agreement where it cannot be measured."""

NOTHING = "Nothing is labelled yet"
"""Title of a report without labels."""


def report(
    study: StudyResults,
    quoted: Sequence[Excerpt] = (),
    *,
    question: str | None = None,
    bookmarked: int = 0,
    assisted: AssistedStudy | None = None,
    filters: Sequence[FilterForecast] = (),
) -> Page:
    """Make the report of a study: its outcome, charts, what to know before using them, the numbers, and an appendix.

    `question` is the title instead of the outcome in a few words. `quoted` are excerpts of bookmarked documents,
    `bookmarked` the number of such documents. `assisted` adds a section of assisted shares,
    `filters` one of what a filter would keep.
    """
    corpora = study.overview.summary.corpora
    pairs = [pair for pair in study.comparisons.pairs if all(pair.comparison.n)]
    outcome = headline(corpora)
    return Page(
        question or outcome or NOTHING,
        (
            *([Paragraph(outcome + ".")] if question and outcome else []),
            *(Sentence(tuple(leading_sentence(corpus))) for corpus in corpora),
            *(Sentence(tuple(difference_sentence(pair))) for pair in pairs),
            *_share_chart(study, corpora),
            *_difference_chart(study, pairs),
            Care(tuple(map(tuple, _care(study, corpora)))),
            *_numbers(study, corpora),
            *assisted_section(assisted),
            *mixtures_section(study),
            *filter_section(filters),
            *_agreement(study.agreement),
            *_lengths(corpora),
            *_excerpts(quoted, bookmarked),
            *_appendix(corpora, study.comparisons.pairs),
            *sample_section(study),
            *definitions_section(study),
        ),
        _above(study, corpora),
        tuple(
            (colour_value(category.colour, dark=False), colour_value(category.colour, dark=True))
            for category in study.scheme.categories
        ),
    )


def _above(study: StudyResults, corpora: Sequence[CorpusSummary]) -> str:
    """State day, size and readers in one line: "28 November 2026 · 604 documents drawn at random, read by ann"."""
    documents = sum(corpus.distribution.n for corpus in corpora)
    if not documents or study.last_label is None:
        return ""
    annotators = sorted({name for corpus in corpora for name in corpus.provenance.annotators})
    # without a plan it is not recorded how the documents were drawn
    is_random = all(source.planned is not None for source in study.sources)
    is_random = is_random and all(corpus.provenance.random for corpus in corpora)
    read = f"{quantity(documents, 'document')}{' drawn at random' * is_random}"
    day = f"{study.last_label.day} {study.last_label:%B %Y}"
    return f"{day} · {read}, read by {listed(annotators)}"


def _share_chart(study: StudyResults, corpora: Sequence[CorpusSummary]) -> tuple[Block, ...]:
    drawn = [corpus for corpus in corpora if corpus.distribution.n and not corpus.distribution.pending]
    if not drawn:
        return ()
    summary = study.overview.summary
    rows = tuple(
        ChartRow(name, i, tuple(_share_mark(corpus.distribution, i) for corpus in drawn))
        for i, name in enumerate(drawn[0].distribution.categories)
    )
    caption = (
        f"Shares of {summary.weighting} with {100 * summary.level:g} % intervals, one scale for all corpora. Hollow: "
        "none seen, only the upper end is known."
    )
    scale = common_scale([mark.high for row in rows for mark in row.marks])
    names = tuple(corpus.corpus for corpus in drawn)
    return (ShareFigure("Share of each category", caption, names, rows, scale),)


def _share_mark(shares: Distribution, category: int) -> Mark:
    share = shares.shares[category]
    low, high = share.interval.low, share.interval.high
    words = interval_words(share, shares.n).removesuffix(" %").replace(" to ", "–")
    return Mark(
        low, share.share, high, share_words(share, shares).removesuffix(" %"), words, bool(share.share)
    )


def _difference_chart(study: StudyResults, pairs: Sequence[CorpusComparison]) -> tuple[Block, ...]:
    if not pairs:
        return ()
    colours = {category.name: i for i, category in enumerate(study.scheme.categories)}
    names = [row.category for row in pairs[0].comparison.differences]
    rows = tuple(
        ChartRow(
            name,
            colours[name],
            tuple(_difference_mark(pair.comparison.differences[i]) for pair in pairs),
        )
        for i, name in enumerate(names)
    )
    caption = (
        f"Percentage points with {100 * pairs[0].comparison.level:g} % intervals. In colour: established, with every "
        "category of every pair taken into account. Hollow: not established."
    )
    ends = [end for row in rows for mark in row.marks for end in (mark.low, mark.high)]
    titles = tuple(f"{pair.comparison.second} minus {pair.comparison.first}" for pair in pairs)
    return (DifferenceFigure("What differs", caption, titles, rows, symmetric_scale(ends)),)


def _difference_mark(row: Difference) -> Mark:
    low, high = row.interval.low, row.interval.high
    interval = f"{signed_points(low)} to {signed_points(high)}"
    established = row.verdict is not Verdict.NOT_ESTABLISHED
    return Mark(low, row.difference, high, signed_points(row.difference), interval, established=established)


def _care(study: StudyResults, corpora: Sequence[CorpusSummary]) -> list[list[Phrase]]:
    """List what is provisional, doubtful or left out, then the limits of all such conclusions."""
    sentences = [*study.overview.left_out, *study.comparisons.left_out]
    sentences += shared_warnings(corpora)
    for pair in study.comparisons.pairs:
        names = pair.comparison.second, pair.comparison.first
        title = " minus ".join(names)
        if provisional := provisional_words(pair):
            sentences.append(f"{title} is {provisional}.")
        of_corpora = shared_warnings((pair.first, pair.second))
        sentences += [
            warning if any(name in warning for name in names) else f"{title}: {warning}"
            for warning in pair.warnings
            if warning not in of_corpora
        ]
    care = [[Phrase(sentence)] for sentence in dict.fromkeys(sentences)]
    care += limit_sentences(corpora)
    care += [[Phrase(sentence)] for sentence in FURTHER_LIMITS]
    groups = study.agreement.whole
    care += [sentence for group in groups for sentence in agreement_sentences(group)[:1]]
    return care if groups else [*care, [Phrase(READ_ONCE)]]


def _numbers(study: StudyResults, corpora: Sequence[CorpusSummary]) -> tuple[Block, ...]:
    return (Heading("The numbers"), numbers_table(study.overview.summary)) if corpora else ()


def _appendix(corpora: Sequence[CorpusSummary], pairs: Sequence[CorpusComparison]) -> tuple[Block, ...]:
    """Show the tables of every corpus and pair with their whole captions."""
    if not corpora:
        return ()
    heading = Heading("Appendix: every table, and how it was computed")
    return (heading, *corpus_tables(corpora), *map(comparison_table, pairs))


def _agreement(agreement: AgreementReport) -> tuple[Block, ...]:
    """Show the agreement; groups of few documents in a sentence."""
    groups = agreement.whole
    if not groups:
        return ()
    if max(group.measures.n for group in groups) >= LEAST_FOR_TABLE:
        return (Heading("Agreement"), *AgreementResult(agreement).tables())
    sentences = [sentence for group in groups for sentence in agreement_sentences(group)]
    return (Heading("Agreement"), *(Sentence(tuple(sentence)) for sentence in sentences))


def _lengths(corpora: Sequence[CorpusSummary]) -> tuple[Block, ...]:
    return (Heading("Lengths"), *(lengths_table(corpus) for corpus in corpora)) if corpora else ()


def _excerpts(quoted: Sequence[Excerpt], bookmarked: int) -> tuple[Block, ...]:
    if not quoted:
        return ()
    introduction = f"Bookmarked by hand, so examples and not a sample: {bookmarked:,}, of each the beginning."
    if bookmarked > len(quoted):
        introduction += f" The first {MOST_EXCERPTS} are shown."
    return (Heading("Bookmarked"), Paragraph(introduction), *quoted)
