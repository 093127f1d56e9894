"""Run a command line in this process; parse those written in help and documents without running them."""

from __future__ import annotations

import logging
import re
import shlex
import sys
import warnings
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import NamedTuple

import click
from click.testing import CliRunner, Result

import corpuscope.cli
from corpuscope.cli import main


def run(*arguments: str) -> Result:
    """Run corpuscope with these arguments and return what it printed, its exit code and its error."""
    return CliRunner().invoke(main, list(arguments))


class Finished(NamedTuple):
    """What a command that has ended leaves behind."""

    returncode: int
    """Its exit code."""
    stdout: str
    """What it printed."""
    stderr: str
    """What it remarked."""


def finished(*arguments: str, folder: Path, **environment: str | None) -> Finished:
    """Run a command as from a shell in `folder`, but in this process; None removes a variable of the environment."""
    with chdir(folder), CliRunner().isolation(env=environment) as (stdout, stderr, _), logging_kept():
        code = corpuscope.cli.run(arguments)
        sys.stdout.flush()
        return Finished(code, stdout.getvalue().decode(), stderr.getvalue().decode())


@contextmanager
def logging_kept() -> Iterator[None]:
    """Leave logging and warnings at the end as they were: a command sends both to its log."""
    root = logging.getLogger()
    handlers, level, raising = list(root.handlers), root.level, logging.raiseExceptions
    try:
        with warnings.catch_warnings():
            yield
    finally:
        logging.captureWarnings(capture=False)
        for handler in set(root.handlers) - set(handlers):
            handler.close()
        root.handlers, logging.raiseExceptions = handlers, raising
        root.setLevel(level)


def commands(group: click.Group = main, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield the words that call each command, groups and subcommands included, with the command."""
    context = click.Context(group)
    for command_name in group.list_commands(context):
        command = group.get_command(context, command_name)
        assert command is not None
        yield f"{name}{command_name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{command_name} ")


def calls_in(text: str) -> list[str]:
    """Return the calls of corpuscope in shell lines, without pipes and redirections."""
    return [
        call.strip()
        for call in re.findall(
            r'(?:^\s*|\$\()(corpuscope\b(?:"[^"]*"|\'[^\'\n]*\'|[^|>#)\n])*)', text, re.MULTILINE
        )
    ]


def check(call: str) -> None:
    """Parse a call. Raises click.UsageError or our UsageError; files it names need not exist."""
    arguments = shlex.split(call)[1:]
    command: click.Command = main
    while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
        subcommand = command.get_command(click.Context(command), arguments.pop(0))
        assert subcommand is not None, call
        command = subcommand
    try:
        command.make_context("corpuscope", arguments)
    except click.exceptions.Exit:
        return  # --help and --version
    except click.BadParameter as fault:
        if "does not exist" not in fault.message:
            raise
