"""A bar that counts labels on a terminal's error output, and nothing where that is no terminal."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

STEP = 64
"""Things passed on between two updates."""


def counted(things: Iterable[T], total: int, doing: str) -> Iterator[T]:
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
