"""Tables on standard output: as text, Markdown, CSV or JSON."""

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from corpuscope.report.markdown import markdown
from corpuscope.report.tables import Table, corpus_table, lengths_table, side_by_side
from corpuscope.report.text_layout import caption_line, findings_line, table_lines
from corpuscope.sampling.plan import Plan
from corpuscope.session.study_plan import CorpusStatus
from corpuscope.stats.summary import Summary
from corpuscope.text.terminal_text import one_line

PIPE = 200
"""Columns of a line that goes into a pipe."""


def print_summary(summary: Summary, form: str, *, to: float | None = None, lengths: bool = False) -> None:
    """Prints the tables of a summary, all corpora side by side last when there are several.

    `to` is a half-width to plan for, as a fraction; `lengths` adds how long the documents are.
    """
    match form:
        case "json":
            print_json(summary_json(summary, to))
        case "csv":
            _print_csv(summary, to, lengths)
        case _:
            tables = []
            for each in summary.corpora:
                tables.append(corpus_table(each, to))
                if lengths:
                    tables.append(lengths_table(each))
            if len(summary.corpora) > 1:
                tables.append(side_by_side(summary))
            print_tables(tables, form)


def print_tables(tables: Sequence[Table], form: str) -> None:
    """Prints tables one under the other, as Markdown or as text."""
    if form == "markdown":
        click.echo("\n\n".join(markdown(table) for table in tables))
        return
    for table in tables:
        _print_table(table)


def print_lines(lines: Sequence[str]) -> None:
    """Prints sentences, wrapped between words."""
    console = _console()
    for line in lines:
        console.print(Text(one_line(line)))


def print_json(value: object) -> None:
    """Prints numbers unrounded."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def summary_json(summary: Summary, to: float | None = None) -> dict[str, object]:
    """The numbers of a summary, unrounded; with what is left to do until every share is within +- `to`."""
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
                **({} if to is None else {"plan": asdict(each.budget_for(to))}),
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
                        "lengths": asdict(lengths) if lengths else None,
                    }
                    for share, lengths in zip(each.distribution.shares, each.lengths, strict=True)
                ],
            }
            for each in summary.corpora
        ],
    }


def _print_csv(summary: Summary, to: float | None, lengths: bool) -> None:
    """One line per corpus and category; the cells are those of the tables."""
    rows = csv.writer(sys.stdout, lineterminator="\n")
    for i, each in enumerate(summary.corpora):
        table = corpus_table(each, to)
        more = lengths_table(each)
        start = 2 if lengths else len(more.columns)
        if i == 0:
            rows.writerow(["corpus", *table.columns, *more.columns[start:], "caption"])
        rows.writerows(
            [table.title, *row, *longer[start:], "; ".join((*table.findings, *table.caption))]
            for row, longer in zip(table.rows, more.rows, strict=True)
        )


def _print_table(table: Table) -> None:
    console = _console()
    console.print(Text(one_line(table.title), style="bold"))
    for block in table_lines(table, console.width):
        console.print(
            Text(block[0], style="dim"), *(Text(line) for line in block[1:]), sep="\n", soft_wrap=True
        )
    if table.findings:
        console.print(Text(findings_line(table)))
    for warning in table.warnings:
        console.print(Text(f"! {one_line(warning)}", style="yellow"))
    console.print(Text(caption_line(table), style="dim"))
    console.print()


def print_corpora(standings: Sequence[CorpusStatus], plan: Plan | None) -> None:
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
    if plan is None:
        console.print(Text("\nno plan yet; it is written when labelling begins"))
        return
    console.print(Text(f"\nseed {plan.seed}"))
    if plan.second_looks:
        console.print(Text(f"{plan.second_looks} % of the documents come a second time, blind"))
    for sentence in assignment_sentences(plan):
        console.print(Text(sentence))


def assignment_sentences(plan: Plan) -> Iterator[str]:
    """Who labels what, in sentences; none where everybody labels the same documents."""
    if plan.assignment is None:
        return
    people = ", ".join(one_line(name) for name in plan.assignment.annotators)
    everybody = (
        f"all of them label {plan.assignment.overlap} % of the documents" if plan.assignment.overlap else ""
    )
    yield f"shared among {people}: {', '.join(filter(None, (everybody, 'each of the others is labelled by one')))}"
    for key, planned in plan.corpora.items():
        shares = (f"{one_line(name)} {plan.target_of(key, name):,}" for name in plan.assignment.annotators)
        yield f"of the {planned.target:,} of {one_line(key)}: {', '.join(shares)}"


def page_width() -> int:
    """Columns there are for a line."""
    return _console().width


def _console() -> Console:
    """Rich respects NO_COLOR and pipes by itself; a pipe gets wide lines rather than wrapped cells."""
    return Console(width=None if sys.stdout.isatty() else PIPE, markup=False, highlight=False)
