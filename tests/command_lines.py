"""Command lines as people write them in help and documents: found, and parsed without being run."""

import re
import shlex
from collections.abc import Iterator

import click

from corpuscope.cli import main


def commands(group: click.Group = main, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command and the words that call it, groups and their commands alike."""
    context = click.Context(group)
    for each in group.list_commands(context):
        found = group.get_command(context, each)
        assert found is not None
        yield f"{name}{each}", found
        if isinstance(found, click.Group):
            yield from commands(found, f"{each} ")


def calls_in(text: str) -> list[str]:
    """The calls of corpuscope in lines of a shell, what they are piped into or written to left out."""
    return [
        found.strip()
        for found in re.findall(r'(?:^\s*|\$\()(corpuscope\b(?:"[^"]*"|[^|>#)\n])*)', text, re.MULTILINE)
    ]


def check(call: str) -> None:
    """Raises click.UsageError, or our own, unless the call can be understood; files need not be there."""
    words = shlex.split(call)[1:]
    command: click.Command = main
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None, call
        command = found
    try:
        command.make_context("corpuscope", words)
    except click.exceptions.Exit:
        return  # --help and --version
    except click.BadParameter as fault:
        if "does not exist" not in fault.message:
            raise
