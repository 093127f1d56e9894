"""Command that prints how far annotators of the same documents agree."""

from __future__ import annotations

import click

from corpuscope.cli.options import (
    format_option,
    labelled_corpora,
    level_option,
    on_workspace,
    require_labelled,
)
from corpuscope.cli.stderr import say_stderr
from corpuscope.session.workspace import Workspace


@click.command()
@labelled_corpora
@format_option
@level_option
@click.option(
    "--documents",
    is_flag=True,
    help="Also list the documents on which readers do not agree; with csv, only them.",
)
@on_workspace(labels_must_exist=True, annotator=False)
def agreement(
    workspace: Workspace,
    corpora: tuple[str, ...],
    form: str,
    level: float,
    documents: bool,
) -> None:
    """Print how far people agree who labelled the same documents.

    First looks are compared between annotators, and both looks of each annotator who looked twice: percent
    with its interval, kappa, the categories taken for each other, and what that means for the shares.

    Reads the labels folder and categories.yaml; writes tables to standard output and remarks to standard error.

    \b
    Examples:
      corpuscope agreement
      corpuscope agreement c4 --documents
      corpuscope agreement --documents --format csv > disputed.csv
    """
    from corpuscope.analysis.agreement import agreement_report
    from corpuscope.cli.output import print_result
    from corpuscope.report.agreement_tables import AgreementResult, nothing_to_compare

    decisions = workspace.ledger.decisions()
    require_labelled(corpora, decisions.corpora())
    report = agreement_report(decisions, workspace.scheme, corpora, level=level)
    for problem in workspace.ledger.problems:
        say_stderr(problem)
    if not report.whole:
        keys = corpora or decisions.corpora()
        say_stderr(nothing_to_compare(sum(sum(decisions.counts(key, look=None).values()) for key in keys)))
    print_result(AgreementResult(report, documents=documents), form)
