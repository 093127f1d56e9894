"""Command that lets the classifier of a study read a whole corpus, on this machine or a cluster."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import click

from corpuscope.cli import completion
from corpuscope.cli.options import format_option, level_option, on_workspace
from corpuscope.cli.stderr import say_stderr
from corpuscope.cli.stdout import data_stream
from corpuscope.corpora.parse import UNDESCRIBED, corpus_for
from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.extras import require_extra
from corpuscope.session.workspace import Workspace
from corpuscope.text.terminal_text import one_line

if TYPE_CHECKING:  # load scikit-learn and datatrove
    from corpuscope.corpora.corpus_files import CorpusFiles
    from corpuscope.learning.model_file import Model
    from corpuscope.scale.run_folder import Run, RunFolder

EXECUTORS = ("local", "slurm", "ray", "jobs")
"""Where ranks can run."""

MOST_TASKS = 1024
"""Ranks of a run unless another number is asked for."""

TASK_BYTES = 64 << 20
"""Stored bytes of a rank, so that its start, which takes two seconds, is a small part of its time."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for; None where nothing was said."""

    corpus: str
    """Name of the corpus."""
    files: str | None
    """Where its files are read instead."""
    model: Path | None
    """The classifier."""
    keep: str | None
    """The rule by which texts are kept."""
    tasks: int | None
    """Number of ranks."""
    workers: int
    """Ranks that run at the same time."""


@click.command()
@click.argument("corpus", shell_complete=completion.corpora)
@click.option(
    "-o",
    "--output",
    "out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help="Folder of the run; one that was begun goes on.",
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
    help="Classifier to use [default: one trained now on all labels].",
)
@click.option(
    "--keep",
    metavar="RULE",
    help="Also keep texts by a score, as in 'Educational>=0.6' or 'Advertising<0.3'.",
)
@click.option(
    "--workers", type=click.IntRange(min=1), metavar="N", help="Ranks at the same time [default: one a core]."
)
@click.option(
    "--tasks", type=click.IntRange(min=1), metavar="N", help="Ranks in all [default: by size, at most 1024]."
)
@click.option(
    "--executor",
    type=click.Choice(EXECUTORS),
    default="local",
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
    help="Only write the program for --executor, to read, edit and start yourself.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be read, and what --keep would keep.")
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

    Trained on the labels of the study, it gives every document a score for each category. The run is made of ranks,
    each a process that reads its part of the files; one whose process dies is done again, and ctrl-c and a second start
    go on where it was. Then `corpuscope estimate CORPUS --from DIR` prints the shares of the whole corpus.

    With --keep, precision and recall at the threshold are printed first, judged on the labels.

    Needs the extra: pip install 'corpuscope[scale]'. Reads the labels folder and the corpus; writes to DIR a
    row for each document (rows), the texts to keep (kept) and what every rank counted (counts), the tables of --keep
    to standard output, and remarks to standard error.

    \b
    Examples:
      corpuscope classify c4 -o out
      corpuscope classify c4 -o out --files '/data/c4/en/*.json.gz' --workers 16
      corpuscope classify c4 -o out --keep 'Educational>=0.6' --dry-run
      corpuscope classify c4 -o /net/out --executor slurm --write-pipeline c4.py
    """
    require_extra("scale", "corpuscope classify")
    from corpuscope.scale.run_folder import RunFolder

    asked, workers = workers, workers or _cores()
    request = Request(corpus, files, model_file, keep, tasks, workers)
    if script is not None and executor == "local":
        raise UsageError(
            "--write-pipeline is for a cluster", f"name it: --executor {' or '.join(EXECUTORS[1:])}"
        )
    if script is None:
        _check_cluster(executor)
    elif script.stem in ("ray", "datatrove", "corpuscope"):
        raise UsageError(
            f"--write-pipeline {script}: the program could not import {script.stem} then", "name it otherwise"
        )
    out = out.absolute()
    folder = RunFolder(out)
    if folder.exists:
        run = folder.run()
        _check_same(run, request, out)
        say_stderr(f"going on with the run in {out}")
        _forecast(workspace, run.key, folder.model(), run.keep, form, level)
    else:
        key, listed = _list_files(workspace, request)
        run = _planned(request, key, listed)
        model = _model(workspace, model_file)
        for note in listed.notes:
            say_stderr(note)
        _forecast(workspace, key, model, keep, form, level)
        if not dry_run:
            folder = RunFolder.begin(out, run, model)
    size = f"{_many(len(run.listed.files), 'file')}, {run.listed.bytes / 1e9:,.2f} GB, in {_many(run.tasks, 'rank')}"
    say_stderr(f"{run.key}: {size}")
    if dry_run:
        return
    if executor != "local":
        program = script or out / "pipeline.py"
        _write_program(program, run, out, executor, -1 if asked is None else asked, partition, time)
        if script is None:
            context.exit(subprocess.call([sys.executable, str(program)]))  # noqa: S603  our own program
        say_stderr(f"{program} is ready: python {program}")
        return
    with _locked(out):
        context.exit(_run_here(folder, run, out, workers))


def _check_cluster(executor: str) -> None:
    """Raise UsageError where the ranks of an executor cannot be started from here."""
    missing = {
        "slurm": None if which("sbatch") else "this machine has no sbatch",
        "ray": None if find_spec("ray") else "Ray is not installed: pip install ray",
        "jobs": "the program has to name a bucket first",
    }.get(executor)
    if missing:
        raise UsageError(
            f"--executor {executor}: {missing}",
            "write the program and start it elsewhere: --write-pipeline FILE",
        )


def _list_files(workspace: Workspace, request: Request) -> tuple[str, CorpusFiles]:
    """Return the key of the corpus that was named, and its files at the revision of the plan."""
    from corpuscope.corpora.corpus_files import list_files
    from corpuscope.file_cache import writable_folder
    from corpuscope.sampling.feed.open import source_for

    study = workspace.plan.request((request.corpus,))
    named = study.corpora[0]
    plan = workspace.plan.read()
    planned = plan.corpora.get(named.key) if plan else None
    revision = planned.revision if planned else None
    read = named
    if request.files is not None:
        place = corpus_for(request.files, UNDESCRIBED)
        same = place.kind == "hub" and place.path == named.path and place.requested is None
        revision = revision if same else None
        read = replace(place, key=named.key, title=named.title, text=named.text, tokens=named.tokens)
    cache = writable_folder(workspace.paths.cache)
    if not sys.stderr.isatty():
        return named.key, list_files(source_for(read, revision, cache))
    from rich.console import Console

    with Console(stderr=True, markup=False, highlight=False).status("finding the files") as status:
        return named.key, list_files(
            source_for(read, revision, cache, lambda text: status.update(one_line(text, 70)))
        )


def _planned(request: Request, key: str, listed: CorpusFiles) -> Run:
    """Return the run that was asked for. Raises UsageError for more ranks than files."""
    from corpuscope.scale.run_folder import Run

    number = len(listed.files)
    if request.tasks is not None and request.tasks > number:
        raise UsageError(
            f"--tasks {request.tasks}: {key} has {_many(number, 'file')}, and a rank reads whole files",
            f"ask for {number:,} at most",
        )
    by_size = max(request.workers, listed.bytes // TASK_BYTES)
    return Run(key, listed, request.tasks or min(number, MOST_TASKS, by_size), request.keep, request.files)


def _check_same(run: Run, request: Request, out: Path) -> None:
    """Raise UsageError when a run that was begun is another one than was asked for."""
    asked = {
        "--keep": (run.keep, request.keep),
        "--tasks": (run.tasks, request.tasks),
        "--files": (run.place, request.files),
    }
    for option, (begun, now) in asked.items():
        if now is not None and now != begun:
            raise UsageError(
                f"the run in {out} was begun with {option} {begun if begun is not None else 'left out'}, not {now}",
                f"leave {option} out to go on with it, or name another folder",
            )
    if request.model is not None:
        raise UsageError(
            f"the run in {out} was begun with a classifier of its own",
            "leave --model out, or name another folder",
        )
    if request.corpus not in (run.key, run.listed.corpus.path):
        raise UsageError(
            f"the run in {out} reads {run.key}, not {request.corpus}", "name another folder, or that corpus"
        )


def _model(workspace: Workspace, file: Path | None) -> Model:
    """Read the classifier from a file, or train one on all labels."""
    from corpuscope.analysis.classifier import train
    from corpuscope.learning.model_file import from_bytes

    if file is None:
        plan = workspace.plan.read()
        classifier = train(workspace.ledger.decisions(), workspace.scheme, plan, workspace.ledger.texts)
        return classifier.model(workspace.scheme, plan)
    try:
        return from_bytes(file.read_bytes())
    except OSError as fault:
        raise UsageError(f"--model {file}: {fault.strerror}", "write one: corpuscope estimate") from fault


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
        say_stderr(f"{key} has no labels, so nothing tells how well {rule} selects")
        return
    scores = labelled_scores(model, decisions, workspace.scheme, samples[0], workspace.ledger.texts)
    print_result(FilterResult(filter_forecast(samples[0], rule, scores.held_out, level)), form)
    data_stream().flush()


def _write_program(
    file: Path, run: Run, out: Path, executor: str, workers: int, partition: str, time: str
) -> None:
    from corpuscope.files import whole_file
    from corpuscope.scale.pipeline_script import pipeline_script
    from corpuscope.version import __version__

    text = pipeline_script(
        executor,
        str(out),
        key=run.key,
        tasks=run.tasks,
        files=len(run.listed.files),
        workers=workers,
        version=__version__,
        partition=partition,
        time=time,
    )
    with whole_file(file) as stream:
        stream.write(text.encode())


def _run_here(folder: RunFolder, run: Run, out: Path, workers: int) -> int:
    """Run the ranks that are missing, and return the exit code."""
    from corpuscope.cli.run_progress import ProgressLine, RunProgress
    from corpuscope.scale.run_folder import LOGS
    from corpuscope.scale.supervisor import Supervisor, rank_command

    def documents(rank: int) -> int:
        return sum(file.documents for file in folder.counts_of(rank))

    done = {rank: documents(rank) for rank in folder.finished_ranks()}
    missing = [rank for rank in range(run.tasks) if rank not in done]
    supervisor = Supervisor(rank_command(out), folder.is_finished, workers=workers, log=out / LOGS / "ranks")
    progress = RunProgress(run, done, documents)
    try:
        with ProgressLine(progress) as line:
            failures = supervisor.run(missing, line.event)
    except KeyboardInterrupt:
        say_stderr(
            f"stopped with {len(folder.finished_ranks()):,} of {_many(run.tasks, 'rank')} done; "
            "the same command goes on from there"
        )
        return 130
    for failure in failures:
        say_stderr(f"rank {failure.rank} was given up after {failure.attempts} tries: {failure.message}")
        if failure.hint:
            say_stderr(failure.hint)
    if failures:
        say_stderr(
            f"{run.tasks - len(folder.finished_ranks()):,} of {run.tasks:,} ranks are missing; the same command tries them again. "
            f"Logs: {out / LOGS}"
        )
        return 1
    counted = folder.counts()
    kept = f", {sum(file.kept for file in counted):,} kept in {out / 'kept'}" if run.keep else ""
    say_stderr(f"{sum(file.documents for file in counted):,} documents in {out / 'rows'}{kept}")
    say_stderr(f"the shares of the whole corpus: corpuscope estimate {run.key} --from {out}")
    return 0


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Hold the lock of a run. Raises UsageError while another process has it."""
    from corpuscope.files import Files

    files = Files()
    try:
        lock = files.open_lock(out / ".lock")
    except OSError as fault:
        raise CorpuscopeError(f"{out}: cannot be written: {fault.strerror or fault}") from fault
    try:
        if not files.lock(lock, wait=False):
            raise UsageError(
                f"another process runs the ranks of {out} at the moment", "wait for it, or stop it"
            )
        yield
    finally:
        files.close(lock)


def _cores() -> int:
    """Return the number of cores that this process may use."""
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"
