"""Command that compares corpora with each other, with published labels, and by the crosswalk to formats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from corpuscope.cli.options import (
    format_option,
    labelled_corpora,
    level_option,
    on_workspace,
    require_labelled,
    weighting_option,
)
from corpuscope.cli.stderr import say_stderr
from corpuscope.errors import UsageError
from corpuscope.report.crosswalk_table import PROPOSAL, crossed_table, crosswalk_table
from corpuscope.session.workspace import Workspace
from corpuscope.stats.distribution import Weighting
from corpuscope.stats.reference import WEBORGANIZER_CROSSWALK, WEBORGANIZER_SOURCE, apply_crosswalk
from corpuscope.stats.sample import Sample

if TYPE_CHECKING:
    from corpuscope.analysis.comparisons import CorpusComparison, CorpusComparisons
    from corpuscope.analysis.protocol import LabellingProtocol


@click.command()
@labelled_corpora
@click.option(
    "--reference",
    "references",
    is_flag=False,
    flag_value="published",
    multiple=True,
    metavar="[NAME|FILE]",
    help="Compare with published labels: c4, fineweb, fineweb-edu, weborganizer, or a YAML or JSON file; "
    "without a name with all hand labels. May be given again.",
)
@format_option
@level_option
@weighting_option
@click.option("--mine", is_flag=True, help="Only the labels of --annotator.")
@on_workspace()
def compare(
    workspace: Workspace,
    corpora: tuple[str, ...],
    references: tuple[str, ...],
    form: str,
    level: float,
    weighting: Weighting,
    mine: bool,
) -> None:
    """Print which differences between corpora the labels show.

    And which they do not, with the number of labels that would.

    Corpora are compared in pairs, all that are labelled unless some are named. With --reference each is also
    compared with published labels; --reference alone, or several without a corpus, compares those with each
    other and needs no labels.

    Reads the labels folder, categories.yaml and reference files; writes tables to standard output and remarks
    to standard error.

    \b
    Examples:
      corpuscope compare
      corpuscope compare --reference
      corpuscope compare c4 fineweb --format markdown
      corpuscope compare my-crawl --reference fineweb --reference ours.yaml
      corpuscope compare fineweb --reference weborganizer
    """
    from corpuscope.analysis.comparisons import CorpusComparisons, compare_corpora
    from corpuscope.analysis.references import PUBLISHED, WEBORGANIZER, references_named

    names = tuple(name for name in references if name != WEBORGANIZER)
    published = references_named(names)
    alone = not corpora and (len(published) > 1 or names == (PUBLISHED,))
    annotator_filter = workspace.annotator if mine else None
    samples = () if alone else _labelled_samples(workspace, corpora, annotator_filter)
    comparisons = CorpusComparisons(())
    if names or not references:
        protocol = None if alone else _protocol(workspace, annotator_filter)
        comparisons = compare_corpora(samples, published, protocol, level=level, weighting=weighting)
    for sentence in (*workspace.ledger.problems, *comparisons.left_out):
        say_stderr(sentence)
    if comparisons.pairs:
        print_comparisons(comparisons.pairs, form)
    elif names or not references:
        raise _nothing_to_compare(comparisons, [sample.corpus for sample in samples], published)
    if WEBORGANIZER in references:
        for sentence in print_crosswalk(samples, level, form):
            say_stderr(sentence)


def print_comparisons(pairs: Sequence[CorpusComparison], form: str) -> None:
    """Print comparisons of two corpora each; CSV has the cells of the tables, JSON has unrounded numbers."""
    from corpuscope.cli.output import page_width, print_tables
    from corpuscope.cli.stdout import print_csv, print_json
    from corpuscope.report.comparison_tables import comparison_table, table_within

    match form:
        case "json":
            print_json({"comparisons": [comparison_json(pair) for pair in pairs]})
        case "csv":
            print_csv(_csv_rows(pairs))
        case "markdown":
            print_tables([comparison_table(pair) for pair in pairs], form)
        case _:
            print_tables([table_within(pair, page_width()) for pair in pairs], form)


def comparison_json(pair: CorpusComparison) -> dict[str, object]:
    """Return the numbers of one comparison, unrounded."""
    comparison = pair.comparison
    return {
        "first": comparison.first,
        "second": comparison.second,
        "n": list(comparison.n),
        "n_effective": [summary.distribution.n_effective for summary in (pair.first, pair.second)],
        "decided_by": list(comparison.decided_by),
        "headline": comparison.headline,
        "exact": comparison.exact,
        "tests": comparison.tests,
        "pairs": comparison.pairs,
        "p_overall": comparison.p_overall,
        "provisional": comparison.provisional,
        "warnings": list(pair.warnings),
        "level": comparison.level,
        "weighting": pair.first.distribution.weighting,
        "test": asdict(comparison.test),
        "total_variation": asdict(comparison.distance),
        "provenance": [asdict(summary.provenance) for summary in (pair.first, pair.second)],
        "differences": [
            {**asdict(row), "difference": row.difference, "verdict": str(row.verdict)}
            for row in comparison.by_size
        ],
    }


def _csv_rows(pairs: Sequence[CorpusComparison]) -> Iterator[Sequence[str]]:
    from corpuscope.report.comparison_tables import comparison_table

    for i, pair in enumerate(pairs):
        table = comparison_table(pair)
        if i == 0:
            # the pairs below are of other corpora, so the share columns get general names
            columns = (table.columns[0], "first share", "second share", *table.columns[3:])
            yield ["first", "second", *columns, "headline", "warnings", "caption"]
        texts = (table.title, " ".join(table.warnings), "; ".join((*table.findings, *table.caption)))
        for row in table.rows:
            yield [pair.comparison.first, pair.comparison.second, *row, *texts]


def _labelled_samples(
    workspace: Workspace, corpora: tuple[str, ...], annotator: str | None
) -> tuple[Sample, ...]:
    """Return the sample of each named corpus in the order named, of all labelled ones when none is named."""
    from corpuscope.analysis.samples import samples_of

    decisions = workspace.ledger.decisions()
    require_labelled(corpora, decisions.corpora())
    samples = samples_of(decisions, workspace.scheme, workspace.plan.read(), corpora or None, annotator)
    if corpora:  # differences are measured from the corpus named first
        samples = tuple(sorted(samples, key=lambda sample: corpora.index(sample.corpus)))
    return samples


def _protocol(workspace: Workspace, annotator: str | None) -> LabellingProtocol:
    from corpuscope.analysis.protocol import LabellingProtocol

    return LabellingProtocol.of(workspace.ledger.decisions(), workspace.scheme, annotator)


def _nothing_to_compare(
    comparisons: CorpusComparisons, labelled: Sequence[str], published: Sequence[Sample]
) -> UsageError:
    """Return the error that says why no two corpora can be compared."""
    if comparisons.left_out:
        return UsageError("nothing is left to compare", "leave out --by, or use the same categories")
    if not labelled:
        hint = "label some, or see the published ones: corpuscope compare --reference"
        return UsageError("there are no labels to compare", hint)
    if published:
        return UsageError(
            f"there is nothing to compare {published[0].corpus} with", "name a corpus or a second reference"
        )
    hint = f"label another, or set it against published labels: corpuscope compare {labelled[0]} --reference"
    return UsageError(f"only {labelled[0]} has labels; a comparison needs two corpora", hint)


def print_crosswalk(samples: Sequence[Sample], level: float, form: str) -> tuple[str, ...]:
    """Print the WebOrganizer crosswalk, and its shares beside the token shares of `samples`.

    Returns a sentence about each corpus that has no token counts.
    """
    from corpuscope.analysis.comparisons import summarise_countable
    from corpuscope.cli.output import print_tables, summary_json
    from corpuscope.cli.stdout import print_csv, print_json

    countable = summarise_countable(samples, level=level, weighting="tokens")
    walk, shares = crosswalk_table(), crossed_table(countable.summary)
    match form:
        case "json":
            print_json(
                {
                    "source": WEBORGANIZER_SOURCE,
                    "note": PROPOSAL,
                    "crosswalk": [asdict(entry) for entry in WEBORGANIZER_CROSSWALK],
                    "shares": [asdict(share) for share in apply_crosswalk()],
                    "own": summary_json(countable.summary)["corpora"],
                }
            )
        case "csv":
            print_csv(row for table in (walk, shares) for row in (table.columns, *table.rows))
        case _:
            print_tables([walk, shares], form)
    return countable.left_out
