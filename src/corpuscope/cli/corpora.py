"""Commands that list the corpora and change the number of labels planned for one."""

from __future__ import annotations

import click

from corpuscope.cli.options import on_workspace
from corpuscope.cli.stderr import say_problems, say_stderr
from corpuscope.domain.corpus import MOST_LABELS
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import quantity


@click.command()
@click.argument("corpus", metavar="CORPUS")
@click.option(
    "-n",
    "--target",
    type=click.IntRange(1, MOST_LABELS),
    required=True,
    metavar="N",
    help="Labels to plan for the corpus from now on.",
)
@on_workspace(labels_must_exist=True, annotator=False)
def plan(
    workspace: Workspace,
    corpus: str,
    target: int,
) -> None:
    """Change the number of labels planned for a corpus.

    The draws stay the same. Once there are labels, the plan keeps the previous number too, and comparisons say that
    it was changed: stopping or going on because of a difference already seen finds too many.

    Reads and writes labels/plan.json; says on standard error what it did.

    \b
    Examples:
      corpuscope plan c4 -n 400
    """
    decisions = workspace.ledger.decisions()
    say_problems(workspace.ledger)
    planned = workspace.plan.change_target(corpus, target, workspace.clock.now(), decisions)
    sentence = f"target for {corpus} is now {planned.labels:,}"
    if planned.labels < planned.target:
        sentence += f", all documents of the corpus, instead of {planned.target:,}"
    if planned.replanned:
        before = planned.replanned[-1]
        labels = quantity(before.labels, "label")
        sentence += f" (was {before.target:,}, changed after {labels}; comparisons will note this)"
    say_stderr(sentence)
    from corpuscope.analysis.protocol import documents_alone

    changed = workspace.plan.read()
    if changed is not None and corpus in documents_alone(changed):
        say_stderr(
            f"the documents added to {corpus} come alone, so the annotator will know their corpus; plan more of the "
            "others too, and all are mixed"
        )


@click.command()
@on_workspace(labels_must_exist=True)
def corpora(workspace: Workspace) -> None:
    """List the corpora, their labels, and how fair their samples are.

    Says of each what is and what is not uniform about a sample of it.

    Reads the labels folder; writes a table to standard output. Needs no network.

    \b
    Examples:
      corpuscope corpora
      corpuscope corpora --labels study/labels
    """
    from corpuscope.cli.output import print_corpora

    print_corpora(workspace.corpus_statuses(counted=True), workspace.plan.read())
    say_problems(workspace.ledger)
