"""Commands for maintaining the ledger: check its files, compact them, show the history of a document."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpuscope.cli.options import labels_option, require_labels_folder
from corpuscope.cli.stderr import say_stderr
from corpuscope.config.settings import default_paths
from corpuscope.domain.label import Event
from corpuscope.text.quantities import quantity
from corpuscope.text.terminal_text import one_line, printable

if TYPE_CHECKING:
    from corpuscope.ledger.check import FileReport


@click.group()
def ledger() -> None:
    """Check, compact or search the files that keep every label.

    Reads the labels folder; only `compact` writes there.

    \b
    Examples:
      corpuscope ledger check
      corpuscope ledger compact
      corpuscope ledger show 0190a1b2 --text
    """


@ledger.command()
@labels_option
@click.pass_context
def check(context: click.Context, labels: Path | None) -> None:
    """Verify every byte of the ledger and change nothing.

    The exit code is 1 when something is wrong, and after damage that took labels or texts until the files set aside,
    *.damaged, are removed.

    Reads the labels folder; writes a table to standard output, tab-separated in a pipe.

    \b
    Examples:
      corpuscope ledger check
      corpuscope ledger check --labels ben/labels
    """
    from corpuscope.cli.output import print_table
    from corpuscope.ledger.check import check as check_ledger
    from corpuscope.report.tables import Table

    folder = _folder(labels)
    report = check_ledger(folder)
    rows = tuple(
        (
            str(file.path.relative_to(folder)),
            file.kind,
            f"{file.events:,}",
            f"{file.bytes:,}",
            _state(file),
        )
        for file in report.files
    )
    columns = ("file", "kind", "events", "bytes", "state")
    print_table(Table("", columns, rows, (), text_columns=("kind", "state")))
    for sentence in (*report.problems, *report.losses):
        _say(sentence)
    _say(
        f"{quantity(report.events, 'event')} about {quantity(report.documents, 'document')}"
        f" in {quantity(len(report.files), 'file')}: "
        + (quantity(len(report.problems), "problem") if report.problems else "whole")
        + (f", {quantity(len(report.losses), 'earlier loss', 'earlier losses')}" if report.losses else "")
    )
    if report.repeated:
        say_stderr(
            f"{quantity(report.repeated, 'event')} in two files, as a crash leaves them; each counts once"
        )
    if report.problems:
        say_stderr("`corpuscope ledger compact` sets damaged files aside, keeps them, and saves what it can")
    if report.losses:
        say_stderr(
            "a copy of the folder may have what was lost; when you need no more of a *.damaged file, remove it, "
            "and it is no longer reported"
        )
    if report.problems or report.losses:
        context.exit(1)


@ledger.command()
@labels_option
def compact(labels: Path | None) -> None:
    """Tidy the ledger: few large Parquet files, damage set aside.

    Writes what crashed sessions left as Parquet, rewrites files of older versions, merges small ones, and recovers
    the sound part of damaged ones, which are kept as *.damaged. No label is lost.

    Reads and writes the labels folder; says on standard output what it did.

    \b
    Examples:
      corpuscope ledger compact
      corpuscope ledger compact --labels study/labels
    """
    from corpuscope.ledger.check import compact as compact_ledger

    report = compact_ledger(_folder(labels))
    for notice in report.notices:
        say_stderr(notice)
    if report.live:
        say_stderr(f"{quantity(report.live, 'journal')} of open sessions left alone")
    _say(
        f"{quantity(report.journals, 'journal')} compacted; "
        f"{quantity(report.parts_before, 'part')} before, {report.parts_after:,} now"
    )


@ledger.command()
@click.argument("id_prefix", metavar="ID")
@click.option("--text", "with_text", is_flag=True, help="Print the document's text too.")
@labels_option
def show(id_prefix: str, labels: Path | None, *, with_text: bool) -> None:
    """Print every event about one document.

    ID is the beginning of the id of the document, or of any event about it, as exports and
    `corpuscope agreement --documents` print it.

    Reads the labels folder; writes to standard output, tab-separated in a pipe.

    \b
    Examples:
      corpuscope ledger show 0190a1b2
      corpuscope ledger show 6ef15c --text | less
    """
    from corpuscope.cli.output import print_table
    from corpuscope.domain.document import format_address
    from corpuscope.ledger.check import history
    from corpuscope.report.tables import Table

    events = history(
        _folder(labels),
        id_prefix,
        lambda path, damage: say_stderr(f"{path} is damaged ({damage}), and its events are not shown"),
    )
    document = events[-1].document
    _say(f"document {document.id} of {document.corpus}, draw {document.draw:,}")
    _say(format_address(document.address))
    url = document.metadata.get("url")
    if isinstance(url, str):
        _say(url)
    click.echo()
    columns = ("when (UTC)", "what", "who", "look", "event", "")
    print_table(Table("", columns, _history_rows(events), (), text_columns=("what", "who", "event", "")))
    if with_text:
        text = next((event.document.text for event in reversed(events) if event.document.text), "")
        click.echo("\n" + printable(text))


def _history_rows(events: Sequence[Event]) -> tuple[tuple[str, ...], ...]:
    """Return one table row per event, oldest first."""
    undone: set[str | None] = set()
    for event in reversed(events):
        if event.target and event.id not in undone:
            undone.add(event.target)
    return tuple(
        (
            f"{event.at:%Y-%m-%d %H:%M:%S}",
            " ".join(part for part in (event.kind, event.category, event.note, event.target) if part),
            event.annotator,
            str(event.look),
            event.id,
            "undone" if event.id in undone else "",
        )
        for event in events
    )


def _state(file: FileReport) -> str:
    """Return the state of a file in words."""
    if file.kind == "set aside":
        return "kept, some of it lost" if file.loss else "kept, all of it saved"
    if file.problems:
        return "damaged"
    if file.textless:
        return f"{quantity(file.textless, 'text')} lost"
    return f"{file.torn:,} bytes of an unfinished line" if file.torn else "whole"


def _folder(labels: Path | None) -> Path:
    """Return the labels folder. Raises UsageError when it does not exist."""
    folder = default_paths(labels).labels
    require_labels_folder(folder)
    return folder


def _say(line: str) -> None:
    """Print one line on standard output, safe for a terminal."""
    click.echo(one_line(line))
