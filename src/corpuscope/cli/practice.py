"""Command for practising on demo documents that have reference answers."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpuscope.cli.app_runner import crash_note, log_to, need_terminal
from corpuscope.cli.options import open_workspace, study_options
from corpuscope.cli.stderr import say_stderr
from corpuscope.domain.category import CategoryScheme
from corpuscope.session.workspace import Workspace

if TYPE_CHECKING:
    from corpuscope.session.practice import Practice
MAX_DOCUMENTS = 60
"""Largest number of documents in one practice session."""


@click.command()
@click.option(
    "-n",
    "size",
    type=click.IntRange(1, MAX_DOCUMENTS),
    default=20,
    show_default=True,
    help="Documents to label.",
)
@study_options
def practice(size: int, labels: Path | None, categories: Path | None) -> None:
    """Label demo documents whose answers are known.

    After each key a line below the document says what a careful reader answered, and why; at the end stands how
    far you agree, on standard output.

    Reads categories.yaml; writes no labels: practice never counts among yours.

    \b
    Examples:
      corpuscope practice
      corpuscope practice -n 40
    """
    need_terminal("corpuscope practice")
    os.environ.setdefault("TEXTUAL_FPS", "240")
    from corpuscope.session.practice import Practice
    from corpuscope.tui.app import CorpuscopeApp
    from corpuscope.tui.screens.practice import PracticeScreen

    workspace = open_workspace(labels, categories, None)
    paths = workspace.paths
    log_to(paths.log)
    practised = Practice(workspace, _scheme(workspace), size)
    note = partial(crash_note, log=paths.log, labels=paths.labels)
    app = CorpuscopeApp(practised, crash_note=note, first=lambda _: PracticeScreen(practised))
    app.run()
    if app.return_code:
        sys.exit(app.return_code)
    report(practised)


def report(practised: Practice) -> None:
    """Print how far the annotator agrees with the reference answers."""
    from corpuscope.cli.output import print_lines, print_tables
    from corpuscope.report.agreement_tables import missed_lines, practice_table

    answers = [(a.given, a.expected, a.reason, a.document.text) for a in practised.answers()]
    if not answers:
        say_stderr("nothing was labelled, so there is nothing to compare")
        return
    print_tables([practice_table(answers, practised.scheme.names)], "table")
    print_lines(missed_lines(answers))


def _scheme(workspace: Workspace) -> CategoryScheme:
    """Return the user's categories when they include those of the demo, else the built-in ones."""
    from corpuscope.config.category_file import load_scheme

    configured, built_in = workspace.scheme, load_scheme(None, workspace.settings.keys.taken())
    if all(configured.today(name) for name in built_in.names):
        return configured
    say_stderr("the demo's answers are in the built-in seven categories, so these are used")
    return built_in
