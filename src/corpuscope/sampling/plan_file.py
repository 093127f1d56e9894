"""The file form of a plan: checked when read, written at once or not at all."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Literal, TypedDict

from corpuscope.errors import PlanError
from corpuscope.files import recall, remember

VERSION: Literal[1] = 1
"""The version of plan.json that is written, and the newest that is read."""

UNDECIDED = ("second_looks", "annotators", "overlap")
"""Left out of the file while they are None."""


class TextColumnEntry(TypedDict):
    """One column of a document's text."""

    column: str
    """Its name in the dataset."""
    title: str
    """What the section is called."""


class CorpusEntry(TypedDict):
    """One corpus of the plan."""

    kind: Literal["hub", "local", "demo"]
    """Where its documents come from."""
    path: str
    """Hub repository, or local file, folder or glob."""
    name: str | None
    """The dataset's config."""
    split: str
    """The split."""
    files: str | None
    """A glob of data files in the repository."""
    text: list[TextColumnEntry]
    """The columns that make up a document."""
    tokens: str | None
    """The column with the corpus's own token count."""
    revision: str | None
    """The pinned revision; null until the corpus was opened once."""
    target: int
    """Labels planned."""
    blind: bool
    """True when its name, urls and scores are hidden until the key."""
    replanned: list[list[int]]
    """Each target given up after labelling had begun, with the labels there were then."""


class PlanFile(TypedDict):
    """All of labels/plan.json."""

    version: Literal[1]
    """Rises when older versions of corpuscope would misread the file."""
    seed: int
    """Decides every draw."""
    scheme: str
    """Hash of the category scheme the plan was made for."""
    second_looks: int | None
    """Percent of the labelled documents that come a second time; left out when nothing was decided."""
    annotators: list[str] | None
    """Who shares the documents; left out when everybody labels the same ones."""
    overlap: int | None
    """Percent of the documents that all of `annotators` label; the rest goes to one of them each."""
    corpora: dict[str, CorpusEntry]
    """By corpus key."""


def read(path: Path, cache: Path | None = None) -> PlanFile:
    """The checked content of the file; one that was valid before, by what `cache` remembers, is not checked again.

    Raises PlanError naming the file and the line or key at fault.
    """
    try:
        written = path.read_bytes()
    except OSError as error:
        raise PlanError(f"{path} cannot be read: {error.strerror or error}") from error
    memory = cache and cache / "plans"
    if memory and (known := recall(memory, written)):
        remembered: PlanFile = known
        return remembered
    from corpuscope.sampling.plan_check import parsed  # takes a tenth of the time to the first frame

    plan = parsed(written, path)
    if memory:
        remember(memory, plan, written)
    return plan


def write(path: Path, plan: PlanFile) -> None:
    """Replaces the file durably. Raises PlanError where the folder cannot be written."""
    try:
        new = _write_new(path, plan)
        new.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error


def create(path: Path, plan: PlanFile) -> None:
    """Writes the file durably unless another process was first, whose file then stays."""
    try:
        new = _write_new(path, plan)
        with suppress(FileExistsError):
            os.link(new, path)
        new.unlink()
        _sync_folder(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error


def _write_new(path: Path, plan: PlanFile) -> Path:
    from corpuscope.sampling.plan_check import checked

    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with new.open("w", encoding="utf-8") as file:
        content = {
            key: value for key, value in checked(plan).items() if key not in UNDECIDED or value is not None
        }
        file.write(json.dumps(content, indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return new


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unwritable(path: Path, error: OSError) -> PlanError:
    return PlanError(
        f"{path} cannot be written: {error.strerror or error}", "choose a labels folder with --labels"
    )
