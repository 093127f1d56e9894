"""Run a command line in this process; parse those written in help and documents without running them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click
from click.testing import CliRunner, Result

from corpuscope.cli import main


def run(*arguments: str) -> Result:
    """Run corpuscope with these arguments and return what it printed, its exit code and its error."""
    return CliRunner().invoke(main, list(arguments))


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
