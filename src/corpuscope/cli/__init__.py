"""Command line of corpuscope: the table of commands, and errors turned into messages and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from corpuscope.cli.stderr import print_click_error, print_error
from corpuscope.errors import CorpuscopeError, UsageError, nearest
from corpuscope.extras import library_fault
from corpuscope.version import __version__

if TYPE_CHECKING:  # only a shell that completes a line needs it
    from click.shell_completion import CompletionItem


class Door(NamedTuple):
    """Where a command is defined, and what the list of commands says of it."""

    module: str
    """Name of the module in this package."""
    summary: str
    """First sentence of the command's help."""


SECTIONS = {
    "Label": {
        "home": Door("label", "Open the list of corpora, as `corpuscope` alone does."),
        "label": Door("label", "Label documents of one or several corpora."),
        "demo": Door("label", "Label the bundled demo corpora; needs no network."),
        "practice": Door("practice", "Label demo documents whose answers are known."),
        "browse": Door("browse", "Browse a corpus without labelling."),
        "relabel": Door("relabel", "Relabel a random sample, blind, to measure your own consistency."),
        "init": Door("schemes", "Write a categories.yaml with comments, to edit."),
        "schemes": Door("schemes", "List the built-in schemes of categories, or show one."),
        "serve": Door("serve", "Show the app in a browser, for a colleague without a terminal."),
    },
    "See the results": {
        "summary": Door("summary", "Print counts, shares and intervals of the labels."),
        "compare": Door("compare", "Print which differences between corpora are established."),
        "mix": Door("mix", "Print what is in a mixture of corpora, with intervals."),
        "agreement": Door("agreement", "Print how far readers of the same documents agree."),
        "report": Door("report", "Write a report of the results as one page, FILE.html or FILE.md."),
    },
    "Get more out of the labels": {
        "estimate": Door("estimate", "Print narrower intervals, with the help of a classifier."),
        "classify": Door("classify", "Let the classifier read a whole corpus."),
        "annotate": Door("annotate", "Let a language model label documents, as a second reader."),
        "filters": Door("filters", "Print what FineWeb's and C4's filters would remove."),
    },
    "Look after the labels": {
        "review": Door("review", "Review all labels: filter, search, relabel."),
        "adjudicate": Door("review", "Settle the documents that readers disagree on, one key each."),
        "corpora": Door("corpora", "List the corpora, their labels, and how fair their samples are."),
        "plan": Door("corpora", "Change the number of labels planned for a corpus."),
        "doctor": Door("doctor", "Check files, the Hub, and whether the sample is uniform."),
        "ledger": Door("ledger", "Check, compact or search the files that keep every label."),
    },
    "Move labels and samples": {
        "merge": Door("merge", "Merge the labels of other machines into this folder."),
        "export": Door("export", "Write labels with the exact address of each document."),
        "import": Door("import_", "Import labels from exports and other tools."),
        "sample": Door("sample", "Draw a sample of a corpus into a file."),
    },
    "In the shell": {
        "completion": Door("completion", "Print the script by which a shell completes command lines."),
    },
}
"""Every command, under the headings of `corpuscope --help`."""

COMMANDS = {name: door for section in SECTIONS.values() for name, door in section.items()}
"""Every command. Its module is loaded only when the command runs or its own help is asked for."""

PIPE_CLOSED = 141
"""Exit code of a program that SIGPIPE ends."""

EPILOG = """\b
Start here:
  corpuscope practice                 twenty documents whose answers are known
  corpuscope label c4 fineweb         read two corpora as one blind queue
  corpuscope summary                  what was found, with intervals
  corpuscope report found.html        the results as one page

Reads ./categories.yaml, or seven built-in categories, and the config file
~/.config/corpuscope/config.toml; keeps every label in ./labels. Every command
has its own --help with examples.
"""
"""Text below the list of commands in `corpuscope --help`."""


class _Commands(click.Group):
    """Group that imports the module of a command on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            if ctx.resilient_parsing:
                return None  # completion: an unknown command is no error
            raise UsageError(f"there is no command {cmd_name!r}", nearest(cmd_name, COMMANDS))
        function = cmd_name + "_" * iskeyword(cmd_name)
        command: click.Command = getattr(
            import_module(f"corpuscope.cli.{COMMANDS[cmd_name].module}"), function
        )
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # the reader has closed the pipe, as `head` does; click would exit with 1
            _discard_output()
            ctx.exit(PIPE_CLOSED)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        widest = max(map(len, COMMANDS))
        for heading, section in SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(widest), door.summary) for name, door in section.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        commands = [
            CompletionItem(name, help=door.summary)
            for name, door in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EPILOG,
)
@click.version_option(__version__, prog_name="corpuscope")
@click.pass_context
def main(context: click.Context) -> None:
    """Read a fair random sample of a corpus, label each document with one key, and get shares that hold up.

    Without a command, opens the list of corpora.
    """
    if context.invoked_subcommand is None:
        from corpuscope.cli.label import home

        context.invoke(home)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; errors become messages on standard error.

    `arguments` are the words after `corpuscope`, by default those of the process.
    """
    try:
        result = main.main(arguments, standalone_mode=False, prog_name="corpuscope")
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.Abort:
        print("interrupted", file=sys.stderr)  # noqa: T201 - the command line speaks on stderr
        return 130
    except click.ClickException as fault:
        print_click_error(fault)
        return fault.exit_code
    except CorpuscopeError as fault:
        print_error(fault)
        return fault.exit_code
    except ImportError as fault:
        if (broken := library_fault(fault)) is None:
            raise
        print_error(broken)
        return broken.exit_code
    except OSError as fault:  # for example a full disk behind standard output
        _discard_output()
        print_error(CorpuscopeError(f"{fault.filename or 'could not go on'}: {fault.strerror or fault}"))
        return 1
    return result if isinstance(result, int) else 0


def _discard_output() -> None:
    """Send buffered output to the null device, so that Python does not fail to flush it at exit."""
    with suppress(OSError, ValueError):  # in a test no file is behind it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
