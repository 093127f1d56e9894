"""Command that checks the files, the Hub and the sample of a study."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from corpuscope.cli import completion
from corpuscope.cli.app_runner import log_to
from corpuscope.cli.options import categories_option, labels_option, require_labels_folder
from corpuscope.cli.stderr import say_stderr
from corpuscope.config.settings import default_paths
from corpuscope.doctor.checks import Check
from corpuscope.file_cache import writable_folder
from corpuscope.sampling.feed.open import source_for
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import quantity
from corpuscope.text.terminal_text import one_line

_COLOURS = {"ok": "green", "warning": "yellow", "error": "bold red", "not checked": "dim"}


@click.command()
@labels_option
@categories_option
@click.option("--offline", is_flag=True, help="Skip checks that need the network.")
@click.option(
    "--audit-order",
    "audit",
    metavar="CORPUS",
    shell_complete=completion.labelled,
    help="Read one file of CORPUS from end to end instead, to compare its first rows with the others.",
)
@click.pass_context
def doctor(
    context: click.Context, labels: Path | None, categories: Path | None, offline: bool, audit: str | None
) -> None:
    """Check files, the Hub, and whether the sample is uniform.

    One line per check; the exit code is 1 when one of them is an error. By chance, one check
    of a uniform sample in a thousand gives p < .001, which counts as an error.

    Reads the config file, categories.yaml and every byte of the labels folder, and fetches one byte of each corpus
    from the Hub; writes to standard output and changes no file of yours.

    \b
    Examples:
      corpuscope doctor
      corpuscope doctor --offline
      corpuscope doctor --audit-order c4
    """
    if audit is not None and offline:
        raise click.UsageError("--audit-order and --offline exclude each other: it reads a file of the Hub")
    require_labels_folder(labels)
    checks = (
        _order_check(audit, labels, categories)
        if audit is not None
        else _study_checks(labels, categories, offline)
    )
    failed = 0
    for check in checks:
        _print(check)
        failed += check.state == "error"
    if failed:
        say_stderr(f"{quantity(failed, 'check')} failed")
        context.exit(1)


def _study_checks(labels: Path | None, categories: Path | None, offline: bool) -> Iterator[Check]:
    """Yield the checks of the whole study as they finish."""
    from corpuscope.doctor.doctor import examine

    paths = default_paths(labels, categories)
    log_to(paths.log)
    return examine(paths, offline=offline)


def _order_check(name: str, labels: Path | None, categories: Path | None) -> Iterator[Check]:
    """Yield one check: whether the first rows of a file of the corpus are like the others."""
    from corpuscope.doctor.shard_order import shard_order_check

    workspace = Workspace.at(labels=labels, categories=categories)
    log_to(workspace.paths.log)
    (corpus,) = workspace.plan.request([name]).corpora
    plan = workspace.plan.read()
    planned = plan.corpora.get(corpus.key) if plan else None
    source = source_for(corpus, planned.revision if planned else None, writable_folder(workspace.paths.cache))
    with _row_counter(f"reading a file of {corpus.key}") as on_row:
        check = shard_order_check(source, on_row)
    yield check


@contextmanager
def _row_counter(description: str) -> Iterator[Callable[[int], None]]:
    """Show how many rows were read while the context lasts, on a terminal only; yield the function to call."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}, {task.completed:,.0f} rows", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True, highlight=False), transient=True) as progress:
        task = progress.add_task(description, total=None)
        yield lambda rows: progress.update(task, completed=rows)


def _print(check: Check) -> None:
    """Print one check on one line, with its state in colour on a terminal."""
    from rich.console import Console
    from rich.text import Text

    sentence = f"{check.name}: {check.message}" + (f"; {check.hint}" if check.hint else "")
    line = Text.assemble((f"{check.state:<12}", _COLOURS[check.state]), one_line(sentence))
    Console(highlight=False).print(line, soft_wrap=True)
