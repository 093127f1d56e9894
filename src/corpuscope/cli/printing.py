"""Summaries and corpora on standard output, as a table, Markdown, CSV or JSON."""

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from corpuscope.domain.visible import one_line
from corpuscope.results.tables import Table, corpus_table, side_by_side
from corpuscope.sampling.plan import Plan
from corpuscope.session.workspace import CorpusStanding
from corpuscope.stats.summary import Summary


def print_summary(summary: Summary, form: str) -> None:
    """Prints the tables of a summary, all corpora side by side last when there are several."""
    tables = [corpus_table(each) for each in summary.corpora]
    if len(tables) > 1:
        tables.append(side_by_side(summary))
    match form:
        case "json":
            click.echo(json.dumps(summary_json(summary), ensure_ascii=False, indent=2))
        case "csv":
            _print_csv(summary)
        case "markdown":
            click.echo("\n\n".join(_markdown(table) for table in tables))
        case _:
            for table in tables:
                _print_table(table)


def summary_json(summary: Summary) -> dict[str, object]:
    """The numbers of a summary, unrounded."""
    return {
        "level": summary.level,
        "interval": summary.interval,
        "weighting": summary.weighting,
        "corpora": [
            {
                "corpus": each.corpus,
                "n": each.distribution.n,
                "n_effective": each.distribution.n_effective,
                "method": each.distribution.method,
                "design": each.design,
                "skips": each.skips,
                "bookmarks": each.bookmarks,
                "seconds_per_label": each.seconds_per_label,
                "complete": each.complete,
                "provenance": asdict(each.provenance),
                "shares": [
                    {
                        "category": share.category,
                        "count": share.count,
                        "share": share.share if each.distribution.n else None,
                        "low": share.interval.low,
                        "high": share.interval.high,
                        "ranks": list(share.ranks),
                        "tied_with": list(share.tied_with),
                    }
                    for share in each.distribution.shares
                ],
            }
            for each in summary.corpora
        ],
    }


def _print_csv(summary: Summary) -> None:
    """One line per corpus and category; the cells are those of the tables."""
    rows = csv.writer(sys.stdout, lineterminator="\n")
    for i, each in enumerate(summary.corpora):
        table = corpus_table(each)
        if i == 0:
            rows.writerow(["corpus", *table.columns, "caption"])
        rows.writerows([table.title, *row, "; ".join(table.caption)] for row in table.rows)


def _markdown(table: Table) -> str:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(one_line(cell).replace("|", "\\|") for cell in cells) + " |"

    rule = "|" + "|".join(" :--- " if i == 0 else " ---: " for i in range(len(table.columns))) + "|"
    body = [line(table.columns), rule, *(line(row) for row in table.rows)]
    caption = one_line("; ".join(table.caption))
    return "\n".join([f"**{one_line(table.title)}**", "", *body, "", caption])


def _print_table(table: Table) -> None:
    drawn = RichTable(
        title=Text(one_line(table.title)), title_justify="left", title_style="bold", box=None, pad_edge=False
    )
    for i, column in enumerate(table.columns):
        drawn.add_column(Text(one_line(column)), justify="left" if i == 0 else "right", no_wrap=True)
    for row in table.rows:
        drawn.add_row(*(Text(one_line(cell)) for cell in row))
    console = _console()
    console.print(drawn)
    console.print(Text(" · ".join(one_line(part) for part in table.caption), style="dim"), "")


def print_corpora(standings: Sequence[CorpusStanding], plan: Plan | None) -> None:
    """One line per corpus, then what is uniform about each."""
    drawn = RichTable(box=None, pad_edge=False)
    for column in ("corpus", "labels", "planned", "revision", "what it is"):
        drawn.add_column(column, justify="right" if column in ("labels", "planned") else "left")
    for each in standings:
        drawn.add_row(
            Text(one_line(each.corpus.key)),
            f"{each.labelled:,}" if each.labelled else "",
            f"{each.target:,}" if each.target else "",
            (each.revision or "")[:12],
            Text(one_line(each.corpus.description or each.corpus.path)),
        )
    console = _console()
    console.print(drawn)
    console.print()
    for each in standings:
        console.print(Text(f"{one_line(each.corpus.key)}: {one_line(each.uniform)}"))
    console.print(
        Text(f"\nseed {plan.seed}" if plan else "\nno plan yet; it is written when labelling begins")
    )


def _console() -> Console:
    """Rich respects NO_COLOR and pipes by itself; a pipe gets wide lines rather than wrapped cells."""
    return Console(width=None if sys.stdout.isatty() else 200, markup=False, highlight=False)
