"""Command that lets the classifier of a study read a whole corpus, on this machine or a cluster."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpuscope.cli import completion
from corpuscope.cli.options import format_option, level_option, on_workspace
from corpuscope.cli.stderr import say_problems, say_stderr
from corpuscope.cli.stdout import data_stream
from corpuscope.errors import UsageError
from corpuscope.extras import require_extra
from corpuscope.scale.pipeline_script import EXECUTORS
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import quantity

if TYPE_CHECKING:  # loads scikit-learn
    from corpuscope.learning.model_file import Model

LOCAL = "local"
"""The ranks run as processes on this machine, without a program of their own."""


@click.command()
@click.argument("corpus", shell_complete=completion.corpora)
@click.option(
    "-o",
    "--output",
    "out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help="Folder of the run; a run that has begun is resumed.",
)
@click.option(
    "--files",
    metavar="PLACE",
    help="Read these files instead, for example a copy: a path, a glob, or hf://datasets/owner/name/*.json.gz.",
)
@click.option(
    "--model",
    "model_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Classifier to use.  [default: one trained now on all labels]",
)
@click.option(
    "--keep",
    metavar="RULE",
    help="Also keep texts by a score, as in 'Educational>=0.6' or 'Advertising<0.3'.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Ranks at the same time.  [default: one per core]",
)
@click.option(
    "--tasks",
    type=click.IntRange(min=1),
    metavar="N",
    help="Number of ranks.  [default: by size, at most 1024]",
)
@click.option(
    "--executor",
    type=click.Choice((LOCAL, *EXECUTORS)),
    default=LOCAL,
    show_default=True,
    help="Where the ranks run.",
)
@click.option("--partition", default="cpu", show_default=True, metavar="NAME", help="Partition, for Slurm.")
@click.option(
    "--time", default="08:00:00", show_default=True, metavar="HH:MM:SS", help="Limit of a rank, for Slurm."
)
@click.option(
    "--write-pipeline",
    "script",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Only write the program for --executor, for you to read, edit and start.",
)
@click.option("--dry-run", is_flag=True, help="Only print what would be read, and what --keep would keep.")
@format_option
@level_option
@on_workspace(annotator=False)
@click.pass_context
def classify(
    context: click.Context,
    workspace: Workspace,
    corpus: str,
    out: Path,
    files: str | None,
    model_file: Path | None,
    keep: str | None,
    workers: int | None,
    tasks: int | None,
    executor: str,
    partition: str,
    time: str,
    script: Path | None,
    dry_run: bool,
    form: str,
    level: float,
) -> None:
    """Let the classifier read a whole corpus.

    Trained on the labels of the study, it gives every document a score for each category. A run consists of ranks, each
    a process that reads its part of the files. A rank whose process dies is run again, and after ctrl-c the same
    command resumes where it stopped. Afterwards `corpuscope estimate CORPUS --from DIR` prints the shares of the whole
    corpus.

    With --keep, precision and recall at the threshold are printed first, judged on the labels.

    Needs the extra: pip install 'corpuscope[scale]'. Reads the labels folder and the corpus; writes to DIR a
    row for each document (rows), the texts to keep (kept) and the counts of every rank (counts), the tables of --keep
    to standard output, and messages to standard error.

    \b
    Examples:
      corpuscope classify c4 -o out
      corpuscope classify c4 -o out --files '/data/c4/en/*.json.gz' --workers 16
      corpuscope classify c4 -o out --keep 'Educational>=0.6' --dry-run
      corpuscope classify c4 -o /net/out --executor slurm --write-pipeline c4.py
    """
    require_extra("scale", "corpuscope classify")
    from corpuscope.cli.run_ranks import check_cluster, cores, run_here, run_locked, write_program
    from corpuscope.cli.run_request import (
        RunRequest,
        check_same,
        classifier_of,
        requested_files,
        requested_run,
    )
    from corpuscope.scale.run_folder import RunFolder

    request = RunRequest(corpus, files, model_file, keep, tasks, workers or cores())
    if script is not None and executor == LOCAL:
        raise UsageError("--write-pipeline is for a cluster", f"name it: --executor {' or '.join(EXECUTORS)}")
    if script is None:
        check_cluster(executor)
    elif script.stem in ("ray", "datatrove", "corpuscope"):
        raise UsageError(
            f"--write-pipeline {script}: a program of that name hides the package {script.stem}, which it imports",
            "choose another name",
        )
    out = out.absolute()
    folder = RunFolder(out)
    if folder.exists:
        run = folder.run()
        check_same(workspace, folder, run, request)
        say_stderr(f"resuming the run in {out}")
        _forecast(workspace, run.key, folder.model(), run.keep, form, level)
    else:
        key, listed = requested_files(workspace, request)
        run = requested_run(request, key, listed)
        model = classifier_of(workspace, model_file)
        for note in listed.notes:
            say_stderr(note)
        _say_refusal(workspace, key)
        _forecast(workspace, key, model, keep, form, level)
        if not dry_run:
            folder = RunFolder.begin(out, run, model)
    size = f"{quantity(len(run.listed.files), 'file')}, {run.listed.bytes / 1e9:,.2f} GB"
    say_stderr(f"{run.key}: {size}, in {quantity(run.tasks, 'rank')}")
    say_problems(workspace.ledger)
    if dry_run:
        return
    if executor != LOCAL:
        program = script or out / "pipeline.py"
        write_program(program, run, out, executor, -1 if workers is None else workers, partition, time)
        if script is None:
            context.exit(subprocess.call([sys.executable, str(program)]))  # noqa: S603  our own program
        say_stderr(f"{program} is ready: python {program}")
        return
    with run_locked(out):
        context.exit(run_here(folder, run, out, request.workers))


def _say_refusal(workspace: Workspace, key: str) -> None:
    """Say before the run, which may take days, that its shares cannot be estimated from the labels there are."""
    from corpuscope.analysis.samples import samples_of
    from corpuscope.analysis.study_reading import refusal

    samples = samples_of(workspace.ledger.decisions(), workspace.scheme, workspace.plan.read(), [key])
    reason = refusal(samples[0]) if samples else f"{key} has no labels"
    if reason:
        say_stderr(f"`corpuscope estimate --from` would refuse this run: {reason}")


def _forecast(
    workspace: Workspace, key: str, model: Model, keep: str | None, form: str, level: float
) -> None:
    """Print what the rule keeps, judged on the labels; say so when there are none of this corpus."""
    from corpuscope.analysis.filter_forecast import filter_forecast, labelled_scores
    from corpuscope.analysis.samples import samples_of
    from corpuscope.cli.output import print_result
    from corpuscope.report.filter_result import FilterResult
    from corpuscope.stats.selection import parse_rule

    if keep is None:
        return
    rule = parse_rule(keep, model.categories)
    decisions = workspace.ledger.decisions()
    samples = samples_of(decisions, workspace.scheme, workspace.plan.read(), [key])
    if not samples or not samples[0].n:
        say_stderr(f"{key} has no labels, so it is not known how well {rule} selects")
        return
    scores = labelled_scores(model, decisions, workspace.scheme, samples[0], workspace.ledger.texts)
    print_result(FilterResult(filter_forecast(samples[0], rule, scores.held_out, level)), form)
    data_stream().flush()
