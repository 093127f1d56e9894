"""Command that imports labels from exports and from files of other annotation tools."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpuscope.cli.options import on_workspace
from corpuscope.cli.stderr import say_problems, say_stderr, with_progress
from corpuscope.domain.document import Document
from corpuscope.domain.label import Event
from corpuscope.errors import UsageError
from corpuscope.export.import_files import LeftOut
from corpuscope.file_cache import writable_folder
from corpuscope.sampling.feed.open import draw_lookup
from corpuscope.sampling.plan import Plan, PlannedCorpus
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import inflected, quantity
from corpuscope.text.terminal_text import one_line

if TYPE_CHECKING:
    from corpuscope.export.imported_labels import ImportedLabel
    from corpuscope.export.label_importer import LabelImporter
BATCH = 1_000
"""Events written at once."""


@click.command("import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, path_type=Path),
)
@click.option("--dry-run", is_flag=True, help="Show what would be added; write nothing.")
@on_workspace()
@click.pass_context
def import_(
    context: click.Context,
    workspace: Workspace,
    files: tuple[Path, ...],
    dry_run: bool,
) -> None:
    """Import labels from exports and other tools.

    FILE is what `corpuscope export` wrote (csv, jsonl, parquet, xlsx, a dataset folder, labelstudio, argilla, prodigy),
    or what Label Studio, Argilla or Prodigy give back after people answered there. Each label has to be about a
    document that the plan in this folder draws; its text is fetched where the labels do not hold it yet. Importing a
    file again adds nothing twice. Labels that do not fit are refused with a reason, and the exit code is then 1.

    Answers from other tools that name no annotator are taken for those of --annotator.

    Reads FILE, labels/plan.json and categories.yaml; writes new files into the labels folder, and says on standard
    output what was added.

    \b
    Examples:
      corpuscope import colleague.csv
      corpuscope import answers.json --annotator ben --dry-run
      corpuscope import my-labels --labels study/labels
    """
    from corpuscope.export.formats import format_to_import
    from corpuscope.export.imported_labels import labels_in

    plan = workspace.plan.read()
    if plan is None:
        raise UsageError(
            f"there is no {workspace.plan.path}",
            "put the plan.json of the study there: it says which documents count",
        )
    read = []
    for file in files:
        form = format_to_import(file)
        read.append((file, list(labels_in(file, form))))
        if form.reader and form.reader.lacks:
            say_stderr(f"{file}: {form.name} does not hold {form.reader.lacks}")
    if dry_run and len(read) > 1:
        say_stderr(
            "each file is compared with the labels folder alone: labels in two of the files count twice"
        )
    refused = False
    for file, imported in read:
        importer = _importer(workspace, plan, file)
        for batch in _batches(importer, imported):
            if not dry_run:
                from corpuscope.ledger.merge import add_events

                for notice in add_events(workspace.paths.labels, batch):
                    say_stderr(notice)
        _print_result(file, importer, dry_run=dry_run)
        refused = refused or bool(importer.counts.refused)
    say_problems(workspace.ledger)
    if refused:
        context.exit(1)


def _importer(workspace: Workspace, plan: Plan, file: Path) -> LabelImporter:
    """Return an importer of the labels of `file`, whose session id depends on the file's name only."""
    from corpuscope.export.label_importer import LabelImporter

    decisions = workspace.ledger.decisions()
    return LabelImporter(
        plan,
        workspace.scheme,
        decisions,
        session=f"import-{blake2b(file.name.encode(errors='surrogateescape'), digest_size=6).hexdigest()}",
        answerer=workspace.annotator,
        answered_at=datetime.fromtimestamp(int(file.stat().st_mtime), UTC),
        draw=_draws(plan, writable_folder(workspace.paths.cache)),
        load=workspace.ledger.whole_document,
    )


def _draws(plan: Plan, cache_folder: Path) -> Callable[[PlannedCorpus, int], Document | None]:
    """Return a function that draws from any corpus of a plan, opening each when its first document is needed."""

    @cache
    def opened(planned: PlannedCorpus) -> Callable[[int], Document | None]:
        return draw_lookup(
            planned.corpus, seed=plan.seed, cache_folder=cache_folder, revision=planned.revision
        )

    return lambda planned, draw: opened(planned)(draw)


def _batches(importer: LabelImporter, entries: list[ImportedLabel | LeftOut]) -> Iterator[list[Event]]:
    """Yield the events of the new labels in batches, with a progress bar over the entries of a file."""

    def events_of(entry: ImportedLabel | LeftOut) -> Iterable[Event]:
        if isinstance(entry, LeftOut):
            importer.leave_out(entry)
            return ()
        return importer.events(entry)

    events = chain.from_iterable(map(events_of, with_progress(entries, len(entries), "importing")))
    while batch := list(islice(events, BATCH)):
        yield batch


def _print_result(file: Path, importer: LabelImporter, *, dry_run: bool) -> None:
    """Print new labels by annotator and corpus, then what became of them, then the refused ones by reason."""
    counts = importer.counts
    for reason, count in counts.unanswered.most_common():
        say_stderr(f"{file}: {count:,} left out: {reason} ({counts.first[reason]}{' first' * (count > 1)})")
    if len(counts.new) > 1:
        came = "would come" if dry_run else "came"
        annotators, corpora = (len(set(names)) for names in zip(*counts.new, strict=True))
        click.echo(
            f"{counts.new.total():,} {came} from {quantity(annotators, 'annotator')} "
            f"about {quantity(corpora, 'corpus', 'corpora')}"
        )
    for (annotator, corpus), count in sorted(counts.new.items()):
        click.echo(one_line(f"{quantity(count, 'label')} of {annotator} about {corpus}"))
    verb = "would be imported" if dry_run else "imported"
    click.echo(one_line(f"{counts.new.total():,} {verb} from {file}; {counts.duplicates:,} already present"))
    if counts.notes:
        click.echo(
            f"{quantity(counts.notes, 'note or bookmark', 'notes and bookmarks')} "
            f"on labels already present {'would be ' * dry_run}added"
        )
    for difference, count in counts.differing.most_common():
        say_stderr(
            f"{file}: {quantity(count, 'label')} already present {difference} "
            f"{inflected(count, 'stays as it is', 'stay as they are')}; to change them: corpuscope review"
        )
    for reason, count in counts.refused.most_common():
        entry = f" ({counts.first[reason]}{' first' * (count > 1)})" if reason in counts.first else ""
        say_stderr(f"{count:,} refused: {reason}{entry}")
