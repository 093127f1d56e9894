"""Command for practising on demo documents that have reference answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from corpuscope.cli.app_runner import need_terminal, open_app
from corpuscope.cli.options import on_workspace
from corpuscope.cli.stderr import say_stderr
from corpuscope.session.workspace import Workspace

if TYPE_CHECKING:
    from corpuscope.session.practice import Practice
MAX_DOCUMENTS = 60
"""Largest number of documents in one practice session."""


@click.command()
@click.option(
    "-n",
    "--count",
    "size",
    type=click.IntRange(1, MAX_DOCUMENTS),
    metavar="N",
    default=20,
    show_default=True,
    help="Documents to label.",
)
@on_workspace(annotator=False)
def practice(
    workspace: Workspace,
    size: int,
) -> None:
    """Label demo documents whose answers are known.

    After each label, a line below the document says what a careful reader answered, and why. How far you agree is
    printed at the end.

    Reads categories.yaml; writes no labels: practice never counts.

    \b
    Examples:
      corpuscope practice
      corpuscope practice -n 40
    """
    need_terminal("corpuscope practice")
    from corpuscope.session.practice import Practice, practice_scheme

    scheme = practice_scheme(workspace)
    if scheme is not workspace.scheme:
        say_stderr("the demo's answers are in the built-in seven categories, so these are used")
    practice_session = Practice(scheme, workspace.annotator, size)

    open_app(workspace, screen="Practice", writes=False, practice=practice_session)
    report(practice_session)


def report(practice_session: Practice) -> None:
    """Print how far the annotator agrees with the reference answers."""
    from corpuscope.cli.output import page_width, print_lines, print_sentences
    from corpuscope.report.agreement_tables import missed_lines, practice_table
    from corpuscope.report.forms import table_text

    answers = [(a.given, a.expected, a.reason, a.document.text) for a in practice_session.answers()]
    if not answers:
        say_stderr("nothing was labelled, so there is nothing to compare")
        return
    print_lines(table_text(practice_table(answers, practice_session.scheme.names), page_width()))
    print_sentences(missed_lines(answers))
