"""Options that several commands share, and the workspace they lead to."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from corpuscope.cli.completion import labelled
from corpuscope.errors import CorpusError, nearest, require_folder

if TYPE_CHECKING:
    from corpuscope.session.workspace import Workspace


Command = TypeVar("Command", bound=Callable[..., Any])

labelled_corpora = click.argument("corpora", nargs=-1, metavar="[CORPUS]...", shell_complete=labelled)
"""CORPUS...: which of the labelled corpora, all of them unless some are named."""


def percent(_context: click.Context, option: click.Parameter, value: str | None) -> int | None:
    """A whole number of percent, with or without the sign. Raises BadParameter for anything else."""
    if value is None:
        return None
    digits = value.strip().removesuffix("%").strip()
    if not (digits.isascii() and digits.isdigit() and int(digits) <= 100):
        raise click.BadParameter(f"{value!r} is not a whole number of percent from 0% to 100%", param=option)
    return int(digits)


def names(_context: click.Context, option: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Names with commas between them. Raises BadParameter for fewer than two, or one given twice."""
    if value is None:
        return ()
    found = tuple(name.strip() for name in value.split(","))
    if len(found) < 2 or not all(found) or len(set(found)) < len(found):
        raise click.BadParameter(f"{value!r} is not two or more different names, as in ann,ben", param=option)
    return found


def day(_context: click.Context, option: click.Parameter, value: str | None) -> datetime | None:
    """The beginning of a day, in UTC. Raises BadParameter for anything else."""
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a day, as in 2026-01-31", param=option) from None


format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "markdown", "csv", "json"]),
    default="table",
    show_default=True,
    help="How to print it.",
)
"""--format: the forms every command that prints tables knows."""

level_option = click.option(
    "--level", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True, help="Confidence level."
)
"""--level: the confidence level of every interval."""

weighting_option = click.option(
    "--by",
    type=click.Choice(["documents", "tokens"]),
    default="documents",
    show_default=True,
    help="Shares of what.",
)
"""--by: what the shares are shares of."""


def workspace_options(command: Command) -> Command:
    """--labels, --categories and --annotator."""
    return study_options(
        click.option(
            "--annotator",
            metavar="NAME",
            help="Who labels; your login name unless the config file says otherwise.",
        )(command)
    )


def study_options(command: Command) -> Command:
    """--labels and --categories, for commands that are the same whoever runs them."""
    command = click.option(
        "--categories",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Category file [default: ./categories.yaml, else the built-in seven].",
    )(command)
    return click.option(
        "--labels",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Folder of the labels [default: ./labels].",
    )(command)


def corpus_options(command: Command) -> Command:
    """How to read a corpus that is not built in."""
    for option in (
        click.option(
            "--text",
            metavar="COLUMNS",
            help="Column with the text; several as title=column,title=column [default: text].",
        ),
        click.option("--split", metavar="SPLIT", help="Split of a Hub dataset [default: train]."),
        click.option("--name", metavar="CONFIG", help="Config of a Hub dataset."),
        click.option(
            "--path",
            metavar="PATH",
            help="Hub dataset as owner/name, or local path; the argument is then its short name.",
        ),
    ):
        command = option(command)
    return command


def require_labels_folder(labels: Path | None) -> Path | None:
    """--labels of a command that makes no such folder. Raises UsageError where there is none of that name."""
    if labels is not None:
        require_folder(labels, "say where the labels are with --labels")
    return labels


def open_workspace(labels: Path | None, categories: Path | None, annotator: str | None) -> "Workspace":
    """The workspace the options describe. Raises the errors of config and category files."""
    from corpuscope.session.workspace import Workspace

    return Workspace.at(labels=labels, categories=categories, annotator=annotator)


def require_labelled(asked: tuple[str, ...], labelled: tuple[str, ...]) -> None:
    """Raises CorpusError for a corpus that has no labels."""
    for name in asked:
        if name not in labelled:
            hint = nearest(name, labelled) if labelled else f"make some: corpuscope label {name}"
            raise CorpusError(f"there are no labels of {name!r}", hint)
