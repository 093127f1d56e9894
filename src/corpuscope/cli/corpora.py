"""Commands that list the corpora and change the number of labels planned for one."""

from __future__ import annotations

from pathlib import Path

import click

from corpuscope.cli.options import (
    open_workspace,
    require_labels_folder,
    study_options,
    workspace_options,
)
from corpuscope.cli.stderr import say_stderr


@click.command()
@click.argument("corpus", metavar="CORPUS")
@click.option("-n", "--target", type=click.IntRange(min=1), required=True, help="Labels to plan from now on.")
@study_options
def plan(corpus: str, target: int, labels: Path | None, categories: Path | None) -> None:
    """Plan another number of labels for a corpus.

    Draws stay what they are. Once there are labels the number planned before is kept in the plan, and comparisons
    say that it was changed: who stops, or goes on, because of a difference seen finds too many.

    Reads and writes labels/plan.json; says on standard error what it did.

    \b
    Examples:
      corpuscope plan c4 -n 400
    """
    planned = open_workspace(require_labels_folder(labels), categories, None).replan(corpus, target)
    sentence = f"{corpus}: {planned.target:,} labels planned"
    if planned.replanned:
        before, labelled = planned.replanned[-1]
        sentence += f", {before:,} before; changed after {labelled:,} labels, which comparisons will say"
    say_stderr(sentence)


@click.command()
@workspace_options
def corpora(labels: Path | None, categories: Path | None, annotator: str | None) -> None:
    """List the corpora: known, planned and labelled, and how fair.

    Says of each what is and what is not uniform about a sample of it.

    Reads the labels folder; writes a table to standard output. Needs no network.

    \b
    Examples:
      corpuscope corpora
      corpuscope corpora --labels study/labels
    """
    from corpuscope.cli.output import print_corpora

    workspace = open_workspace(require_labels_folder(labels), categories, annotator)
    print_corpora(workspace.corpus_statuses(counted=True), workspace.plan())
