"""The command that tells how far readers of the same documents agree."""

import csv
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpuscope.cli.options import (
    format_option,
    labelled_corpora,
    level_option,
    require_labelled,
    require_labels_folder,
    study_options,
)
from corpuscope.cli.stderr import say_stderr

if TYPE_CHECKING:
    from corpuscope.analysis.agreement import AgreementGroup, AgreementReport


@click.command()
@labelled_corpora
@format_option
@level_option
@click.option(
    "--documents",
    is_flag=True,
    help="Also list the documents on which readers do not agree; with csv, only them.",
)
@study_options
def agreement(
    corpora: tuple[str, ...],
    form: str,
    level: float,
    documents: bool,
    labels: Path | None,
    categories: Path | None,
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
    from corpuscope.cli.options import open_workspace
    from corpuscope.cli.output import print_json, print_tables
    from corpuscope.report.agreement_tables import agreement_tables, nothing_to_compare

    workspace = open_workspace(require_labels_folder(labels), categories, None)
    decisions = workspace.decisions()
    require_labelled(corpora, decisions.corpora())
    found = agreement_report(decisions, workspace.scheme, corpora, level=level)
    for problem in workspace.problems:
        say_stderr(problem)
    if not found.whole:
        keys = corpora or decisions.corpora()
        say_stderr(nothing_to_compare(sum(sum(decisions.counts(key, look=None).values()) for key in keys)))
    match form:
        case "json":
            print_json(agreement_json(found))
        case "csv":
            csv.writer(sys.stdout, lineterminator="\n").writerows(
                _disputed_rows(found) if documents else _rows(found)
            )
        case _ if found.whole:
            print_tables(agreement_tables(found, documents=documents), form)


def agreement_json(found: "AgreementReport") -> dict[str, object]:
    """Every number, unrounded, and every document that was read more than once."""
    from corpuscope.report.agreement_tables import effect_on_shares

    def one(concord: "AgreementGroup") -> dict[str, object]:
        return {
            "readers": concord.name,
            "corpora": concord.corpora,
            "skipped": concord.skipped,
            "redefined": concord.redefined,
            "meaning": effect_on_shares(concord),
            "share": concord.measures.share,
            **asdict(concord.measures),
            "shift": asdict(concord.largest_bias) if concord.largest_bias else None,
            "categories": [asdict(each) for each in concord.categories],
            "documents": [asdict(each) for each in concord.documents],
        }

    return {"whole": [one(each) for each in found.whole], "pairs": [one(each) for each in found.pairs]}


def _rows(found: "AgreementReport") -> Iterator[tuple[object, ...]]:
    """One line a number: whose it is, what it is, about which categories."""
    yield ("readers", "measure", "category", "other", "value", "low", "high", "documents")
    for concord in (*found.whole, *found.pairs):
        measures, name = concord.measures, concord.name
        percent, kappa = measures.percent, measures.kappa
        yield (name, "agree", "", "", measures.share, percent.low, percent.high, measures.n)
        if kappa:
            ends = (kappa.interval.low, kappa.interval.high) if kappa.interval else ("", "")
            yield (name, "kappa", "", "", kappa.value, *ends, measures.n)
        for measure, value in (("AC1", measures.ac1), ("alpha", measures.alpha)):
            if value is not None:
                yield (name, measure, "", "", value, "", "", measures.n)
        for each in concord.categories:
            ends = (each.interval.low, each.interval.high)
            yield (name, "agree", each.category, "", each.by_all / each.by_any, *ends, each.by_any)
        for pair in concord.confused_pairs:
            count = len(pair.documents)
            yield (name, "confused", pair.one, pair.other, count, "", "", measures.n)


def _disputed_rows(found: "AgreementReport") -> Iterator[tuple[str, ...]]:
    yield ("readers", "corpus", "document_id", "reader", "category", "event_id")
    for concord in found.whole:
        for each in concord.disputed:
            for reading in each.readings:
                where = (concord.name, each.corpus, each.document_id)
                yield (*where, reading.reader, reading.category, reading.event_id)
