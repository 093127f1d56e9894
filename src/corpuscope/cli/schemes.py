"""Commands that list named schemes of categories, and begin a study with one."""

from __future__ import annotations

from pathlib import Path

import click

from corpuscope.cli.options import STDOUT, OutputPath, format_option, labels_option
from corpuscope.cli.stderr import say_stderr
from corpuscope.config.named_schemes import SCHEMES, SEVEN, scheme_file, without_keys
from corpuscope.errors import CategoryFileError, UsageError
from corpuscope.text.quantities import quantity

FILE = Path("categories.yaml")
"""The file that a study reads its categories from."""


def _complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in SCHEMES if name.startswith(incomplete)]


@click.command()
@click.argument("name", required=False, metavar="[NAME]", shell_complete=_complete)
@format_option
def schemes(name: str | None, form: str) -> None:
    """List the built-in schemes of categories, or show one.

    These are the seven built-in categories and schemes of published papers, with definitions in our own words.

    Reads no files of yours; writes a table to standard output.

    \b
    Examples:
      corpuscope schemes
      corpuscope schemes weborganizer-formats
    """
    from corpuscope.cli.output import print_result
    from corpuscope.config.category_file import load_scheme
    from corpuscope.report.scheme_tables import SchemeListResult, SchemeResult

    if name:
        print_result(SchemeResult(name, load_scheme(scheme_file(name))), form)
    else:
        print_result(SchemeListResult({key: load_scheme(file) for key, file in SCHEMES.items()}), form)


@click.command()
@click.option(
    "--scheme",
    "name",
    metavar="NAME",
    shell_complete=_complete,
    help="Scheme to begin with.  [default: the built-in seven]",
)
@click.option(
    "-o",
    "--output",
    type=OutputPath(dir_okay=False),
    default=FILE,
    metavar="FILE",
    help="Write the categories here.  [default: ./categories.yaml; - prints them]",
)
@labels_option
def init(name: str | None, output: Path, labels: Path | None) -> None:
    """Write a categories.yaml with comments, to edit.

    An existing file is never replaced. Existing labels must have categories of the scheme: a study has one scheme, and
    a second axis is a study of its own in another folder.

    Reads the config file and the labels folder; writes ./categories.yaml, and says on standard error what it did.

    \b
    Examples:
      corpuscope init
      corpuscope init --scheme weborganizer-formats
      corpuscope init --scheme fineweb-edu -o -
    """
    from corpuscope.config.category_file import parse_scheme
    from corpuscope.config.settings import default_paths, load_settings
    from corpuscope.domain.clock import Clock
    from corpuscope.files import whole_file
    from corpuscope.session.ledger import Ledger

    paths = default_paths(labels)
    taken = load_settings(paths.config).keys.taken()
    text, left_out = without_keys(scheme_file(name or SEVEN).read_text("utf-8"), taken)
    scheme = parse_scheme(text, name or SEVEN, taken)
    if output == STDOUT:
        click.echo(text, nl=False)
        return
    if output.exists() or output.is_symlink():
        raise UsageError(f"{output} already exists", "move it away first, or write another file with -o")
    if paths.labels.is_dir():
        try:
            Ledger(paths._replace(categories=output), scheme, Clock()).decisions()
        except CategoryFileError as fault:
            raise UsageError(
                fault.message,
                "nothing was written; begin a study of its own: make a folder, and run `corpuscope init` there",
            ) from None
    with whole_file(output) as stream:
        stream.write(text.encode())
    categories = quantity(len(scheme.categories), "category", "categories")
    say_stderr(f"{output}: {categories}; edit it, then: corpuscope label CORPUS")
    for key in left_out:
        say_stderr(f"the key {key} is taken by the app ({taken[key]}), so no category of the file has it")
