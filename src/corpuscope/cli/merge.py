"""The command that brings the labels of other folders into this one."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpuscope.cli.options import open_workspace, study_options
from corpuscope.cli.stderr import say_stderr
from corpuscope.errors import CategoryFileError, UsageError

if TYPE_CHECKING:
    from corpuscope.ledger.merge import MergeResult
    from corpuscope.session.workspace import Workspace


@click.command()
@click.argument(
    "others",
    nargs=-1,
    required=True,
    metavar="OTHER...",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--dry-run", is_flag=True, help="Say what would come, and write nothing.")
@study_options
@click.pass_context
def merge(
    context: click.Context,
    others: tuple[Path, ...],
    dry_run: bool,
    labels: Path | None,
    categories: Path | None,
) -> None:
    """Bring the labels of other machines into this folder.

    OTHER is a labels folder with its plan.json, made with the same seed and revisions; it is only read. Events
    that are here already do not come twice, so the same folder can be merged again when it has grown. The exit
    code is 1 when something in it could not be read.

    Reads OTHER; writes new files into the labels folder and says on standard output what came.

    \b
    Examples:
      corpuscope merge ben/labels
      corpuscope merge --dry-run ben/labels cem/labels
    """
    from corpuscope.ledger.merge import merge_folder
    from corpuscope.sampling.plan_file import load_plan, save_plan

    workspace = open_workspace(labels, categories, None)
    folder = workspace.paths.labels
    plan = before = workspace.plan()
    found = []
    for other in others:
        if folder.exists() and other.samefile(folder):
            raise UsageError(f"{other} is the folder to merge into", "name another one, or say --labels")
        theirs = load_plan(other / "plan.json")
        plan = plan.joined(theirs, str(other / "plan.json")) if plan else theirs
        found.append(merge_folder(folder, other, write=False))
        _check_categories(other, found[-1], workspace)
    for other, brought in zip(others, found, strict=True):
        _warn(other, brought)
    if not dry_run:
        if plan is not None and plan != before:
            save_plan(plan, workspace.plan_path)
        found = [merge_folder(folder, other) for other in others]
    for other, brought in zip(others, found, strict=True):
        for sentence in (*brought.problems, *brought.notices):
            say_stderr(sentence)
        _tell(other, brought, dry_run=dry_run)
    if any(brought.problems for brought in found):
        context.exit(1)


def _tell(other: Path, brought: "MergeResult", *, dry_run: bool) -> None:
    """One line for each annotator and corpus, then the sum."""
    from corpuscope.text.terminal_text import one_line

    verb = "would come" if dry_run else "came"
    for (annotator, corpus), count in sorted(brought.events.items()):
        click.echo(one_line(f"{count:,} event{'s' * (count != 1)} of {annotator} about {corpus}"))
    click.echo(
        one_line(
            f"{brought.total:,} {verb} from {other}; {brought.duplicates:,} of its events were here already"
        )
    )


def _warn(other: Path, brought: "MergeResult") -> None:
    """Two people of one name would count as one from now on."""
    for annotator in brought.in_both:
        say_stderr(
            f"{annotator} has labelled here and in {other}: taken for one person, whose later labels count"
        )


def _check_categories(other: Path, brought: "MergeResult", workspace: "Workspace") -> None:
    """Refuses labels that this folder's categories do not know: nothing could be counted any more."""
    scheme = workspace.scheme
    unknown = {
        name: count
        for name, count in brought.categories.items()
        if scheme.today(name) is None and name not in scheme.split
    }
    if unknown:
        where = workspace.paths.categories or "the built-in categories"
        lines = [
            f"{where}: {count:,} label{'s' * (count != 1)} in {other} say {name!r}, which is no category here"
            for name, count in unknown.items()
        ]
        raise CategoryFileError(
            "\n".join(lines),
            "use the same categories.yaml, or name it under `formerly:` or `split:`; nothing was changed",
        )
