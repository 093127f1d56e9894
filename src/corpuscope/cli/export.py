"""Command that exports labels to the formats of other tools."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from corpuscope.cli import completion
from corpuscope.cli.options import (
    assisted_option,
    check_assisted,
    day,
    labelled_corpora,
    mine_option,
    on_workspace,
    output_option,
    require_labelled,
)
from corpuscope.cli.stderr import say_awaiting, say_problems, say_stderr, with_progress
from corpuscope.cli.stdout import output_stream
from corpuscope.corpora.hub_upload import check_repository, upload
from corpuscope.domain.document import DocumentKey
from corpuscope.errors import UsageError
from corpuscope.export.formats import FORMATS, Format, format_named, format_of
from corpuscope.files import whole_folder
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import quantity

if TYPE_CHECKING:
    from corpuscope.analysis.assisted import AssistedStudy
    from corpuscope.analysis.study_results import StudyResults
    from corpuscope.export.label_records import ExportOptions, LabelFilter, LabelRecord
    from corpuscope.ledger.read.decisions import Decision, Decisions

_NAMED = 5
"""Most documents without a text that are named."""
_SECOND = 2
"""Look of second readings, which no final decision replaces."""


@click.command()
@labelled_corpora
@click.option(
    "--format",
    "form",
    metavar="FORMAT",
    shell_complete=completion.formats,
    help=f"{', '.join(form.name + ' (a folder)' * form.folder for form in FORMATS)}.  "
    "[default: by the extension of FILE, else csv]",
)
@output_option("File, or folder, to write.  [default: -, standard output]", folder=True)
@click.option(
    "--text/--no-text",
    "with_text",
    default=False,
    help="Include texts and urls, or addresses only.  [default: addresses]",
)
@click.option(
    "--spreadsheet",
    is_flag=True,
    help="CSV for spreadsheets: marked as UTF-8, and no cell is taken for a formula.",
)
@click.option(
    "--category",
    "wanted",
    multiple=True,
    metavar="NAME",
    shell_complete=completion.categories,
    help="Only this category. May be repeated.",
)
@click.option("--columns", metavar="NAMES", help="Other columns of the rows, as in score,dump.")
@click.option("--metadata", is_flag=True, help="All other columns of the rows, in one called metadata.")
@click.option("--skips", is_flag=True, help="Also skips; a column says which is which.")
@click.option(
    "--every-label",
    is_flag=True,
    help="Every label of a document also where the format holds one: prodigy, fasttext.",
)
@click.option("--bookmarked", is_flag=True, help="Only bookmarked documents.")
@click.option("--who", multiple=True, metavar="NAME", help="Only the labels of NAME. May be repeated.")
@mine_option
@assisted_option
@click.option(
    "--look", type=click.IntRange(1, 2), metavar="N", help="Only first readings (1), or second ones (2)."
)
@click.option("--since", callback=day, metavar="DATE", help="Only labels of this day, UTC, or later.")
@click.option("--until", callback=day, metavar="DATE", help="Only labels of this day, UTC, or earlier.")
@click.option(
    "--push-to-hub",
    "repository",
    metavar="OWNER/NAME",
    help="Publish the dataset folder on the Hugging Face Hub; private without --public.",
)
@click.option("--public", is_flag=True, help="With --push-to-hub: make the dataset public.")
@on_workspace(labels_must_exist=True)
@click.pass_context
def export(
    context: click.Context,
    workspace: Workspace,
    corpora: tuple[str, ...],
    form: str | None,
    output: Path | None,
    with_text: bool,
    spreadsheet: bool,
    wanted: tuple[str, ...],
    columns: str | None,
    metadata: bool,
    skips: bool,
    every_label: bool,
    bookmarked: bool,
    who: tuple[str, ...],
    mine: bool,
    assisted: bool,
    look: int | None,
    since: datetime | None,
    until: datetime | None,
    repository: str | None,
    public: bool,
) -> None:
    """Write labels with the exact address of each document.

    Rows are in the order of corpora and draws, so that the same labels give the same file. A file appears under its
    name when it is complete.

    A label whose text was lost to damage is written without it, or left out where the format needs texts; the exit code
    is then 1.

    Reads the labels folder and categories.yaml; writes to standard output, or the file or folder after -o.

    \b
    Examples:
      corpuscope export > labels.csv
      corpuscope export --text --spreadsheet -o for-excel.csv
      corpuscope export fineweb-edu --columns score,dump -o scores.csv
      corpuscope export c4 --format parquet --text -o c4.parquet
      corpuscope export --format labelstudio --text -o tasks.json
      corpuscope export --format dataset -o my-labels
      corpuscope export --format dataset --assisted -o my-labels
      corpuscope export --push-to-hub ann/my-labels
      corpuscope export --category News --who ann --since 2026-01-01 -o news.csv
      corpuscope export --format markdown --bookmarked --text > excerpts.md
    """
    from corpuscope.export.label_records import (
        METADATA,
        ExportOptions,
        LabelFilter,
        LeftOutCounts,
        extra_types,
        noting_lost_texts,
        noting_surrogates,
        one_a_document,
        sharing_texts,
    )

    format_name = form or ("dataset" if repository else "" if output else "csv")
    export_format = format_of(output) if output and not format_name else format_named(format_name)
    export_format.check(text=with_text)
    if spreadsheet and export_format.name != "csv":
        raise UsageError(
            f"--spreadsheet writes csv, not {export_format.name}", "leave it out, or use --format csv"
        )
    if skips and not export_format.skips:
        raise UsageError(f"{export_format.name} has no place for skips", "use csv, jsonl or parquet")
    _check_output(export_format, output, repository, public=public)
    check_assisted(assisted=assisted, mine=mine)
    if assisted and not export_format.folder:
        raise UsageError(
            f"{export_format.name} holds labels and no shares",
            "--assisted is for the card of --format dataset; shares alone: corpuscope estimate --format csv",
        )
    before = until + timedelta(days=1) if until else None
    label_filter = LabelFilter(wanted, bookmarked, who, look, since, before)
    decisions = workspace.ledger.decisions()
    label_filter.check(workspace.scheme, decisions.annotators())
    require_labelled(corpora, decisions.corpora())
    annotator_filter = workspace.annotator if mine else None
    answers_only = export_format.single and not every_label
    # all labels of a document take part in its answer, which is filtered then
    taking_part = LabelFilter(annotators=who, look=look) if answers_only else label_filter
    # a final decision stands for all readers, as in the summary of one annotator
    settled = not export_format.single or not (mine or who or look == _SECOND)
    finals = decisions.finals(workspace.scheme) if settled else {}
    extra = tuple(name.strip() for name in (columns or "").split(",") if name.strip())

    def records_with(
        names: Collection[str], *, text: bool = False, metadata: bool = False
    ) -> Iterator[LabelRecord]:
        return _records(
            workspace,
            decisions,
            corpora,
            annotator_filter,
            finals,
            taking_part,
            names,
            text=text,
            metadata=metadata,
            skips=skips,
        )

    types = extra_types(records_with((), metadata=True), extra) if extra else {}
    if metadata:
        types |= {METADATA: dict}
    options = ExportOptions(workspace.scheme.names, with_text, spreadsheet, skips, types)
    lost: list[Decision] = []
    replaced: set[str] = set()
    left_out = LeftOutCounts()
    records = records_with(extra, text=with_text, metadata=metadata)
    if with_text:
        records = sharing_texts(records)
    if answers_only:
        records = one_a_document(records, label_filter, left_out)
    if with_text:
        records = noting_lost_texts(records, lost, leave_out=not export_format.tabular)
    records = noting_surrogates(records, replaced)
    if export_format.folder:
        from corpuscope.analysis.samples import samples_of
        from corpuscope.analysis.study_results import study_of
        from corpuscope.cli.estimate import assisted_study

        plan = workspace.plan.read()
        study = study_of(
            decisions, workspace.scheme, plan, corpora, annotator_filter, scores=workspace.ledger.scores
        )
        shares = None
        if assisted:
            samples = samples_of(decisions, workspace.scheme, plan, corpora or None)
            shares = assisted_study(workspace, samples, 0.95)
        count = _write_folder(
            records, options, study, label_filter, output, repository, lost, public=public, assisted=shares
        )
    else:
        count = _write(export_format, records, options, output)
    say_problems(workspace.ledger)
    say_stderr(quantity(count, "label") + (f" in {output}" if output else ""))
    if left_out.labels:
        say_stderr(
            f"{quantity(left_out.labels, 'further label')} of the same documents left out: "
            f"{export_format.name} holds one a document; --every-label writes them"
        )
    if left_out.documents:
        say_stderr(
            f"{quantity(left_out.documents, 'document')} left out that only second readings label: they count in no "
            "share; --every-label writes them"
        )
    if replaced:
        say_stderr(
            f"{quantity(len(replaced), 'document')} with bytes that are not UTF-8 or half characters "
            "(lone surrogates), written as U+FFFD; the labels folder keeps the exact bytes"
        )
    say_awaiting(decisions, workspace.scheme, corpora, annotator_filter)
    if lost:
        _say_lost(lost, export_format)
        context.exit(1)


def _say_lost(lost: Sequence[Decision], form: Format) -> None:
    """Say whose texts damage took, what became of their labels, and how to have the texts again."""
    documents = sorted({(decision.corpus, decision.draw) for decision in lost})
    named = ", ".join(f"{corpus} draw {draw:,}" for corpus, draw in documents[:_NAMED])
    more = f" and {len(documents) - _NAMED:,} more" if len(documents) > _NAMED else ""
    outcome = "written without it" if form.tabular else f"left out: {form.name} needs texts"
    say_stderr(
        f"damage took the text of {quantity(len(documents), 'document')} ({named}{more}); "
        f"{quantity(len(lost), 'label')} {outcome}"
    )
    corpus, draw = documents[0]
    say_stderr(f"`corpuscope sample {corpus} --from {draw} -n 1` draws the first of these texts again")


def _records(
    workspace: Workspace,
    decisions: Decisions,
    corpora: tuple[str, ...],
    annotator: str | None,
    finals: Mapping[DocumentKey, str],
    label_filter: LabelFilter,
    columns: Collection[str],
    *,
    text: bool,
    metadata: bool,
    skips: bool,
) -> Iterator[LabelRecord]:
    """Yield the records of the labels wanted; a progress bar counts the decisions read to find them."""
    from corpuscope.export.label_records import label_records

    uniform = {standing.corpus.key: standing.uniform for standing in workspace.corpus_statuses(counted=False)}
    return label_records(
        with_progress(
            decisions.by_draw(corpora, annotator), decisions.count(corpora, annotator), "exporting"
        ),
        workspace.scheme,
        lambda key: uniform.get(key, ""),
        finals,
        workspace.ledger.documents if text or columns or metadata else None,
        label_filter,
        text=text,
        columns=columns,
        metadata=metadata,
        skips=skips,
    )


def _write(form: Format, records: Iterator[LabelRecord], options: ExportOptions, output: Path | None) -> int:
    """Write to a file, or to standard output when `output` is None; return the number of labels."""
    with output_stream(output) as stream:
        return form.write(records, options, stream)


def _write_folder(
    records: Iterator[LabelRecord],
    options: ExportOptions,
    study: StudyResults,
    label_filter: LabelFilter,
    output: Path | None,
    repository: str | None,
    lost: Sequence[Decision],
    *,
    public: bool,
    assisted: AssistedStudy | None,
) -> int:
    """Write a dataset folder, publish it when `repository` is given, and return the number of labels.

    Without `output` the folder is temporary and only serves to be published. `lost` receives the labels without a text
    while `records` are read.
    """
    from corpuscope.export.dataset_folder import write_dataset

    if repository:
        check_repository(repository)
    with TemporaryDirectory(prefix="corpuscope-") as temporary:
        place = output or Path(temporary) / "dataset"
        with whole_folder(place) as folder:
            count = write_dataset(folder, records, options, study, label_filter.description, assisted, lost)
        if repository:
            message = f"{quantity(count, 'label')} from corpuscope"
            page = upload(place, repository, public=public, message=message)
            say_stderr(f"published {'for everybody' if public else 'privately'} at {page}")
    return count


def _check_output(form: Format, output: Path | None, repository: str | None, *, public: bool) -> None:
    """Raise UsageError when the options about where to write contradict each other or the format."""
    if public and not repository:
        raise UsageError("--public applies only to publishing", "name the dataset: --push-to-hub OWNER/NAME")
    if repository and not form.folder:
        raise UsageError(f"{form.name} is not published", "use --format dataset, or leave --format out")
    if output is None and form.folder and not repository:
        raise UsageError(f"{form.name} is a folder", "name one: --output my-labels")
    if output is None and form.binary and not form.folder and sys.stdout.isatty():
        raise UsageError(
            f"{form.name} is not for a terminal", f"write it to a file: --output labels.{form.name}"
        )
    if output is not None and output.is_dir() and not form.folder:
        raise UsageError(f"{output}: is a folder", "name a file")
