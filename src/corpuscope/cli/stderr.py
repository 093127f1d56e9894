"""What is said beside the data on standard error: remarks, faults, a bar that counts."""

import sys
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import TypeVar

import click

from corpuscope.errors import CorpuscopeError

T = TypeVar("T")

STEP = 64
"""Things passed on between two updates."""


def with_progress(things: Iterable[T], total: int, doing: str) -> Iterator[T]:
    """Passes `things` on; a bar of `total` shows how many, gone at the end."""
    if not sys.stderr.isatty():
        yield from things
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
        task = bar.add_task(doing, total=total)
        for number, thing in enumerate(things, 1):
            yield thing
            if number % STEP == 0:
                bar.update(task, completed=number)


def say_stderr(text: str) -> None:
    """Says something beside the data, safe for a terminal."""
    from corpuscope.text.terminal_text import one_line

    click.echo(one_line(text), err=True)


def print_click_error(fault: click.ClickException) -> None:
    """As click shows it, but safe for a terminal: what was typed may be the name of somebody's file."""
    from corpuscope.text.terminal_text import printable

    said = StringIO()
    fault.show(said)
    click.echo(printable(said.getvalue()), err=True, nl=False)


def print_error(fault: CorpuscopeError) -> None:
    """Prints a fault on stderr, safe for a terminal."""
    from corpuscope.text.terminal_text import printable

    lines = [*fault.message.splitlines(), *fault.hint.splitlines()]
    for i, line in enumerate(lines):
        click.echo(("" if i else "Error: ") + printable(line), err=True)
