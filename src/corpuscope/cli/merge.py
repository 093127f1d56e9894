"""Command that merges other labels folders into this one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpuscope.cli.options import on_workspace
from corpuscope.cli.stderr import say_stderr
from corpuscope.errors import CategoryFileError, UsageError
from corpuscope.sampling.plan_file import load_plan, save_plan
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import inflected, quantity
from corpuscope.text.terminal_text import one_line

if TYPE_CHECKING:
    from corpuscope.ledger.merge import MergeResult


@click.command()
@click.argument(
    "others",
    nargs=-1,
    required=True,
    metavar="OTHER...",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--dry-run", is_flag=True, help="Show what would be added; write nothing.")
@click.option(
    "--partial", is_flag=True, help="Merge the valid labels of a folder that also holds damaged ones."
)
@on_workspace(annotator=False)
@click.pass_context
def merge(
    context: click.Context,
    workspace: Workspace,
    others: tuple[Path, ...],
    dry_run: bool,
    partial: bool,
) -> None:
    """Merge the labels of other machines into this folder.

    OTHER is a labels folder with its plan.json, made with the same seed and revisions; it is only read. Events that
    are here already are not added twice, so the same folder can be merged again when it has grown. The exit code is 1
    when something in it could not be read.

    Reads OTHER; writes new files into the labels folder and says on standard output what was added.

    \b
    Examples:
      corpuscope merge ben/labels
      corpuscope merge --dry-run ben/labels cem/labels
    """
    from corpuscope.annotate.answer_log import merge_answers
    from corpuscope.ledger.merge import merge_folder

    folder = workspace.paths.labels
    plan = before = workspace.plan.read()
    results, left_out = [], []
    for other in others:
        if folder.exists() and other.samefile(folder):
            raise UsageError(
                f"{other} is the folder to merge into", "name another one, or choose with --labels"
            )
        theirs = load_plan(other / "plan.json")
        left_out += [
            f"the mix {name} of {other} is left out: this folder has another one of that name"
            for name, mix in theirs.mixes.items()
            if plan and plan.mixes.get(name, mix) != mix
        ]
        plan = plan.joined(theirs, str(other / "plan.json")) if plan else theirs
        results.append(merge_folder(folder, other, write=False))
        if results[-1].refusals and not partial:
            raise UsageError(
                "\n".join(results[-1].refusals),
                "nothing was merged; --partial merges the rest of that folder",
            )
        _check_categories(other, results[-1], workspace)
    if dry_run and len(others) > 1:
        say_stderr(f"each folder is compared with {folder} alone: events in two of the others count twice")
    for other, result in zip(others, results, strict=True):
        _warn(other, result)
    for sentence in left_out:
        say_stderr(sentence)
    if not dry_run:
        if plan is not None and plan != before:
            save_plan(plan, workspace.plan.path)
        results = [merge_folder(folder, other) for other in others]
    for other, result in zip(others, results, strict=True):
        for sentence in (*result.refusals, *result.problems, *result.notices):
            say_stderr(sentence)
        _print_result(other, result, dry_run=dry_run)
        for model, count in merge_answers(folder, other, write=not dry_run).items():
            if count:
                verb = "would be merged" if dry_run else "merged"
                click.echo(one_line(f"{quantity(count, 'answer')} of {model} {verb} from {other}"))
    if any(result.problems or result.refusals for result in results):
        context.exit(1)


def _print_result(other: Path, result: MergeResult, *, dry_run: bool) -> None:
    """Print merged events by annotator and corpus, then their sum."""
    verb = "would be merged" if dry_run else "merged"
    for (annotator, corpus), count in sorted(result.events.items()):
        click.echo(one_line(f"{quantity(count, 'event')} of {annotator} about {corpus}"))
    click.echo(
        one_line(f"{result.total:,} {verb} from {other}; {result.duplicates:,} of its events already present")
    )


def _warn(other: Path, result: MergeResult) -> None:
    """Warn of annotators who labelled in both folders: two people of one name would count as one."""
    for annotator in result.in_both:
        say_stderr(
            f"{annotator} has labelled here and in {other}: taken for one person, whose later labels count"
        )


def _check_categories(other: Path, result: MergeResult, workspace: Workspace) -> None:
    """Raise CategoryFileError for labels whose category this folder does not have: no summary could count them."""
    scheme = workspace.scheme
    unknown = {
        name: count
        for name, count in result.categories.items()
        if scheme.today(name) is None and name not in scheme.split
    }
    if unknown:
        where = workspace.paths.categories or "the built-in categories"
        lines = [
            f"{where}: {quantity(count, 'label')} in {other} {inflected(count, 'says', 'say')} {name!r}, "
            "which is not a category here"
            for name, count in unknown.items()
        ]
        raise CategoryFileError(
            "\n".join(lines),
            "use the same categories.yaml, or name it under `formerly:` or `split:`; nothing was changed",
        )
