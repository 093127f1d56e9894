"""The report of a study, as a page and as sections that other pages use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpuscope.analysis.agreement import AgreementReport
from corpuscope.analysis.comparisons import CorpusComparison
from corpuscope.analysis.study_results import StudyResults
from corpuscope.report.agreement_tables import AgreementResult
from corpuscope.report.assisted_tables import assisted_differences, assisted_table, classifier_table
from corpuscope.report.comparison_tables import comparison_table, established_words, points
from corpuscope.report.excerpts import MOST_EXCERPTS, Excerpt
from corpuscope.report.further_tables import further_tables
from corpuscope.report.mixture_result import mixture_tables
from corpuscope.report.page import Bar, Bars, Block, Bullets, Heading, Page, Paragraph
from corpuscope.report.sentences import leading_sentence
from corpuscope.report.tables import (
    Table,
    corpus_table,
    interval_words,
    lengths_table,
    share_words,
    side_by_side,
)
from corpuscope.stats.comparison import Verdict
from corpuscope.stats.summary import CorpusSummary

if TYPE_CHECKING:  # loads scikit-learn
    from corpuscope.analysis.assisted import AssistedStudy

LIMITS = (
    "An interval covers sampling error only, not what the reader takes for one category or another.",
    "Several intervals at once are not independent; each is meant alone.",
    "A category with no labels is not necessarily absent: its share is at most what is given.",
    "A difference that is not established is not proof that the corpora are equal.",
    "The shares hold for the corpora as they are listed here, at these revisions, drawn in this way.",
)
"""Limits of the conclusions, one sentence each."""


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
            source.corpus.path if source.corpus else "",
            (source.corpus.name or "") if source.corpus else "",
            source.corpus.split if source.corpus and source.corpus.kind == "hub" else "",
            source.revision[:12],
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
    rows = tuple(
        (category.name, category.definition, category.includes, category.excludes)
        for category in study.scheme.categories
    )
    columns = ("category", "definition", "goes here", "does not")
    scheme = study.scheme
    caption = tuple(filter(None, (scheme.title, scheme.source, f"scheme {scheme.hash}")))
    return (Heading("Categories"), Table("Definitions", columns, rows, caption, prose=True))


def shares_section(study: StudyResults) -> tuple[Block, ...]:
    """Show the shares in a table per corpus, then those of all corpora side by side."""
    summary = study.overview.summary
    tables = [
        table for corpus in summary.corpora for table in (corpus_table(corpus), *further_tables(corpus))
    ]
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
    if not study.mixtures:
        return ()
    tables = [table for mixture in study.mixtures for table in mixture_tables(mixture)]
    return (Heading("Mixtures"), *tables)


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


READ_ONCE = "No document was read twice, by two people or by one: how far the shares depend on who reads is not known."
"""Text of the section on agreement where it cannot be measured."""

QUESTION = "What is in these corpora?"
"""Default title of a report."""


def report(
    study: StudyResults,
    quoted: Sequence[Excerpt] = (),
    *,
    question: str = QUESTION,
    bookmarked: int = 0,
    assisted: AssistedStudy | None = None,
) -> Page:
    """Make the report of a study: the outcome, the results and their limits, and at the end sample and definitions.

    `question` is the title. `quoted` are excerpts of bookmarked documents, `bookmarked` the number of such documents.
    `assisted` adds a section of assisted shares.
    """
    corpora = study.overview.summary.corpora
    return Page(
        question,
        (
            Paragraph(_introduction(study, corpora)),
            *(Paragraph(sentence) for sentence in (*study.overview.left_out, *study.comparisons.left_out)),
            *_outcome(corpora, study.comparisons.pairs),
            *_shares(study, corpora),
            *assisted_section(assisted),
            *_comparisons(study.comparisons.pairs),
            *mixtures_section(study),
            *limits_section(),
            *_agreement(study.agreement),
            *_lengths(corpora),
            *_excerpts(quoted, bookmarked),
            *sample_section(study),
            *definitions_section(study),
        ),
    )


def _introduction(study: StudyResults, corpora: Sequence[CorpusSummary]) -> str:
    if not corpora:
        return "Nothing is labelled yet."
    counts = ", ".join(f"{corpus.distribution.n:,} documents of {corpus.corpus}" for corpus in corpora)
    annotators = sorted({name for corpus in corpora for name in corpus.provenance.annotators})
    planned = all(source.planned is not None for source in study.sources)
    # without a plan it is not recorded how the documents were drawn
    drawn = "drawn at random, " if planned else ""
    return f"{counts} were {drawn}read and given one category each by {', '.join(annotators)}."


def _outcome(corpora: Sequence[CorpusSummary], pairs: Sequence[CorpusComparison]) -> tuple[Block, ...]:
    """State the largest category of each corpus, and which differences are established."""
    sentences = ["".join(phrase.text for phrase in leading_sentence(corpus)) for corpus in corpora]
    sentences += [
        f"{pair.comparison.second} minus {pair.comparison.first}: {established_words(pair)}."
        for pair in pairs
        if all(pair.comparison.n)
    ]
    return (Bullets(tuple(sentences)),) if sentences else ()


def _shares(study: StudyResults, corpora: Sequence[CorpusSummary]) -> tuple[Block, ...]:
    blocks: list[Block] = [Heading("Shares")]
    # one scale for all charts, so that they can be compared by eye
    highest = max(
        (share.interval.high for corpus in corpora for share in corpus.distribution.shares), default=1.0
    )
    for corpus in corpora:
        shares = corpus.distribution
        bars = tuple(
            Bar(
                share.category,
                share.interval.low,
                share.share,
                share.interval.high,
                f"{share.category} {share_words(share, shares)}, {interval_words(share, shares.n + shares.pending)}",
            )
            for share in shares.shares
        )
        title = f"Shares of {corpus.corpus} in per cent, with {100 * shares.level:g} % intervals"
        blocks += (
            [Bars(title, bars, 0.0, highest or 1.0), corpus_table(corpus)]
            if shares.n + shares.pending
            else []
        )
        blocks += further_tables(corpus)
    if len(corpora) > 1:
        blocks.append(side_by_side(study.overview.summary))
    return tuple(blocks)


def _comparisons(pairs: Sequence[CorpusComparison]) -> tuple[Block, ...]:
    if not pairs:
        return ()
    blocks: list[Block] = [Heading("Comparisons")]
    ends = [
        abs(end)
        for pair in pairs
        for difference in pair.comparison.by_size
        for end in (difference.interval.low, difference.interval.high)
    ]
    reach = max(ends, default=1.0)
    for pair in pairs:
        bars = tuple(
            Bar(
                difference.category,
                difference.interval.low,
                difference.difference,
                difference.interval.high,
                f"{difference.category} {points(difference.difference)} points, "
                f"{points(difference.interval.low)} to {points(difference.interval.high)}, {difference.verdict}",
                established=difference.verdict is not Verdict.NOT_ESTABLISHED,
            )
            for difference in pair.comparison.by_size
        )
        title = (
            f"Differences in points: {pair.comparison.second} minus {pair.comparison.first}. "
            "A thin line is not established"
        )
        blocks += [Bars(title, bars, -reach or -1.0, reach or 1.0), comparison_table(pair)]
    return tuple(blocks)


def _agreement(agreement: AgreementReport) -> tuple[Block, ...]:
    """Show the agreement, or state that it is not known, since that limits all other results."""
    if not agreement.whole:
        return (Heading("Agreement"), Paragraph(READ_ONCE))
    return (Heading("Agreement"), *AgreementResult(agreement).tables())


def _lengths(corpora: Sequence[CorpusSummary]) -> tuple[Block, ...]:
    return (Heading("Lengths"), *(lengths_table(corpus) for corpus in corpora)) if corpora else ()


def _excerpts(quoted: Sequence[Excerpt], bookmarked: int) -> tuple[Block, ...]:
    if not quoted:
        return ()
    introduction = f"Bookmarked by hand, so examples and not a sample: {bookmarked:,}, of each the beginning."
    if bookmarked > len(quoted):
        introduction += f" The first {MOST_EXCERPTS} are shown."
    return (Heading("Bookmarked"), Paragraph(introduction), *quoted)
