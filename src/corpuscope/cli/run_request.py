"""Turn the options of `classify` into a run: its files, its ranks and its classifier."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console

from corpuscope.analysis.classifier import train
from corpuscope.corpora.corpus_files import CorpusFiles, list_files
from corpuscope.corpora.parse import UNDESCRIBED, corpus_for
from corpuscope.errors import UsageError
from corpuscope.file_cache import writable_folder
from corpuscope.files import reason
from corpuscope.learning.model_file import Model, from_bytes
from corpuscope.sampling.feed.open import source_for
from corpuscope.scale.run_folder import Run, RunFolder
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import quantity
from corpuscope.text.terminal_text import one_line

MOST_TASKS = 1024
"""Ranks of a run unless another number is asked for."""

TASK_BYTES = 64 << 20
"""Stored bytes of a rank, so that its start, which takes two seconds, is a small part of its time."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """The options that describe a run; None for one that was left out."""

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


def requested_files(workspace: Workspace, request: RunRequest) -> tuple[str, CorpusFiles]:
    """Return the key of the corpus that was named, and its files at the revision of the plan."""
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
    with Console(stderr=True, markup=False, highlight=False).status("finding the files") as status:
        return named.key, list_files(
            source_for(read, revision, cache, lambda text: status.update(one_line(text, 70)))
        )


def requested_run(request: RunRequest, key: str, listed: CorpusFiles) -> Run:
    """Return the run that a request describes. Raises UsageError for more ranks than files."""
    number = len(listed.files)
    if request.tasks is not None and request.tasks > number:
        raise UsageError(
            f"--tasks {request.tasks}: {key} has {quantity(number, 'file')}, and a rank reads whole files",
            f"ask for {number:,} at most",
        )
    by_size = max(request.workers, listed.bytes // TASK_BYTES)
    return Run(key, listed, request.tasks or min(number, MOST_TASKS, by_size), request.keep, request.files)


def check_same(workspace: Workspace, folder: RunFolder, run: Run, request: RunRequest) -> None:
    """Raise UsageError when a run that was begun is another one than was asked for."""
    out = folder.where
    options = {
        "--keep": (run.keep, request.keep),
        "--tasks": (run.tasks, request.tasks),
        "--files": (run.place, request.files),
    }
    for option, (begun, now) in options.items():
        if now is not None and now != begun:
            raise UsageError(
                f"the run in {out} was started with {option} {begun if begun is not None else 'left out'}, not {now}",
                f"leave {option} out to resume it, or name another folder",
            )
    if request.model is not None and not _same(classifier_of(workspace, request.model), folder.model()):
        raise UsageError(
            f"the run in {out} was started with another classifier than --model {request.model}",
            "leave --model out, or name another folder",
        )
    names = run.key, run.listed.corpus.path
    if request.corpus not in names and workspace.plan.request((request.corpus,)).corpora[0].key != run.key:
        raise UsageError(
            f"the run in {out} reads {run.key}, not {request.corpus}", "name another folder, or that corpus"
        )


def classifier_of(workspace: Workspace, file: Path | None) -> Model:
    """Read the classifier from a file, or train one on all labels."""
    if file is None:
        plan = workspace.plan.read()
        classifier = train(workspace.ledger.decisions(), workspace.scheme, plan, workspace.ledger.texts)
        return classifier.model(workspace.scheme, plan)
    try:
        return from_bytes(file.read_bytes())
    except OSError as fault:
        raise UsageError(f"--model {file}: {reason(fault)}", "write one: corpuscope estimate") from fault
    except UsageError as fault:
        raise UsageError(f"--model {file}: {fault.message}", fault.hint) from fault


def _same(one: Model, other: Model) -> bool:
    return one.categories == other.categories and np.array_equal(one.weights, other.weights)
