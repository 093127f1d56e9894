"""Command that writes the results of a study as one page of HTML or Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpuscope.cli.options import (
    STDOUT,
    OutputPath,
    assisted_option,
    check_assisted,
    labelled_corpora,
    level_option,
    mine_option,
    on_workspace,
    require_labelled,
)
from corpuscope.cli.stderr import say_problems, say_stderr
from corpuscope.cli.stdout import output_stream
from corpuscope.errors import UsageError
from corpuscope.extras import require_extra
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import quantity

if TYPE_CHECKING:
    from corpuscope.analysis.filter_forecast import FilterForecast
    from corpuscope.report.page import Page


@click.command()
@click.argument("file", type=OutputPath(dir_okay=False))
@labelled_corpora
@click.option(
    "--question", metavar="TEXT", help="Title instead of the outcome: the question that the labels answer."
)
@level_option
@click.option("--excerpts/--no-excerpts", default=True, help="Quote bookmarked documents.  [default: yes]")
@assisted_option
@click.option(
    "--keep",
    metavar="RULE",
    help="Also report what a filter by a classifier's score would keep, as in 'Educational>=0.6'.",
)
@mine_option
@on_workspace(labels_must_exist=True)
def report(
    workspace: Workspace,
    file: Path,
    corpora: tuple[str, ...],
    question: str | None,
    level: float,
    excerpts: bool,
    assisted: bool,
    keep: str | None,
    mine: bool,
) -> None:
    """Write a report of the results as one page, FILE.html or FILE.md.

    It begins with the outcome, charts of shares and differences, and what to read with care. Tables, agreement,
    lengths, the beginnings of bookmarked documents, the plan and the definitions follow. The page needs no other file.

    Reads the labels folder and categories.yaml; writes FILE, or Markdown to standard output when FILE is -.

    \b
    Examples:
      corpuscope report found.html
      corpuscope report found.md c4 fineweb
      corpuscope report found.html --question "Is FineWeb cleaner?"
      corpuscope report found.html --assisted
      corpuscope report found.html --keep 'Educational>=0.6'
    """
    from corpuscope.analysis.samples import samples_of
    from corpuscope.analysis.study_results import study_of
    from corpuscope.cli.estimate import assisted_study
    from corpuscope.report import report as reports
    from corpuscope.report.excerpts import excerpts as quoted

    check_assisted(assisted=assisted, mine=mine)
    if keep is not None and mine:
        raise UsageError(
            "--keep and --mine exclude each other", "a filter is judged by the labels that count"
        )
    render = _renderer(file)
    decisions = workspace.ledger.decisions()
    require_labelled(corpora, decisions.corpora())
    annotator_filter = workspace.annotator if mine else None
    study = study_of(
        decisions,
        workspace.scheme,
        workspace.plan.read(),
        corpora,
        annotator_filter,
        level=level,
        scores=workspace.ledger.scores,
    )
    marked = [
        remark
        for remark in decisions.notes(annotator=annotator_filter)
        if excerpts and remark.bookmarked and (not corpora or remark.corpus in corpora)
    ]
    assisted_shares = None
    if assisted:
        samples = samples_of(decisions, workspace.scheme, workspace.plan.read(), corpora or None)
        assisted_shares = assisted_study(workspace, samples, level)
    quotes = quoted(marked, decisions, workspace.scheme, workspace.ledger.documents)
    page = reports.report(
        study,
        quotes,
        question=question,
        bookmarked=len({remark.document_key for remark in marked}),
        assisted=assisted_shares,
        filters=_filters(workspace, corpora, keep, level) if keep is not None else (),
    )
    with output_stream(None if file == STDOUT else file) as stream:
        stream.write(render(page).encode("utf-8", "replace"))
    say_problems(workspace.ledger)
    if lost := sum(quote.text is None for quote in quotes):
        say_stderr(f"damage took the texts of {quantity(lost, 'quoted document')}; the page says so")
    count = sum(c.distribution.n for c in study.overview.summary.corpora)
    say_stderr(f"{quantity(count, 'label')} reported" + (f" in {file}" if file != STDOUT else ""))


def _filters(
    workspace: Workspace, corpora: Sequence[str], keep: str, level: float
) -> Sequence[FilterForecast]:
    """Judge a filter on the labels of each corpus. Raises UsageError for what is no rule."""
    require_extra("assist", "a filter by a classifier's score")
    from corpuscope.analysis.classifier import train
    from corpuscope.analysis.filter_forecast import filter_forecast
    from corpuscope.analysis.samples import samples_of
    from corpuscope.stats.selection import parse_rule

    rule = parse_rule(keep, workspace.scheme.names)
    decisions, plan = workspace.ledger.decisions(), workspace.plan.read()
    classifier = train(decisions, workspace.scheme, plan, workspace.ledger.texts)
    samples = samples_of(decisions, workspace.scheme, plan, corpora or None)
    return [
        filter_forecast(sample, rule, classifier.held_out(sample.corpus), level)
        for sample in samples
        if sample.n
    ]


def _renderer(file: Path) -> Callable[[Page], str]:
    """Return the function that renders a page for the file's extension, Markdown for standard output.

    Raises UsageError for an unknown extension.
    """
    from corpuscope.report.html import page_html
    from corpuscope.report.markdown import page_markdown

    if file == STDOUT:
        return page_markdown
    renderers = {".html": page_html, ".htm": page_html, ".md": page_markdown, ".markdown": page_markdown}
    if file.suffix.lower() not in renderers:
        cannot = f"cannot write {file.suffix} files" if file.suffix else "its name has no extension"
        raise UsageError(f"{file}: {cannot}", "use .html or .md")
    return renderers[file.suffix.lower()]
