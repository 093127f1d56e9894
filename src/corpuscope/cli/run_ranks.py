"""Run the ranks of a run on this machine, or write the program that runs them on a cluster."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from corpuscope.cli.run_progress import ProgressLine, RunProgress
from corpuscope.cli.stderr import say_stderr
from corpuscope.corpora.source import percent
from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.files import locked, reason, whole_file
from corpuscope.scale.counts import FileCounts
from corpuscope.scale.pipeline_script import pipeline_script
from corpuscope.scale.run_folder import LOGS, Run, RunFolder, whole_counts
from corpuscope.scale.supervisor import Supervisor, rank_command
from corpuscope.text.quantities import quantity
from corpuscope.version import __version__


def check_cluster(executor: str) -> None:
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


def write_program(
    file: Path, run: Run, out: Path, executor: str, workers: int, partition: str, time: str
) -> None:
    """Write the program that runs the ranks by one of datatrove's executors. Raises like `whole_file`."""
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


def run_here(folder: RunFolder, run: Run, out: Path, workers: int) -> int:
    """Run the ranks that are missing, and return the exit code."""

    def documents(rank: int) -> int:
        return sum(file.documents for file in folder.counts_of(rank))

    finished = folder.finished_ranks()
    done = {rank: documents(rank) for rank in finished if folder.has_output(rank)}
    if len(done) < len(finished):
        say_stderr(
            f"running {quantity(len(finished) - len(done), 'finished rank')} again, whose rows are gone"
        )
    missing = [rank for rank in range(run.tasks) if rank not in done]
    supervisor = Supervisor(rank_command(out), folder.is_finished, workers=workers, log=out / LOGS / "ranks")
    progress = RunProgress(run, done, documents)
    try:
        with ProgressLine(progress) as line:
            failures = supervisor.run(missing, line.event)
    except KeyboardInterrupt:
        say_stderr(
            f"stopped with {len(folder.finished_ranks()):,} of {quantity(run.tasks, 'rank')} done; "
            "the same command resumes from there"
        )
        return 130
    for failure in failures:
        tries = quantity(failure.attempts, "try", "tries")
        say_stderr(f"rank {failure.rank} was given up after {tries}: {failure.message}")
        if failure.hint:
            say_stderr(failure.hint)
    if failures:
        left = run.tasks - len(folder.finished_ranks())
        say_stderr(f"not done: {left:,} of {quantity(run.tasks, 'rank')}; the same command tries again")
        say_stderr(f"logs: {out / LOGS}")
        return 1
    counted = whole_counts(folder, run)
    say_stderr(f"{quantity(sum(file.documents for file in counted), 'document')} in {out / 'rows'}")
    if run.keep:
        say_stderr(_kept(counted, out / "kept"))
    say_stderr(f"the shares of the whole corpus: corpuscope estimate {run.key} --from {out}")
    return 0


def _kept(files: Sequence[FileCounts], folder: Path) -> str:
    """Say what a filter kept, as shares of documents and of tokens, or of characters where tokens are not counted."""
    documents, kept = sum(file.documents for file in files), sum(file.kept for file in files)
    if any(file.without_tokens for file in files):
        unit, size = "characters", sum(file.characters for file in files)
        kept_size = sum(file.kept_characters for file in files)
    else:
        unit, size = "tokens", sum(file.tokens for file in files)
        kept_size = sum(file.kept_tokens for file in files)
    of_documents, of_size = percent(kept / max(documents, 1)), percent(kept_size / max(size, 1))
    return f"{kept:,} of them kept in {folder}: {of_documents} of the documents, {of_size} of the {unit}"


@contextmanager
def run_locked(out: Path) -> Iterator[None]:
    """Hold the lock of a run. Raises UsageError while another process has it."""
    with ExitStack() as lock:
        try:
            lock.enter_context(
                locked(out / ".lock", f"another process runs the ranks of {out} at the moment")
            )
        except OSError as fault:
            raise CorpuscopeError(f"{out}: cannot be written: {reason(fault)}") from fault
        yield


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
