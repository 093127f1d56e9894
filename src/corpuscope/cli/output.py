"""Print results on standard output as tables, Markdown, CSV or JSON."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.text import Text

from corpuscope.cli.stdout import print_text
from corpuscope.domain.corpus import short_revision
from corpuscope.report.forms import FORMS, Line, Result, table_text
from corpuscope.report.tables import Table
from corpuscope.sampling.plan import Plan
from corpuscope.session.study_plan import CorpusStatus
from corpuscope.text.terminal_text import one_line

PIPE_WIDTH = 200
"""Width in columns of lines that go into a pipe, unless COLUMNS says another."""


def print_result(result: Result, form: str) -> None:
    """Print a result in one of FORMS."""
    print_lines(FORMS[form](result, page_width()))


def print_table(table: Table) -> None:
    """Print a table on a terminal, and its headings and rows separated by tabs in a pipe."""
    if sys.stdout.isatty():
        print_lines(table_text(table, page_width()))
    else:
        print_lines(Line("\t".join(map(one_line, cells))) for cells in (table.columns, *table.rows))


def print_lines(lines: Iterable[Line]) -> None:
    """Print lines, with their styles on a terminal."""
    console = _console()
    for line in lines:
        if line.style or line.wraps:
            console.print(Text(line.text, style=line.style), soft_wrap=not line.wraps)
        else:
            print_text(line.text + "\n")


def print_corpora(statuses: Sequence[CorpusStatus], plan: Plan | None) -> None:
    """Print one line per corpus, then what is uniform about each, then the plan."""
    rows = tuple(
        (
            status.corpus.key,
            f"{status.labelled:,}" if status.labelled else "",
            f"{status.target:,}" if status.target else "",
            short_revision(status.revision),
            status.corpus.description or status.corpus.path,
        )
        for status in statuses
    )
    text_columns = ("revision", "what it is")
    table = Table("", ("corpus", "labels", "planned", *text_columns), rows, (), text_columns=text_columns)
    print_lines(table_text(table, page_width()))
    print_sentences(f"{status.corpus.key}: {status.uniform}" for status in statuses)
    print_sentences(["", *plan_sentences(plan)])


def print_sentences(sentences: Iterable[str]) -> None:
    """Print sentences, wrapped between words."""
    print_lines(Line(one_line(sentence), wraps=True) for sentence in sentences)


def plan_sentences(plan: Plan | None) -> Iterator[str]:
    """Yield sentences about the plan: its seed, repeats, and who labels what."""
    if plan is None:
        yield "no plan yet; it is written when labelling begins"
        return
    yield f"seed {plan.seed}"
    if plan.second_looks:
        yield f"{plan.second_looks} % of the documents come a second time, blind"
    yield from assignment_sentences(plan)


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
        yield f"of the {planned.labels:,} of {one_line(key)}: {', '.join(shares)}"


def page_width() -> int:
    """Return the number of columns that a line may take."""
    return _console().width


def _console() -> Console:
    """Return a console on standard output. Rich itself respects NO_COLOR and COLUMNS.

    A pipe gets wide lines, not wrapped cells.
    """
    has_width = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
    return _Console(width=None if has_width else PIPE_WIDTH, markup=False, highlight=False)


class _Console(Console):
    """A console that leaves a pipe closed by its reader to the command line; Rich's own ends the process."""

    def on_broken_pipe(self) -> None:
        """Raise BrokenPipeError."""
        raise BrokenPipeError
