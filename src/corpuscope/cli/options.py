"""Options shared by several commands, and the workspace that they describe."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from corpuscope.cli.completion import labelled
from corpuscope.corpora.parse import CorpusOptions
from corpuscope.errors import CorpusError, UsageError, nearest, require_folder
from corpuscope.report.forms import FORMS
from corpuscope.session.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])

labelled_corpora = click.argument("corpora", nargs=-1, metavar="[CORPUS]...", shell_complete=labelled)
"""[CORPUS]...: labelled corpora, all of them when none is named."""


def percent(_context: click.Context, option: click.Parameter, value: str | None) -> int | None:
    """Parse a whole number of percent from 0 to 100, with or without the sign. Raises click.BadParameter."""
    if value is None:
        return None
    digits = value.strip().removesuffix("%").strip()
    if not re.fullmatch("0*(100|[0-9]{1,2})", digits):
        raise click.BadParameter(f"{value!r} is not a whole number of percent from 0% to 100%", param=option)
    return int(digits)


def names(_context: click.Context, option: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Parse comma-separated names. Raises click.BadParameter for fewer than two names or a repeated one."""
    if value is None:
        return ()
    parts = tuple(name.strip() for name in value.split(","))
    if len(parts) < 2 or not all(parts) or len(set(parts)) < len(parts):
        raise click.BadParameter(f"{value!r} is not two or more different names, as in ann,ben", param=option)
    return parts


def day(_context: click.Context, option: click.Parameter, value: str | None) -> datetime | None:
    """Parse a date as its first moment in UTC. Raises click.BadParameter."""
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a day, as in 2026-01-31", param=option) from None


format_option = click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMS)),
    default="table",
    show_default=True,
    help="Output format.",
)
"""--format: the output forms of every command that prints tables."""

STDOUT = Path("-")
"""Standard output as a file to write to."""


class Number(click.types.FloatParamType):
    """A number; "nan" and "inf", which click lets through, are refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401
        """Return the number. Raises click.BadParameter."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a finite number", param, ctx)
        return number


class NumberRange(Number, click.FloatRange):
    """A number within bounds."""


class OutputPath(click.Path):
    """A file or folder to write; `-` and other names of standard output are STDOUT."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """Return the path, an absolute one for a file that is called `-`."""
        if os.fspath(value) in ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
            return STDOUT
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        return path.absolute() if path == STDOUT else path


def reference_option(description: str) -> Callable[[Command], Command]:
    """Return the option --reference, as "published" where it is given without a value, with its help text."""
    return click.option(
        "--reference",
        "references",
        is_flag=False,
        flag_value="published",
        multiple=True,
        metavar="[NAME|FILE]",
        help=f"{description} May be repeated.",
    )


mine_option = click.option("--mine", is_flag=True, help="Use only the labels of --annotator.")
"""--mine: whether only the annotator's own labels count."""


def output_option(description: str, *, folder: bool = False) -> Callable[[Command], Command]:
    """Return the option -o with its help text; it is None for standard output. `folder` allows an existing folder."""
    return click.option(
        "-o",
        "--output",
        type=OutputPath(dir_okay=folder),
        callback=lambda _context, _option, value: None if value == STDOUT else value,
        metavar="FILE",
        help=description,
    )


level_option = click.option(
    "--level",
    type=NumberRange(0.5, 0.999),
    default=0.95,
    show_default=True,
    metavar="LEVEL",
    help="Confidence level of the intervals.",
)
"""--level: the confidence level of every interval."""

assisted_option = click.option(
    "--assisted",
    is_flag=True,
    help="Also give shares assisted by a classifier, from the pools that `corpuscope estimate` drew.",
)
"""--assisted: whether assisted shares are given too."""


def check_assisted(*, assisted: bool, mine: bool) -> None:
    """Raise UsageError for assisted shares of one annotator's labels: the classifier learns from those that count."""
    if assisted and mine:
        raise UsageError(
            "--assisted and --mine exclude each other",
            "assisted shares rest on the labels of everybody: leave out --mine",
        )


weighting_option = click.option(
    "--by",
    "weighting",
    type=click.Choice(["documents", "tokens", "characters"]),
    default="documents",
    show_default=True,
    help="Count shares by documents, by the corpus's token counts, or by characters.",
)
"""--by: the unit of which shares are shares."""


class IntervalChoice(click.Choice[str]):
    """A choice of interval methods that accepts the names of earlier versions, with a note on standard error."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the method called `value`, or the one that took its place."""
        from corpuscope.stats.interval_kinds import FORMER_KINDS

        if value in FORMER_KINDS:
            click.echo(
                f"--interval {value} is now {FORMER_KINDS[value]}, whose intervals cover together where "
                f"{value}'s do not",
                err=True,
            )
            value = FORMER_KINDS[value]
        return super().convert(value, param, ctx)


labels_option = click.option(
    "--labels",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of the labels.  [default: ./labels]",
)
"""--labels: the labels folder."""

categories_option = click.option(
    "--categories",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Category file.  [default: ./categories.yaml, else the built-in seven]",
)
"""--categories: the category file."""

annotator_option = click.option(
    "--annotator",
    metavar="NAME",
    help="Your name as annotator.  [default: from the config file, else your login name]",
)
"""--annotator: the name of the annotator."""


_WHERE = "say where the labels are with --labels"
"""What to do about a labels folder that is none."""


def on_workspace(
    *, annotator: bool = True, labels_must_exist: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that hands a command the `Workspace` of its options, before its other parameters.

    The options are --labels and --categories, and --annotator unless the command does not depend on it. A labels
    folder that is a file is a usage error, and with `labels_must_exist` so is a --labels that does not exist.
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def run(
            *context: click.Context,
            labels: Path | None,
            categories: Path | None,
            annotator: str | None = None,
            **others: object,
        ) -> object:
            if labels_must_exist:
                require_labels_folder(labels)
            workspace = Workspace.at(labels=labels, categories=categories, annotator=annotator)
            if workspace.paths.labels.exists():
                require_folder(workspace.paths.labels, _WHERE)
            return command(*context, workspace, **others)

        with_options = annotator_option(run) if annotator else run
        return labels_option(categories_option(with_options))

    return decorate


def corpus_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Hand a command the `CorpusOptions` of the options that describe a corpus which is not built in."""

    @wraps(command)
    def run(*positional: Any, **values: Any) -> object:  # noqa: ANN401  whatever the command takes
        fields = ("path", "name", "split", "text", "tokens", "files", "revision", "census", "in_order")
        described = CorpusOptions(**{field: values.pop(field) for field in fields})
        return command(*positional, described=described, **values)

    for option in (
        click.option(
            "--tokens",
            metavar="COLUMN",
            help="Column with the number of tokens of each document.  [default: token_count and the like, if there]",
        ),
        click.option(
            "--text",
            metavar="COLUMNS",
            help="Column with the text, or doc.text inside one; several as title=column,title=column.  [default: text]",
        ),
        click.option(
            "--in-order",
            is_flag=True,
            help="All documents, in the order of the files instead of a random one.",
        ),
        click.option(
            "--all",
            "census",
            is_flag=True,
            help="All documents instead of a sample: their shares are a census, without intervals.",
        ),
        click.option(
            "--revision",
            metavar="REVISION",
            help="Branch, tag or commit on the Hub, like owner/name@REVISION; of local files the digest.",
        ),
        click.option(
            "--data-files",
            "files",
            metavar="GLOB",
            help="Data files inside the dataset, on the Hub or in a folder.",
        ),
        click.option(
            "--split",
            metavar="SPLIT",
            help="Split of a dataset, on the Hub or in a folder.  [default: train]",
        ),
        click.option(
            "--name",
            metavar="CONFIG",
            help="Config of a dataset, on the Hub or in a folder; like owner/name:CONFIG.",
        ),
        click.option(
            "--path",
            metavar="PATH",
            help="Path of the corpus, whose name is then the argument; the same as NAME=PATH.",
        ),
    ):
        run = option(run)
    return run


def require_labels_folder(labels: Path | None) -> None:
    """Raise UsageError when --labels names a folder that does not exist."""
    if labels is not None:
        require_folder(labels, _WHERE)


def require_labelled(corpora: tuple[str, ...], labelled: tuple[str, ...]) -> None:
    """Raise CorpusError when one of `corpora` is not among the `labelled` ones."""
    for name in corpora:
        if name not in labelled:
            hint = nearest(name, labelled) if labelled else f"make some: corpuscope label {name}"
            raise CorpusError(f"there are no labels of {name!r}", hint)
