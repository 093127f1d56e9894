"""Commands that tell what was labelled: summary, export, corpora. Data on stdout, narration on stderr."""

import sys
from pathlib import Path

import click

from corpuscope.cli.options import open_workspace, workspace_options
from corpuscope.errors import CorpusError, UsageError, nearest


@click.command()
@click.argument("corpora", nargs=-1, metavar="[CORPUS]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "markdown", "csv", "json"]),
    default="table",
    show_default=True,
    help="How to print it.",
)
@click.option(
    "--interval",
    type=click.Choice(["wilson", "goodman", "exact", "anytime"]),
    default="wilson",
    show_default=True,
    help="goodman holds for all categories at once, exact is Clopper-Pearson, anytime bears peeking.",
)
@click.option(
    "--level", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True, help="Confidence level."
)
@click.option(
    "--by",
    type=click.Choice(["documents", "tokens"]),
    default="documents",
    show_default=True,
    help="Shares of what.",
)
@click.option(
    "--to",
    type=click.FloatRange(0.1, 50),
    metavar="PP",
    help="Plan: labels and minutes until every share is within +- this many percentage points.",
)
@click.option("--lengths", is_flag=True, help="Also how long the documents of each category are.")
@click.option("--mine", is_flag=True, help="Only the labels of --annotator.")
@workspace_options
def summary(
    corpora: tuple[str, ...],
    form: str,
    interval: str,
    level: float,
    by: str,
    to: float | None,
    lengths: bool,
    mine: bool,
    labels: Path | None,
    categories: Path | None,
    annotator: str | None,
) -> None:
    """Print counts, shares and intervals of what was labelled.

    \b
    Examples:
      corpuscope summary
      corpuscope summary c4 fineweb --format markdown
      corpuscope summary --to 3
      corpuscope summary --format json | jq '.corpora[].shares'
    """
    from corpuscope.cli.printing import print_summary
    from corpuscope.results.counting import overview
    from corpuscope.results.samples import samples_of

    workspace = open_workspace(labels, categories, annotator)
    decisions = workspace.decisions()
    known(corpora, decisions.corpora())
    samples = samples_of(
        decisions, workspace.scheme, workspace.plan(), corpora or None, workspace.annotator if mine else None
    )
    value = overview(
        samples, level=level, interval=interval, weighting="tokens" if by == "tokens" else "documents"
    )
    for sentence in (*workspace.problems, *value.left_out):
        narrate(sentence)
    if not samples:
        narrate(f"no labels in {workspace.paths.labels} yet; `corpuscope demo` makes the first")
    if samples and not value.summary.corpora:
        raise UsageError("nothing can be counted in tokens", "leave out --by tokens")
    print_summary(value.summary, form, to=to / 100 if to else None, lengths=lengths)


@click.command()
@click.argument("corpora", nargs=-1, metavar="[CORPUS]...")
@click.option(
    "--format", "form", default="csv", show_default=True, metavar="FORMAT", help="csv, jsonl or parquet."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="File to write [default: standard output].",
)
@click.option(
    "--text/--no-text",
    "with_text",
    default=False,
    help="Include texts and urls, or addresses only [default: addresses].",
)
@click.option("--mine", is_flag=True, help="Only the labels of --annotator.")
@workspace_options
def export(
    corpora: tuple[str, ...],
    form: str,
    output: Path | None,
    with_text: bool,
    mine: bool,
    labels: Path | None,
    categories: Path | None,
    annotator: str | None,
) -> None:
    """Write labels with the exact address of each document.

    The order is that of corpora and draws, so that the same labels give the same file.

    \b
    Examples:
      corpuscope export > labels.csv
      corpuscope export c4 --format parquet --text -o c4.parquet
    """
    from corpuscope.export.formats import format_named, write_file
    from corpuscope.export.records import ADDRESS_COLUMNS, COLUMNS, label_records

    chosen = format_named(form)
    if output is None and chosen.binary and sys.stdout.isatty():
        raise UsageError(f"{form} is not for a terminal", f"write it to a file: --output labels.{form}")
    workspace = open_workspace(labels, categories, annotator)
    decisions = workspace.decisions()
    known(corpora, decisions.corpora())
    wanted = [
        d
        for d in decisions.recent(workspace.annotator if mine else None)
        if not corpora or d.corpus in corpora
    ]
    wanted.sort(key=lambda d: (d.corpus, d.draw, d.document_id, d.annotator, d.look))
    uniform = {standing.corpus.key: standing.uniform for standing in workspace.standings(counted=False)}
    records = label_records(
        wanted, workspace.scheme, lambda key: uniform.get(key, ""), workspace.document if with_text else None
    )
    columns = COLUMNS if with_text else ADDRESS_COLUMNS
    if output is None:
        count = chosen.write(records, columns, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    else:
        count = write_file(records, columns, chosen, output)
    for problem in workspace.problems:
        narrate(problem)
    narrate(f"{count:,} labels" + (f" in {output}" if output else ""))


@click.command()
@workspace_options
def corpora(labels: Path | None, categories: Path | None, annotator: str | None) -> None:
    """List the corpora: what is known, planned and labelled, and how fair a sample of each is."""
    from corpuscope.cli.printing import print_corpora

    workspace = open_workspace(labels, categories, annotator)
    print_corpora(workspace.standings(counted=True), workspace.plan())


def narrate(text: str) -> None:
    """Says something beside the data, safe for a terminal."""
    from corpuscope.domain.visible import one_line

    click.echo(one_line(text), err=True)


def known(asked: tuple[str, ...], labelled: tuple[str, ...]) -> None:
    """Raises CorpusError for a corpus that has no labels."""
    for name in asked:
        if name not in labelled:
            raise CorpusError(f"there are no labels of {name!r}", nearest(name, labelled) if labelled else "")
