"""Print results on standard output as tables, Markdown, CSV or JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from corpuscope.cli.stdout import print_csv, print_json
from corpuscope.report.markdown import markdown
from corpuscope.report.tables import Table, corpus_table, lengths_table, side_by_side
from corpuscope.report.text_layout import caption_line, findings_line, table_lines
from corpuscope.sampling.plan import Plan
from corpuscope.session.study_plan import CorpusStatus
from corpuscope.stats.summary import Summary
from corpuscope.text.terminal_text import one_line

PIPE_WIDTH = 200
"""Width in columns of lines that go into a pipe."""


def print_summary(summary: Summary, form: str, *, to: float | None = None, lengths: bool = False) -> None:
    """Print one table per corpus, then all corpora side by side when there are several.

    `to` is the half-width to plan for, as a fraction; `lengths` adds the lengths of documents by category.
    """
    match form:
        case "json":
            print_json(summary_json(summary, to))
        case "csv":
            print_csv(_csv_rows(summary, to, lengths))
        case _:
            tables = []
            for corpus in summary.corpora:
                tables.append(corpus_table(corpus, to))
                if lengths:
                    tables.append(lengths_table(corpus))
            if len(summary.corpora) > 1:
                tables.append(side_by_side(summary))
            print_tables(tables, form)


def print_tables(tables: Sequence[Table], form: str) -> None:
    """Print tables one below the other, as Markdown or as text."""
    if form == "markdown":
        click.echo("\n\n".join(markdown(table) for table in tables))
        return
    for table in tables:
        _print_table(table)


def print_lines(lines: Sequence[str]) -> None:
    """Print sentences, wrapped between words."""
    console = _console()
    for line in lines:
        console.print(Text(one_line(line)))


def summary_json(summary: Summary, to: float | None = None) -> dict[str, object]:
    """Return the numbers of a summary, unrounded.

    With `to`, a half-width as a fraction, also the labels and time planned until every interval is that narrow.
    """
    return {
        "level": summary.level,
        "interval": summary.interval,
        "weighting": summary.weighting,
        "corpora": [
            {
                "corpus": corpus.corpus,
                "n": corpus.distribution.n,
                "n_effective": corpus.distribution.n_effective,
                "method": corpus.distribution.method,
                "widest_half_width": corpus.distribution.half_width,
                "population": corpus.distribution.population,
                "census": corpus.distribution.is_census,
                "design": corpus.design,
                "skips": corpus.skips,
                "skip_rate": corpus.distribution.skip_rate,
                "pending": corpus.distribution.pending,
                "beyond_plan": corpus.beyond_plan,
                "longest_document_share": corpus.heaviest,
                "warnings": list(corpus.warnings),
                "bookmarks": corpus.bookmarks,
                "seconds_per_label": corpus.seconds_per_label,
                "complete": corpus.complete,
                **({} if to is None else {"plan": asdict(corpus.budget_for(to))}),
                "provenance": asdict(corpus.provenance),
                "shares": [
                    {
                        "category": share.category,
                        "count": share.count,
                        "share": (
                            share.share if corpus.distribution.n and not corpus.distribution.pending else None
                        ),
                        "bounds": list(share.bounds) if share.bounds else None,
                        "low": share.interval.low,
                        "high": share.interval.high,
                        "ranks": list(share.ranks),
                        "tied_with": list(share.tied_with),
                        "lengths": asdict(lengths) if lengths else None,
                    }
                    for share, lengths in zip(corpus.distribution.shares, corpus.lengths, strict=True)
                ],
            }
            for corpus in summary.corpora
        ],
    }


def _csv_rows(summary: Summary, to: float | None, lengths: bool) -> Iterator[Sequence[str]]:
    """Yield one row per corpus and category, with the cells of the tables."""
    bounds = any(corpus.with_bounds for corpus in summary.corpora)
    for i, corpus in enumerate(summary.corpora):
        table = corpus_table(corpus, to, bounds=bounds)
        more = lengths_table(corpus)
        start = 2 if lengths else len(more.columns)
        if i == 0:
            yield ["corpus", *table.columns, *more.columns[start:], "warnings", "caption"]
        texts = (" ".join(table.warnings), "; ".join((*table.findings, *table.caption)))
        for row, longer in zip(table.rows, more.rows, strict=True):
            yield [table.title, *row, *longer[start:], *texts]


def _print_table(table: Table) -> None:
    """Print a table as text with its findings, warnings and caption."""
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


def print_corpora(statuses: Sequence[CorpusStatus], plan: Plan | None) -> None:
    """Print one line per corpus, then what is uniform about each, then the plan."""
    table = RichTable(box=None, pad_edge=False)
    for column in ("corpus", "labels", "planned", "revision", "what it is"):
        table.add_column(column, justify="right" if column in ("labels", "planned") else "left")
    for status in statuses:
        table.add_row(
            Text(one_line(status.corpus.key)),
            f"{status.labelled:,}" if status.labelled else "",
            f"{status.target:,}" if status.target else "",
            (status.revision or "")[:12],
            Text(one_line(status.corpus.description or status.corpus.path)),
        )
    console = _console()
    console.print(table)
    console.print()
    for status in statuses:
        console.print(Text(f"{one_line(status.corpus.key)}: {one_line(status.uniform)}"))
    if plan is None:
        console.print(Text("\nno plan yet; it is written when labelling begins"))
        return
    console.print(Text(f"\nseed {plan.seed}"))
    if plan.second_looks:
        console.print(Text(f"{plan.second_looks} % of the documents come a second time, blind"))
    for sentence in assignment_sentences(plan):
        console.print(Text(sentence))


def assignment_sentences(plan: Plan) -> Iterator[str]:
    """Yield sentences about who labels what; none when all annotators label the same documents."""
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
    """Return the number of columns that a line may take."""
    return _console().width


def _console() -> Console:
    """Return a console on standard output. Rich itself respects NO_COLOR; a pipe gets wide lines, not wrapped cells."""
    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, markup=False, highlight=False)
