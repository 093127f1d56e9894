"""Shell completion: the command that prints the script, and the candidates for each kind of argument."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpuscope.cli import main
from corpuscope.config.settings import default_paths
from corpuscope.corpora.known import DEMO_KEYS, KNOWN
from corpuscope.domain.corpus import is_safe_name
from corpuscope.errors import CorpuscopeError
from corpuscope.session.workspace import Workspace

if TYPE_CHECKING:  # every command that completes corpora loads this file, and few lines are completed
    from click.shell_completion import CompletionItem

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_CORPUSCOPE_COMPLETE"
"""Environment variable in which the shell script names its shell. The name is click's."""


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print the script by which a shell completes command lines.

    For bash (4.4 or newer), zsh and fish. The shell then completes commands, options, formats, categories and
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

    script = get_completion_class(shell)
    assert script is not None
    click.echo(script(main, {}, "corpuscope", VARIABLE).source())


def corpora(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Offer corpora not yet named on the line, built-in or planned; files when none begins as typed."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(name) for name in _names(context, incomplete)] or [
        CompletionItem(incomplete, type="file")
    ]


def labelled(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Offer corpora that may have labels: those that `corpora` offers, without files."""
    return _names(context, incomplete)


def demos(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Offer the demo corpora by the short names that `corpuscope demo` takes."""
    names = (key.removeprefix("demo-") for key in DEMO_KEYS)
    return [name for name in names if name.startswith(incomplete)]


def formats(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Offer the export formats."""
    from corpuscope.export.formats import NAMES

    return [name for name in NAMES if name.startswith(incomplete)]


def categories(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Offer category names; none while the category file is invalid, which the command itself reports."""
    try:
        options = {name: context.params.get(name) for name in ("labels", "categories", "annotator")}
        scheme = Workspace.at(**options).scheme
    except (CorpuscopeError, OSError):
        return []
    return _words(name for name in scheme.names if name.casefold().startswith(incomplete.casefold()))


def _words(names: Iterable[str]) -> list[str]:
    """Return what a shell inserts for `names`, without those that hold a control character.

    Only bash inserts candidates unquoted: "Q & A" would be three words there, and "$(date)" a command.
    """
    from shlex import quote

    harmless = [name for name in names if name.isprintable()]
    in_bash = os.environ.get(VARIABLE, "").startswith("bash")
    return [quote(name) for name in harmless] if in_bash else harmless


def _names(context: click.Context, incomplete: str) -> list[str]:
    """Return built-in and planned corpora that begin as typed and are not on the line yet."""
    named = context.params.get("corpora") or ()
    names = dict.fromkeys((*KNOWN, *_planned(context)))
    return _words(name for name in names if name.startswith(incomplete) and name not in named)


def _planned(context: click.Context) -> list[str]:
    """Return the corpus keys of the plan, none when it cannot be read.

    The plan may come from a colleague. Validating all of it is slow, so that only the keys are checked: one that
    cannot name a corpus would be refused by the reader of the plan.
    """
    import json

    labels: Path | None = context.params.get("labels")
    try:
        keys = list(json.loads((default_paths(labels).labels / "plan.json").read_bytes())["corpora"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []
    return [key for key in keys if isinstance(key, str) and is_safe_name(key)]
