"""Command that shows labelled documents a second time, blind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from corpuscope.cli.app_runner import need_terminal, open_app
from corpuscope.cli.options import (
    labelled_corpora,
    on_workspace,
    require_labelled,
)
from corpuscope.cli.stderr import say_stderr
from corpuscope.config.actions import LABELLING
from corpuscope.session.factories import Relabelling
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import inflected, quantity

if TYPE_CHECKING:
    from corpuscope.session.repeats import RelabelPlan


@click.command()
@labelled_corpora
@click.option(
    "-n",
    "--count",
    type=click.IntRange(min=1),
    metavar="N",
    help="Documents with two readings in the end, including those that have two already.  "
    "[default: one label in ten, at least 20]",
)
@click.option(
    "--split",
    is_flag=True,
    help="Instead, relabel the documents whose category was split up in categories.yaml.",
)
@on_workspace(labels_must_exist=True)
def relabel(
    workspace: Workspace,
    corpora: tuple[str, ...],
    count: int | None,
    split: bool,
) -> None:
    """Relabel a random sample, blind, to measure your own consistency.

    The documents are a random sample of your labels, fixed by the seed, as many of each corpus as possible. Your
    first label is hidden until you give the second, and stays the one that counts in shares. `corpuscope agreement`
    then says how far both readings agree.

    Reads categories.yaml, labels/plan.json and the texts in the labels folder, nothing over the network. Writes
    each label into the labels folder before the next document appears.

    \b
    Examples:
      corpuscope relabel
      corpuscope relabel c4 fineweb -n 60
      corpuscope relabel --split
    """
    require_labelled(corpora, workspace.ledger.decisions().corpora())
    plan = workspace.plan_relabelling(corpora, count, split=split)
    if not plan.size:
        say_stderr(_nothing_to_relabel(plan, workspace, split=split))
        return
    need_terminal("corpuscope relabel")
    open_app(workspace, screen=LABELLING.name, factory=Relabelling(workspace, plan))


def _nothing_to_relabel(plan: RelabelPlan, workspace: Workspace, *, split: bool) -> str:
    """Return the sentence that says why no document is left to relabel."""
    if split:
        return "no label of yours is of a category that was split up"
    repeated = sum(plan.done.values())
    if repeated:
        read = f"{quantity(repeated, 'document')} {inflected(repeated, 'has', 'have')} two readings already"
        return f"{read}; for more: corpuscope relabel -n {repeated + 20}"
    return (
        f"{workspace.annotator} has no labels in {workspace.paths.labels} with 20 or more after them; "
        "there has to be something to forget"
    )
