"""The file form of a plan: checked when read, written at once or not at all."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from corpuscope.errors import PlanError, nearest

Name = Annotated[str, Field(min_length=1)]
Percent = Annotated[int, Field(ge=0, le=100)]

UNDECIDED = ("second_looks", "annotators", "overlap")
"""Left out of the file while they are None."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class TextColumnEntry(_Strict):
    """One column of a document's text."""

    column: Name
    """Its name in the dataset."""
    title: Name
    """What the section is called."""


class CorpusEntry(_Strict):
    """One corpus of the plan."""

    kind: Literal["hub", "local", "demo"]
    """Where its documents come from."""
    path: Name
    """Hub repository, or local file, folder or glob."""
    name: str | None = None
    """The dataset's config."""
    split: Name = "train"
    """The split."""
    files: str | None = None
    """A glob of data files in the repository."""
    text: Annotated[list[TextColumnEntry], Field(min_length=1)]
    """The columns that make up a document."""
    tokens: str | None = None
    """The column with the corpus's own token count."""
    revision: str | None = None
    """The pinned revision; null until the corpus was opened once."""
    target: Annotated[int, Field(ge=1)]
    """Labels planned."""
    blind: bool
    """True when its name, urls and scores are hidden until the key."""
    replanned: list[Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=2, max_length=2)]] = []
    """Each target given up after labelling had begun, with the labels there were then."""


class PlanFile(_Strict):
    """All of labels/plan.json."""

    version: Literal[1] = 1
    """Rises when older versions of corpuscope would misread the file."""
    seed: Annotated[int, Field(ge=0, lt=1 << 64)]
    """Decides every draw."""
    scheme: str = ""
    """Hash of the category scheme the plan was made for."""
    second_looks: Percent | None = None
    """Percent of the labelled documents that come a second time; left out when nothing was decided."""
    annotators: Annotated[list[Name], Field(min_length=2)] | None = None
    """Who shares the documents; left out when everybody labels the same ones."""
    overlap: Percent | None = None
    """Percent of the documents that all of `annotators` label; the rest goes to one of them each."""
    corpora: dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]*$")], CorpusEntry] = {}
    """By corpus key."""

    @model_validator(mode="after")
    def _divided(self) -> Self:
        if (self.overlap is None) != (self.annotators is None):
            raise PydanticCustomError("divided", "annotators and overlap go together: one of them is missing")
        if self.annotators and len(set(self.annotators)) < len(self.annotators):
            raise PydanticCustomError("divided", "annotators names somebody twice")
        return self


def read(path: Path) -> PlanFile:
    """The checked content of the file. Raises PlanError naming the file and the line or key at fault."""
    restore = "restore it from a copy; the seed in it decides which documents are drawn"
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise PlanError(f"{path} cannot be read: {error.strerror or error}") from error
    except json.JSONDecodeError as error:
        raise PlanError(f"{path}, line {error.lineno}: {error.msg}", restore) from error
    except UnicodeDecodeError as error:
        raise PlanError(f"{path} is not a text file", restore) from error
    try:
        return PlanFile.model_validate(content)
    except ValidationError as error:
        raise PlanError("\n".join(_fault(path, fault) for fault in error.errors()), restore) from error


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
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with new.open("w", encoding="utf-8") as file:
        content = {
            key: value
            for key, value in plan.model_dump().items()
            if key not in UNDECIDED or value is not None
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


def _fault(path: Path, fault: ErrorDetails) -> str:
    where = ".".join(str(part) for part in fault["loc"] if part != "[key]") or "the file"
    if fault["type"] == "extra_forbidden":
        known = CorpusEntry.model_fields if fault["loc"][0] == "corpora" else PlanFile.model_fields
        return f"{path}: {where} is not known ({nearest(str(fault['loc'][-1]), known)})"
    if fault["type"] == "missing":
        return f"{path}: {where} is missing"
    if fault["type"] == "divided":
        return f"{path}: {fault['msg']}"
    return f"{path}: {where} is {_short(fault['input'])}; {fault['msg'][0].lower()}{fault['msg'][1:]}"


def _short(value: object) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 40 else f"{text[:37]}..."
