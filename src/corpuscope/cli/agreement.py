"""Command that prints how far annotators of the same documents agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from corpuscope.analysis.agreement import AgreementGroup, AgreementReport
    from corpuscope.stats.agreement import Coefficient


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
    from corpuscope.cli.output import print_tables
    from corpuscope.cli.stdout import print_csv, print_json
    from corpuscope.report.agreement_tables import agreement_tables, nothing_to_compare

    decisions = workspace.ledger.decisions()
    require_labelled(corpora, decisions.corpora())
    report = agreement_report(decisions, workspace.scheme, corpora, level=level)
    for problem in workspace.ledger.problems:
        say_stderr(problem)
    if not report.whole:
        keys = corpora or decisions.corpora()
        say_stderr(nothing_to_compare(sum(sum(decisions.counts(key, look=None).values()) for key in keys)))
    match form:
        case "json":
            print_json(agreement_json(report))
        case "csv":
            print_csv(_disputed_rows(report) if documents else _rows(report))
        case _ if report.whole:
            print_tables(agreement_tables(report, documents=documents), form)


def agreement_json(report: AgreementReport) -> dict[str, object]:
    """Return all measures unrounded, and every document that was read more than once."""
    from corpuscope.report.agreement_tables import effect_on_shares

    def coefficient_json(name: str, coefficient: Coefficient | None) -> dict[str, object]:
        interval = asdict(coefficient.interval) if coefficient and coefficient.interval else None
        return {name: coefficient.value if coefficient else None, f"{name}_interval": interval}

    def group_json(group: AgreementGroup) -> dict[str, object]:
        return {
            "readers": group.name,
            "corpora": group.corpora,
            "skipped": group.skipped,
            "redefined": group.redefined,
            "meaning": effect_on_shares(group),
            "share": group.measures.share,
            **asdict(group.measures),
            **coefficient_json("ac1", group.measures.ac1),
            **coefficient_json("alpha", group.measures.alpha),
            "reader_effects": [asdict(effect) for effect in group.reader_effects],
            "categories": [asdict(category) for category in group.categories],
            "documents": [asdict(document) for document in group.documents],
        }

    return {
        "whole": [group_json(group) for group in report.whole],
        "pairs": [group_json(group) for group in report.pairs],
    }


def _rows(report: AgreementReport) -> Iterator[tuple[object, ...]]:
    """Yield one CSV row per measure: annotators, name of the measure, categories, value, interval, documents."""
    yield ("readers", "measure", "category", "other", "value", "low", "high", "documents")
    for group in (*report.whole, *report.pairs):
        measures, name = group.measures, group.name
        percent, kappa = measures.percent, measures.kappa
        yield (name, "agree", "", "", measures.share, percent.low, percent.high, measures.n)
        if kappa:
            ends = (kappa.interval.low, kappa.interval.high) if kappa.interval else ("", "")
            yield (name, "kappa", "", "", kappa.value, *ends, measures.n)
        for measure, coefficient in (("AC1", measures.ac1), ("alpha", measures.alpha)):
            if coefficient is not None:
                interval = coefficient.interval
                ends = (interval.low, interval.high) if interval else ("", "")
                yield (name, measure, "", "", coefficient.value, *ends, measures.n)
        for effect in group.reader_effects:
            names = (name, "reader effect", effect.category, f"{effect.second} minus {effect.first}")
            yield (*names, effect.difference, effect.interval.low, effect.interval.high, effect.n)
        for category in group.categories:
            ends = (category.interval.low, category.interval.high)
            share = category.by_all / category.by_any
            yield (name, "agree", category.category, "", share, *ends, category.by_any)
        for pair in group.confused_pairs:
            count = len(pair.documents)
            yield (name, "confused", pair.one, pair.other, count, "", "", measures.n)


def _disputed_rows(report: AgreementReport) -> Iterator[tuple[str, ...]]:
    """Yield one CSV row per label of each document on which annotators disagree."""
    yield ("readers", "corpus", "document_id", "reader", "category", "event_id")
    for group in report.whole:
        for document in group.disputed:
            for label in document.readings:
                columns = (group.name, document.corpus, document.document_id)
                yield (*columns, label.reader, label.category, label.event_id)
