"""Completion of command lines by the shell: the command that switches it on, and what is offered."""

import os
from typing import TYPE_CHECKING

import click

from corpuscope.errors import CorpuscopeError

if TYPE_CHECKING:
    from pathlib import Path

    from click.shell_completion import CompletionItem

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_CORPUSCOPE_COMPLETE"
"""Where the shell says which shell it is; click's choice."""


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print what makes a shell complete command lines.

    SHELL is bash (4.4 or newer), zsh or fish. It then completes commands, options, formats, categories and
    corpora. Corpora are the built-in ones, those of the plan, and files.

    Reads nothing; the script goes to standard output.

    \b
    Examples:
      eval "$(corpuscope completion bash)"
      corpuscope completion bash >> ~/.bashrc
      corpuscope completion zsh > ~/.zfunc/_corpuscope
      corpuscope completion fish > ~/.config/fish/completions/corpuscope.fish

    For zsh the folder has to be named before compinit in ~/.zshrc: fpath+=~/.zfunc
    """
    from click.shell_completion import get_completion_class

    from corpuscope.cli import main

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(main, {}, "corpuscope", VARIABLE).source())


def corpora(context: click.Context, _: click.Parameter, incomplete: str) -> "list[CompletionItem[str]]":
    """Built-in corpora and those of the plan that begin as typed, those already named left out; else files."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(name) for name in _names(context, incomplete)] or [
        CompletionItem(incomplete, type="file")
    ]


def labelled(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Corpora that may have labels: those that `corpora` offers, without files."""
    return _names(context, incomplete)


def demos(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Demo corpora, by the short names `corpuscope demo` knows."""
    from corpuscope.corpora.known import DEMO_KEYS

    names = (key.removeprefix("demo-") for key in DEMO_KEYS)
    return [name for name in names if name.startswith(incomplete)]


def formats(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Formats of exports."""
    from corpuscope.export.formats import NAMES

    return [name for name in NAMES if name.startswith(incomplete)]


def categories(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Names of categories; none while the category file is not sound, which the command itself then says."""
    from shlex import quote

    from corpuscope.session.workspace import Workspace

    try:
        options = {each: context.params.get(each) for each in ("labels", "categories", "annotator")}
        scheme = Workspace.at(**options).scheme
    except (CorpuscopeError, OSError):
        return []
    names = [name for name in scheme.names if name.casefold().startswith(incomplete.casefold())]
    # bash alone takes what is offered for what was typed, so that "Q & A" would be three words
    return [quote(name) for name in names] if os.environ.get(VARIABLE, "").startswith("bash") else names


def _names(context: click.Context, incomplete: str) -> list[str]:
    from corpuscope.corpora.known import KNOWN

    named = context.params.get("corpora") or ()
    names = dict.fromkeys((*KNOWN, *_planned(context)))
    return [name for name in names if name.startswith(incomplete) and name not in named]


def _planned(context: click.Context) -> list[str]:
    """Keys of the plan; a plan that cannot be read has none. Without the validator, which takes its time."""
    import json

    from corpuscope.config.settings import default_paths

    labels: Path | None = context.params.get("labels")
    try:
        return list(json.loads((default_paths(labels).labels / "plan.json").read_bytes())["corpora"])
    except (OSError, ValueError, KeyError, TypeError):
        return []
