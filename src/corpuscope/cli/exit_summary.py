"""Print what a run of the app added, where it is saved, and what to do next."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

import click
from rich.cells import cell_len, set_cell_size

from corpuscope.config.settings import default_paths, login_name
from corpuscope.errors import CorpuscopeError
from corpuscope.session.run_tally import RunTally
from corpuscope.session.study_plan import CorpusStatus
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import quantity
from corpuscope.text.terminal_text import one_line

INDENT = " " * 12
"""Blanks before every line but the first."""
BAR = 24
"""Cells of the bar of a corpus."""
WIDEST_NAME = 24
"""Most cells of the name of a corpus."""
MOST_CORPORA = 4
"""Corpora that are listed."""


def print_exit_summary(workspace: Workspace, mix: str | None = None) -> None:
    """Print the labels of this run, where they are and what to do next; nothing when nothing was decided.

    `mix` names the mix that the run labelled for, None for none.
    """
    tally = workspace.ledger.tally
    labels = tally.labels
    if not (labels or tally.skipped or tally.bookmarked or tally.noted):
        return
    click.echo(_bold("corpuscope", colour="yellow") + "  " + summary_words(tally))
    try:
        statuses = [s for s in workspace.corpus_statuses(counted=True) if s.corpus.key in labels]
    except CorpuscopeError:  # the labels are safe; the next command names what cannot be read
        statuses = []
    names = max((cell_len(one_line(s.corpus.title, WIDEST_NAME)) for s in statuses), default=0)
    for status in statuses[:MOST_CORPORA]:
        click.echo(INDENT + corpus_words(status, tally.pace, names))
    if len(statuses) > MOST_CORPORA:
        click.echo(f"{INDENT}and {len(statuses) - MOST_CORPORA:,} more corpora")
    click.echo(INDENT + _dim(f"saved in {one_line(_near(workspace.paths.labels))}"))
    for i, words in enumerate(next_words(statuses, workspace, mix)):
        click.echo(INDENT + ("      " if i else "next  ") + words)


def summary_words(tally: RunTally) -> str:
    """Return the counts of a run: "57 labels in 9 min, 9 s per label · 1 skipped, 2 bookmarked, 1 note"."""
    count = tally.labels.total()
    words = quantity(count, "label")
    if tally.minutes >= 1:
        words += f" in {tally.minutes:.0f} min"
    if tally.pace is not None and tally.pace >= 1:
        words += f", {tally.pace:.0f} s per label"
    others = [f"{tally.skipped:,} skipped"] if tally.skipped else []
    others += [f"{tally.bookmarked:,} bookmarked"] if tally.bookmarked else []
    others += [quantity(tally.noted, "note")] if tally.noted else []
    return " · ".join([_bold(words), *([", ".join(others)] if others else [])])


def corpus_words(status: CorpusStatus, pace: float | None, width: int) -> str:
    """Return how far a corpus is, with its name in `width` cells: "C4 57 of 200 ━━━─── 21 min left"."""
    labelled, target = status.labelled or 0, status.target or 0
    name = set_cell_size(one_line(status.corpus.title, WIDEST_NAME), width)
    if not target:
        return f"{name} {quantity(labelled, 'label')} in all"
    if labelled >= target:
        return f"{name} {labelled:,} of {target:,}, plan reached"
    full = BAR * labelled // target
    bar = _bold("━" * full, colour="yellow") + _dim("─" * (BAR - full))
    left = f"  {max((target - labelled) * pace / 60, 1):.0f} min left" if pace else ""
    return f"{name} {labelled:,} of {target:,} {bar}{left}"


def next_words(statuses: Sequence[CorpusStatus], workspace: Workspace, mix: str | None = None) -> list[str]:
    """Return the commands that go on with these corpora, or with a mix, and show their shares.

    A mix goes on when the plan of its corpora is reached: the same command then divides further labels.
    """
    paths, defaults = workspace.paths, default_paths()
    options = [] if paths.labels.absolute() == Path.cwd() / "labels" else ["--labels", str(paths.labels)]
    if paths.categories and paths.categories.absolute() != defaults.categories:
        options += ["--categories", str(paths.categories)]
    summary = _command("corpuscope", "summary", *options) + "  shows the shares"
    if mix is None and all((status.labelled or 0) >= (status.target or 0) for status in statuses):
        return [summary]
    if workspace.annotator != (workspace.settings.annotator or login_name()):
        options += ["--annotator", workspace.annotator]
    what = [status.corpus.key for status in statuses] if mix is None else ["--for-mix", mix]
    return [_command("corpuscope", "label", *what, *options) + "  goes on", summary]


def _command(*words: str) -> str:
    return _bold(one_line(shlex.join(words)))


def _near(folder: Path) -> str:
    """Return a folder as seen from the working folder, where it lies inside it."""
    absolute, here = folder.absolute(), Path.cwd()
    return f"./{absolute.relative_to(here)}" if absolute.is_relative_to(here) else str(folder)


def _dim(text: str) -> str:
    return click.style(text, dim=True) if _coloured() else text


def _coloured() -> bool:
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _bold(text: str, colour: str | None = None) -> str:
    return click.style(text, fg=colour, bold=True) if _coloured() else text
