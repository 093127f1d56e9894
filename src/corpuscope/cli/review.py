"""Commands that open the app on existing labels: to review them, to adjudicate disagreements."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpuscope.cli.app_runner import need_terminal, open_app
from corpuscope.cli.options import (
    labelled_corpora,
    open_workspace,
    require_labelled,
    require_labels_folder,
    workspace_options,
)
from corpuscope.cli.stderr import say_stderr
from corpuscope.session.workspace import Workspace

if TYPE_CHECKING:
    from textual.screen import Screen


@click.command()
@workspace_options
def review(labels: Path | None, categories: Path | None, annotator: str | None) -> None:
    """Go over what was labelled: filter, search, label anew.

    The last label of a document counts; one that is given here does not count as blind.

    Reads the labels folder and categories.yaml; writes into the labels folder what you label anew.

    \b
    Examples:
      corpuscope review
      corpuscope review --annotator ben
    """
    need_terminal("corpuscope review")

    def first_screen(workspace: Workspace) -> Screen[None]:
        from corpuscope.tui.screens.review import ReviewScreen

        return ReviewScreen(workspace)

    open_app(open_workspace(require_labels_folder(labels), categories, annotator), (), first=first_screen)


@click.command()
@labelled_corpora
@workspace_options
def adjudicate(
    corpora: tuple[str, ...], labels: Path | None, categories: Path | None, annotator: str | None
) -> None:
    """Decide what readers do not agree on, each with one key.

    Every reader's label and note stand beside the document. The final category is kept as an event of its own:
    the labels of the readers stay as they are.

    Reads the labels folder and categories.yaml; writes your decisions into the labels folder.

    \b
    Examples:
      corpuscope adjudicate
      corpuscope adjudicate c4 fineweb
    """
    workspace = open_workspace(require_labels_folder(labels), categories, annotator)
    decisions = workspace.decisions()
    require_labelled(corpora, decisions.corpora())
    if not decisions.label_index(workspace.scheme).first_of_each_disagreement(corpora):
        from corpuscope.tui.screens.adjudicate import NONE

        say_stderr(NONE)
        return
    need_terminal("corpuscope adjudicate")

    def first_screen(workspace: Workspace, corpora: tuple[str, ...]) -> Screen[None]:
        from corpuscope.tui.screens.adjudicate import AdjudicateScreen

        return AdjudicateScreen(workspace, corpora)

    open_app(workspace, (), first=partial(first_screen, corpora=corpora))
