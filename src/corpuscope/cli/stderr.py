"""Standard error: remarks beside the data, error messages, progress bars."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING, TypeVar

import click

from corpuscope.errors import CorpuscopeError
from corpuscope.text.quantities import inflected, quantity
from corpuscope.text.terminal_text import one_line, printable

if TYPE_CHECKING:  # errors are printed without them
    from corpuscope.domain.category import CategoryScheme
    from corpuscope.ledger.read.decisions import Decisions
    from corpuscope.session.ledger import Ledger

T = TypeVar("T")

STEP = 64
"""Items between two updates of the bar."""


def with_progress(items: Iterable[T], total: int, description: str, step: int = STEP) -> Iterator[T]:
    """Yield `items`, counted by a progress bar of `total` on a terminal, which is removed at the end.

    `step` is the number of items between two updates of the bar.
    """
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
        console=Console(stderr=True, highlight=False),
        transient=True,
    ) as bar:
        task = bar.add_task(description, total=total)
        for number, item in enumerate(items, 1):
            yield item
            if number % step == 0:
                bar.update(task, completed=number)


def say_stderr(text: str) -> None:
    """Print a remark beside the data on one line, safe for a terminal."""
    click.echo(one_line(text), err=True)


def say_problems(ledger: Ledger) -> None:
    """Say what could not be read in the labels folder: what is left out is never left out in silence."""
    for problem in ledger.problems:
        say_stderr(problem)


def say_awaiting(
    decisions: Decisions,
    scheme: CategoryScheme,
    corpora: Sequence[str] = (),
    annotator: str | None = None,
    look: int | None = None,
) -> None:
    """Say how many labels are left out because their category was split up; nothing where there are none."""
    awaiting = sum(
        decision.category is not None and scheme.today(decision.category) is None
        for corpus in corpora or (None,)
        for decision in decisions.to_relabel(scheme, corpus, annotator, look)
    )
    if awaiting:
        say_stderr(
            f"{quantity(awaiting, 'label')} of a category that was split up "
            f"{inflected(awaiting, 'awaits', 'await')} a new reading; left out"
        )


def print_click_error(fault: click.ClickException) -> None:
    """Print an error as click does, but safe for a terminal: it may quote the name of a file from elsewhere."""
    message = StringIO()
    fault.show(message)
    click.echo(printable(message.getvalue()), err=True, nl=False)


def print_error(fault: CorpuscopeError) -> None:
    """Print the message of an error and its hint, safe for a terminal."""
    lines = [*fault.message.splitlines(), *fault.hint.splitlines()]
    for i, line in enumerate(lines):
        click.echo(("" if i else "Error: ") + printable(line), err=True)
