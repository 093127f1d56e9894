"""The file form of a plan: checked when read, written at once or not at all."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Literal, TypedDict

from pydantic_core import ErrorDetails, PydanticCustomError, SchemaValidator, ValidationError
from pydantic_core.core_schema import (
    CoreSchema,
    bool_schema,
    dict_schema,
    int_schema,
    list_schema,
    literal_schema,
    no_info_after_validator_function,
    nullable_schema,
    str_schema,
    typed_dict_field,
    typed_dict_schema,
    with_default_schema,
)

from corpuscope.errors import PlanError, nearest

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
    version = content.get("version") if isinstance(content, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise PlanError(
            f"{path} was written by a newer corpuscope (version {version}, this one knows {VERSION})",
            "install that one, or choose another labels folder with --labels",
        )
    try:
        return _checked(content)
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
            key: value for key, value in _checked(plan).items() if key not in UNDECIDED or value is not None
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


# pydantic's validator without its models, which take six times as long to load, before every first frame.
def _strict(**fields: CoreSchema) -> CoreSchema:
    """An object with these fields and no others; those with a default may be left out."""
    return typed_dict_schema(
        {
            name: typed_dict_field(field, required=field["type"] != "default")
            for name, field in fields.items()
        },
        extra_behavior="forbid",
        strict=True,
    )


def _divided(plan: PlanFile) -> PlanFile:
    if (plan["overlap"] is None) != (plan["annotators"] is None):
        raise PydanticCustomError("divided", "annotators and overlap go together: one of them is missing")
    if plan["annotators"] and len(set(plan["annotators"])) < len(plan["annotators"]):
        raise PydanticCustomError("divided", "annotators names somebody twice")
    return plan


def _plan_schema() -> CoreSchema:
    word = str_schema(strict=True)
    name = str_schema(strict=True, min_length=1)
    positive = int_schema(strict=True, ge=1)
    percent = int_schema(strict=True, ge=0, le=100)
    change = list_schema(positive, min_length=2, max_length=2, strict=True)
    corpus = _strict(
        kind=literal_schema(["hub", "local", "demo"]),
        path=name,
        name=_or_none(word),
        split=with_default_schema(name, default="train"),
        files=_or_none(word),
        text=list_schema(_strict(column=name, title=name), min_length=1, strict=True),
        tokens=_or_none(word),
        revision=_or_none(word),
        target=positive,
        blind=bool_schema(strict=True),
        replanned=with_default_schema(list_schema(change, strict=True), default=[]),
    )
    key = str_schema(strict=True, pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]*$")
    plan = _strict(
        version=with_default_schema(literal_schema([VERSION]), default=VERSION),
        seed=int_schema(strict=True, ge=0, lt=1 << 64),
        scheme=with_default_schema(word, default=""),
        second_looks=_or_none(percent),
        annotators=_or_none(list_schema(name, min_length=2, strict=True)),
        overlap=_or_none(percent),
        corpora=with_default_schema(dict_schema(key, corpus, strict=True), default={}),
    )
    return no_info_after_validator_function(_divided, plan)


def _or_none(schema: CoreSchema) -> CoreSchema:
    return with_default_schema(nullable_schema(schema), default=None)


_VALIDATOR = SchemaValidator(_plan_schema())


def _checked(content: object) -> PlanFile:
    """A plan with every field there is, in the order of `PlanFile`. Raises ValidationError."""
    plan: PlanFile = _VALIDATOR.validate_python(content)
    return plan


def _fault(path: Path, fault: ErrorDetails) -> str:
    where = ".".join(str(part) for part in fault["loc"] if part != "[key]") or "the file"
    if fault["type"] == "extra_forbidden":
        known = CorpusEntry.__annotations__ if fault["loc"][0] == "corpora" else PlanFile.__annotations__
        return f"{path}: {where} is not known ({nearest(str(fault['loc'][-1]), known)})"
    if fault["type"] == "missing":
        return f"{path}: {where} is missing"
    if fault["type"] == "divided":
        return f"{path}: {fault['msg']}"
    return f"{path}: {where} is {_short(fault['input'])}; {fault['msg'][0].lower()}{fault['msg'][1:]}"


def _short(value: object) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 40 else f"{text[:37]}..."
