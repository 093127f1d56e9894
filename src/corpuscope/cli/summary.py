"""Command that prints shares with intervals: data on standard output, remarks on standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from corpuscope.cli.options import (
    IntervalChoice,
    NumberRange,
    format_option,
    labelled_corpora,
    level_option,
    mine_option,
    on_workspace,
    require_labelled,
    weighting_option,
)
from corpuscope.cli.stderr import say_stderr
from corpuscope.errors import UsageError
from corpuscope.session.workspace import Workspace
from corpuscope.stats.interval_kinds import KINDS

if TYPE_CHECKING:
    from corpuscope.stats.distribution import Weighting


@click.command()
@labelled_corpora
@format_option
@click.option(
    "--interval",
    type=IntervalChoice([kind.key for kind in KINDS]),
    default=KINDS[0].key,
    show_default=True,
    help=f"{', '.join(f'{kind.key} {kind.help}' for kind in KINDS)}.",
)
@level_option
@weighting_option
@click.option(
    "--to",
    type=NumberRange(0.1, 50),
    metavar="PP",
    help="Show labels and minutes needed until the widest interval is +- this many percentage points.",
)
@click.option("--lengths", is_flag=True, help="Add the lengths of the documents of each category.")
@mine_option
@on_workspace(labels_must_exist=True)
def summary(
    workspace: Workspace,
    corpora: tuple[str, ...],
    form: str,
    interval: str,
    level: float,
    weighting: Weighting,
    to: float | None,
    lengths: bool,
    mine: bool,
) -> None:
    """Print counts, shares and intervals of the labels.

    Without names these are all corpora with labels, and the mixes that `corpuscope mix --save` keeps.

    Reads the labels folder and categories.yaml; writes tables to standard output and messages to standard error.

    \b
    Examples:
      corpuscope summary
      corpuscope summary c4 fineweb --format markdown
      corpuscope summary --to 3
      corpuscope summary --format json | jq '.corpora[].shares'
    """
    from corpuscope.analysis.comparisons import summarise_countable
    from corpuscope.analysis.mixtures import named_mixtures
    from corpuscope.analysis.samples import samples_of
    from corpuscope.cli.output import print_result
    from corpuscope.report.summary_result import SummaryResult

    decisions = workspace.ledger.decisions()
    require_labelled(corpora, decisions.corpora())
    plan = workspace.plan.read()
    samples = samples_of(
        decisions,
        workspace.scheme,
        plan,
        corpora or None,
        workspace.annotator if mine else None,
        workspace.ledger.scores,
    )
    result = summarise_countable(samples, level=level, interval=interval, weighting=weighting)
    for sentence in (*workspace.ledger.problems, *result.left_out):
        say_stderr(sentence)
    if not samples:
        say_stderr(
            f"no labels in {workspace.paths.labels} yet; make some: corpuscope label CORPUS, or corpuscope demo"
        )
    if samples and not result.summary.corpora:
        raise UsageError(f"no corpus can be counted in {weighting}", "leave out --by")
    # a mix is of all its corpora, so where some are named it has no place
    mixtures = () if corpora else named_mixtures(plan, samples, workspace.scheme, level=level)
    if mixtures and form == "csv":
        names = ", ".join(mixture.name for mixture in mixtures)
        say_stderr(f"CSV leaves out the mixes ({names}); print one with: corpuscope mix NAME --format csv")
    if form == "csv" and any(corpus.crossed for corpus in result.summary.corpora):
        say_stderr("CSV leaves out the shares crossed to the seven categories; --format json has them")
    print_result(SummaryResult(result.summary, to / 100 if to else None, lengths, mixtures), form)
