"""The command that writes labels for use elsewhere."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpuscope.cli import completing
from corpuscope.cli.options import labelled_corpora, open_workspace, workspace_options
from corpuscope.cli.results import known, narrate
from corpuscope.errors import UsageError

if TYPE_CHECKING:
    from corpuscope.export.formats import Format


@click.command()
@labelled_corpora
@click.option(
    "--format",
    "form",
    default="csv",
    show_default=True,
    metavar="FORMAT",
    shell_complete=completing.formats,
    help="csv, jsonl, parquet, dataset (a folder), labelstudio, argilla, prodigy or fasttext.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File, or folder, to write [default: standard output].",
)
@click.option(
    "--text/--no-text",
    "with_text",
    default=False,
    help="Include texts and urls, or addresses only [default: addresses].",
)
@click.option(
    "--category",
    "wanted",
    multiple=True,
    metavar="NAME",
    shell_complete=completing.categories,
    help="Only this one; may be given again.",
)
@click.option("--bookmarked", is_flag=True, help="Only bookmarked documents.")
@click.option("--mine", is_flag=True, help="Only the labels of --annotator.")
@workspace_options
def export(
    corpora: tuple[str, ...],
    form: str,
    output: Path | None,
    with_text: bool,
    wanted: tuple[str, ...],
    bookmarked: bool,
    mine: bool,
    labels: Path | None,
    categories: Path | None,
    annotator: str | None,
) -> None:
    """Write labels with the exact address of each document.

    The order is that of corpora and draws, so that the same labels give the same file. A file gets its name
    when it is complete.

    Reads the labels folder and categories.yaml; writes to standard output, or the file or folder after -o.

    \b
    Examples:
      corpuscope export > labels.csv
      corpuscope export c4 --format parquet --text -o c4.parquet
      corpuscope export --format labelstudio --text -o tasks.json
      corpuscope export --format dataset -o my-labels
      corpuscope export --category News --bookmarked --format jsonl
    """
    from corpuscope.cli.counting_bar import counted
    from corpuscope.export.dataset_folder import CARD, DATA, Contents, dataset_card
    from corpuscope.export.files import whole_file, whole_folder
    from corpuscope.export.formats import format_named
    from corpuscope.export.records import Filter, Shape, label_records
    from corpuscope.export.study import study_of

    chosen = format_named(form)
    chosen.check(text=with_text)
    _check_output(chosen, output)
    workspace = open_workspace(labels, categories, annotator)
    only = Filter(wanted, bookmarked)
    only.check(workspace.scheme)
    decisions = workspace.decisions()
    known(corpora, decisions.corpora())
    who = workspace.annotator if mine else None
    uniform = {standing.corpus.key: standing.uniform for standing in workspace.standings(counted=False)}
    shape = Shape(workspace.scheme.names, with_text)
    records = label_records(
        counted(decisions.by_draw(corpora, who), decisions.how_many(corpora, who), "exporting"),
        workspace.scheme,
        lambda key: uniform.get(key, ""),
        workspace.documents if with_text else None,
        only,
    )
    if output is None:
        count = chosen.write(records, shape, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    elif chosen.folder:
        study = study_of(decisions, workspace.scheme, workspace.plan(), corpora, who)
        with whole_folder(output) as folder:
            (folder / DATA).parent.mkdir()
            with whole_file(folder / DATA) as stream:
                count = chosen.write(records, shape, stream)
            with whole_file(folder / CARD) as stream:
                contents = Contents(count, shape.columns, with_text, only.words)
                stream.write(dataset_card(study, contents).encode("utf-8", "replace"))
    else:
        with whole_file(output) as stream:
            count = chosen.write(records, shape, stream)
    for problem in workspace.problems:
        narrate(problem)
    narrate(f"{count:,} label{'s' * (count != 1)}" + (f" in {output}" if output else ""))


def _check_output(form: "Format", output: Path | None) -> None:
    if output is None and form.folder:
        raise UsageError(f"{form.name} is a folder", "say where: --output my-labels")
    if output is None and form.binary and sys.stdout.isatty():
        raise UsageError(
            f"{form.name} is not for a terminal", f"write it to a file: --output labels.{form.name}"
        )
    if output is not None and output.is_dir() and not form.folder:
        raise UsageError(f"{output}: is a folder", "name a file")
