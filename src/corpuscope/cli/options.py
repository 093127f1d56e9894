"""Options that several commands share, and the workspace they lead to."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from corpuscope.session.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])


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


def open_workspace(labels: Path | None, categories: Path | None, annotator: str | None) -> "Workspace":
    """The workspace the options describe. Raises the errors of config and category files."""
    from corpuscope.session.workspace import Workspace

    return Workspace.at(labels=labels, categories=categories, annotator=annotator)
