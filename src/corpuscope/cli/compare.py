"""Command that compares corpora with each other, with published labels, and by the crosswalk to formats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from corpuscope.cli.options import (
    assisted_option,
    check_assisted,
    format_option,
    labelled_corpora,
    level_option,
    mine_option,
    on_workspace,
    reference_option,
    require_labelled,
    weighting_option,
)
from corpuscope.cli.stderr import say_stderr
from corpuscope.errors import UsageError
from corpuscope.session.workspace import Workspace
from corpuscope.stats.distribution import Weighting
from corpuscope.stats.sample import Sample

if TYPE_CHECKING:
    from corpuscope.analysis.comparisons import CorpusComparisons
    from corpuscope.analysis.protocol import LabellingProtocol


@click.command()
@labelled_corpora
@reference_option(
    "Compare with published labels: c4, fineweb, fineweb-edu, weborganizer, or a YAML or JSON file; without a value, "
    "with the first three."
)
@format_option
@level_option
@weighting_option
@assisted_option
@mine_option
@on_workspace()
def compare(
    workspace: Workspace,
    corpora: tuple[str, ...],
    references: tuple[str, ...],
    form: str,
    level: float,
    weighting: Weighting,
    assisted: bool,
    mine: bool,
) -> None:
    """Print which differences between corpora are established.

    Those that are not come with the number of labels that would establish them.

    Corpora are compared in pairs, all that are labelled unless some are named. With --reference each is also
    compared with published labels; --reference alone, or several without a corpus, compares those with each
    other and needs no labels.

    Reads the labels folder, categories.yaml and reference files; writes tables to standard output and messages to
    standard error.

    \b
    Examples:
      corpuscope compare
      corpuscope compare --reference
      corpuscope compare c4 fineweb --format markdown
      corpuscope compare my-crawl --reference fineweb --reference ours.yaml
      corpuscope compare fineweb --reference weborganizer
      corpuscope compare c4 fineweb --assisted
    """
    from corpuscope.analysis.comparisons import CorpusComparisons, compare_corpora, summarise_countable
    from corpuscope.analysis.references import PUBLISHED, WEBORGANIZER, references_named
    from corpuscope.cli.output import print_result
    from corpuscope.report.comparison_tables import ComparisonResult
    from corpuscope.report.crosswalk_table import CrosswalkResult

    check_assisted(assisted=assisted, mine=mine)
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
        print_result(ComparisonResult(comparisons.pairs), form)
    elif names or not references:
        raise _nothing_to_compare(comparisons, [sample.corpus for sample in samples], published)
    if assisted:
        print_assisted_differences(
            workspace, [sample for sample in samples if sample.n], level, weighting, form
        )
    if WEBORGANIZER in references:
        countable = summarise_countable(samples, level=level, weighting="tokens")
        print_result(CrosswalkResult(countable.summary), form)
        for sentence in countable.left_out:
            say_stderr(sentence)


def print_assisted_differences(
    workspace: Workspace, samples: Sequence[Sample], level: float, weighting: Weighting, form: str
) -> None:
    """Print the differences between the assisted shares of these corpora. Raises UsageError for fewer than two."""
    from corpuscope.cli.estimate import assisted_study
    from corpuscope.cli.output import print_result
    from corpuscope.report.assisted_result import AssistedDifferences

    study = assisted_study(workspace, samples, level, weighting)
    if len(study.corpora) < 2:
        raise UsageError(
            "fewer than two corpora have assisted shares",
            "see the reasons above; corpuscope estimate draws pools",
        )
    print_result(AssistedDifferences(study), form)


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

    return LabellingProtocol.of(
        workspace.ledger.decisions(), workspace.scheme, annotator, workspace.plan.read()
    )


def _nothing_to_compare(
    comparisons: CorpusComparisons, labelled: Sequence[str], published: Sequence[Sample]
) -> UsageError:
    """Return the error that says why no two corpora can be compared."""
    if comparisons.left_out:
        return UsageError(
            "nothing is left to compare",
            "use the same categories, leave out --by, or relabel first: corpuscope relabel --split",
        )
    if not labelled:
        hint = "label some, or see the published ones: corpuscope compare --reference"
        return UsageError("there are no labels to compare", hint)
    if published:
        return UsageError(
            f"there is nothing to compare {published[0].corpus} with", "name a corpus or a second reference"
        )
    hint = f"label another, or set it against published labels: corpuscope compare {labelled[0]} --reference"
    return UsageError(f"only {labelled[0]} has labels; a comparison needs two corpora", hint)
