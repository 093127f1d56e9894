"""Commands that open the app on existing labels: to review them, to adjudicate disagreements."""

from __future__ import annotations

import click

from corpuscope.cli.app_runner import need_terminal, open_app
from corpuscope.cli.options import (
    labelled_corpora,
    on_workspace,
    require_labelled,
)
from corpuscope.cli.stderr import say_stderr
from corpuscope.config.actions import REVIEW
from corpuscope.session.workspace import Workspace


@click.command()
@on_workspace(labels_must_exist=True)
def review(workspace: Workspace) -> None:
    """Review all labels: filter, search, relabel.

    The last label of a document counts; one that is given here does not count as blind.

    Reads the labels folder and categories.yaml; writes new labels into the labels folder.

    \b
    Examples:
      corpuscope review
      corpuscope review --annotator ben
    """
    need_terminal("corpuscope review")
    open_app(workspace, screen=REVIEW.name, to_look=True)


@click.command()
@labelled_corpora
@on_workspace(labels_must_exist=True)
def adjudicate(
    workspace: Workspace,
    corpora: tuple[str, ...],
) -> None:
    """Settle the documents that readers disagree on, one key each.

    Every reader's label and note stand beside the document. The final category is kept as an event of its own:
    the labels of the readers stay as they are.

    Reads the labels folder and categories.yaml; writes your decisions into the labels folder.

    \b
    Examples:
      corpuscope adjudicate
      corpuscope adjudicate c4 fineweb
    """
    decisions = workspace.ledger.decisions()
    require_labelled(corpora, decisions.corpora())
    if not decisions.label_index(workspace.scheme).first_of_each_disagreement(corpora):
        from corpuscope.tui.screens.adjudicate import NONE

        say_stderr(NONE)
        return
    need_terminal("corpuscope adjudicate")
    open_app(workspace, screen="Adjudicate", corpora=corpora)
