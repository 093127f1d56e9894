"""Reading, validating and durably writing labels/plan.json."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache as once_only
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypedDict

from corpuscope.corpora.known import KNOWN
from corpuscope.corpora.parse import title_of
from corpuscope.domain.corpus import Corpus, TextColumn
from corpuscope.errors import PlanError, nearest
from corpuscope.files import cache_json, cached_json
from corpuscope.sampling.plan import Plan, PlannedCorpus

if TYPE_CHECKING:  # loading the validator takes a tenth of the time to the first frame
    from pydantic_core import ErrorDetails, SchemaValidator
    from pydantic_core.core_schema import CoreSchema

VERSION: Literal[1] = 1
"""The version of plan.json that is written, and the newest that can be read."""

UNDECIDED = ("second_looks", "annotators", "overlap")
"""Keys that are left out of the file while they are None."""


class TextColumnEntry(TypedDict):
    """One text column of a corpus."""

    column: str
    """The column's name in the dataset."""
    title: str
    """The title of the section."""


class CorpusEntry(TypedDict):
    """One corpus of plan.json."""

    kind: Literal["hub", "local", "demo"]
    """The kind of source that serves its documents."""
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
    """The pinned revision; null until the corpus was first opened."""
    target: int
    """Number of labels planned."""
    blind: bool
    """True when name, urls and scores are hidden until a category is chosen."""
    replanned: list[list[int]]
    """Each target replaced after labelling began, with the number of labels at that time."""


class PlanFile(TypedDict):
    """The whole of labels/plan.json."""

    version: Literal[1]
    """Version of the format, incremented when older versions of corpuscope would misread the file."""
    seed: int
    """The seed of every draw."""
    scheme: str
    """Hash of the category scheme the plan was made for."""
    second_looks: int | None
    """Percent of the labelled documents that are shown a second time; left out when undecided."""
    annotators: list[str] | None
    """Names of the annotators who share the documents; left out when all label the same ones."""
    overlap: int | None
    """Percent of the documents that all `annotators` label; each other document goes to one of them."""
    corpora: dict[str, CorpusEntry]
    """Corpora by key."""


def open_plan(
    path: Path,
    *,
    seed: int | None = None,
    scheme: str = "",
    entropy: Callable[[int], int] | None = None,
    cache: Path | None = None,
) -> Plan:
    """Load the plan at `path`; when there is none, first write one with `seed` or a seed of 32 random bits.

    `entropy` returns the given number of random bits. Another `seed` replaces the plan's as long as no corpus
    was opened, since nothing was drawn with the old one. `cache` is a folder for validated files.

    Raises PlanError when the file is damaged or cannot be written, or when documents were drawn with another
    seed.
    """
    if not _exists(path):
        from secrets import randbits

        new = Plan((entropy or randbits)(32) if seed is None else seed, scheme=scheme)
        create(path, to_entry(new))
    plan = load_plan(path, cache)
    if seed is None or seed == plan.seed:
        return plan
    plan = plan.with_seed(seed)
    save_plan(plan, path)
    return plan


def load_plan(path: Path, cache: Path | None = None) -> Plan:
    """Load the plan at `path`. Raises PlanError naming the line or key at fault.

    A file that was found valid before is not validated again if it is cached in the folder `cache`.
    """
    return from_entry(read(path, cache))


def find_plan(path: Path, cache: Path | None = None) -> Plan | None:
    """Load the plan at `path`; None when there is no such file. Raises PlanError like `load_plan`."""
    return load_plan(path, cache) if _exists(path) else None


def save_plan(plan: Plan, path: Path) -> None:
    """Replace the file durably and atomically. Raises PlanError when it cannot be written."""
    write(path, to_entry(plan))


def read(path: Path, cache: Path | None = None) -> PlanFile:
    """Return the validated content of the file; one that is cached in `cache` as valid is not validated again.

    Raises PlanError naming the file and the line or key at fault.
    """
    try:
        written = path.read_bytes()
    except OSError as error:
        raise PlanError(f"{path} cannot be read: {error.strerror or error}") from error
    cache_folder = cache and cache / "plans"
    if cache_folder and (cached := cached_json(cache_folder, written)):
        cached_plan: PlanFile = cached
        return cached_plan

    plan = parsed(written, path)
    if cache_folder:
        cache_json(cache_folder, plan, written)
    return plan


def write(path: Path, plan: PlanFile) -> None:
    """Replace the file durably and atomically. Raises PlanError when the folder cannot be written."""
    try:
        new = _write_new(path, plan)
        new.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error


def create(path: Path, plan: PlanFile) -> None:
    """Write the file durably unless another process created it first; then that file stays.

    Raises PlanError when the folder cannot be written.
    """
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


def _exists(path: Path) -> bool:
    """Tell whether the file exists. Raises PlanError when that cannot be determined."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}"
        raise PlanError(message, "choose a labels folder with --labels") from error
    return True


def _unwritable(path: Path, error: OSError) -> PlanError:
    return PlanError(
        f"{path} cannot be written: {error.strerror or error}", "choose a labels folder with --labels"
    )


def parsed(written: bytes, path: Path) -> PlanFile:
    """Parse and validate the content of a file. Raises PlanError naming the file and the line or key at fault."""
    from pydantic_core import ValidationError

    restore = "restore it from a copy; the seed in it decides which documents are drawn"
    try:
        content = json.loads(written)
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
        return checked(content)
    except ValidationError as error:
        raise PlanError("\n".join(_fault(path, fault) for fault in error.errors()), restore) from error


# pydantic's validator without its models, which take six times as long to load.
def _strict(**fields: CoreSchema) -> CoreSchema:
    """Build the schema of an object with exactly these fields; those with a default may be left out."""
    from pydantic_core.core_schema import typed_dict_field, typed_dict_schema

    return typed_dict_schema(
        {
            name: typed_dict_field(field, required=field["type"] != "default")
            for name, field in fields.items()
        },
        extra_behavior="forbid",
        strict=True,
    )


def _divided(plan: PlanFile) -> PlanFile:
    from pydantic_core import PydanticCustomError

    if (plan["overlap"] is None) != (plan["annotators"] is None):
        raise PydanticCustomError("divided", "annotators and overlap go together: one of them is missing")
    if plan["annotators"] and len(set(plan["annotators"])) < len(plan["annotators"]):
        raise PydanticCustomError("divided", "annotators names somebody twice")
    return plan


def _plan_schema() -> CoreSchema:
    from pydantic_core.core_schema import (
        bool_schema,
        dict_schema,
        int_schema,
        list_schema,
        literal_schema,
        no_info_after_validator_function,
        str_schema,
        with_default_schema,
    )

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
    from pydantic_core.core_schema import nullable_schema, with_default_schema

    return with_default_schema(nullable_schema(schema), default=None)


@once_only
def _validator() -> SchemaValidator:
    from pydantic_core import SchemaValidator

    return SchemaValidator(_plan_schema())


def checked(content: object) -> PlanFile:
    """Validate `content` and fill in defaults, in the order of `PlanFile`. Raises ValidationError."""
    plan: PlanFile = _validator().validate_python(content)
    return plan


def _fault(path: Path, fault: ErrorDetails) -> str:
    where = ".".join(str(part) for part in fault["loc"] if part != "[key]") or "the file"
    if fault["type"] == "extra_forbidden":
        keys = CorpusEntry.__annotations__ if fault["loc"][0] == "corpora" else PlanFile.__annotations__
        return f"{path}: {where} is not known ({nearest(str(fault['loc'][-1]), keys)})"
    if fault["type"] == "missing":
        return f"{path}: {where} is missing"
    if fault["type"] == "divided":
        return f"{path}: {fault['msg']}"
    return f"{path}: {where} is {_short(fault['input'])}; {fault['msg'][0].lower()}{fault['msg'][1:]}"


def _short(value: object) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 40 else f"{text[:37]}..."


def to_entry(plan: Plan) -> PlanFile:
    """Return the content of the file for a plan."""
    corpora = {key: _corpus_entry(planned) for key, planned in plan.corpora.items()}
    assignment = plan.assignment
    return {
        "version": VERSION,
        "seed": plan.seed,
        "scheme": plan.scheme,
        "second_looks": plan.second_looks,
        "annotators": list(assignment.annotators) if assignment else None,
        "overlap": assignment.overlap if assignment else None,
        "corpora": corpora,
    }


def from_entry(entry: PlanFile) -> Plan:
    """Return the plan for the content of a file."""
    corpora = {key: _planned(key, corpus) for key, corpus in entry["corpora"].items()}
    assignment = None
    if annotators := entry["annotators"]:
        from corpuscope.sampling.assignment import (
            Assignment,
        )  # most plans have none, and their first frame waits

        assignment = Assignment(tuple(annotators), entry["overlap"] or 0)
    return Plan(entry["seed"], MappingProxyType(corpora), entry["scheme"], entry["second_looks"], assignment)


def _corpus_entry(planned: PlannedCorpus) -> CorpusEntry:
    corpus = planned.corpus
    return {
        "kind": corpus.kind,
        "path": corpus.path,
        "name": corpus.name,
        "split": corpus.split,
        "files": corpus.files,
        "text": [{"column": text.column, "title": text.title} for text in corpus.text],
        "tokens": corpus.tokens,
        "revision": planned.revision,
        "target": planned.target,
        "blind": planned.blind,
        "replanned": [list(change) for change in planned.replanned],
    }


def _planned(key: str, entry: CorpusEntry) -> PlannedCorpus:
    """Build the planned corpus; title and licence are not in the file and are looked up by key."""
    known_corpus = KNOWN.get(key)
    kind, path, name = entry["kind"], entry["path"], entry["name"]
    base = known_corpus.corpus if known_corpus else Corpus(key, title_of(kind, path, name), kind, path)
    corpus = replace(
        base,
        kind=kind,
        path=path,
        name=name,
        split=entry["split"],
        files=entry["files"],
        text=tuple(TextColumn(text["column"], text["title"]) for text in entry["text"]),
        tokens=entry["tokens"],
    )
    replanned = tuple((target, labels) for target, labels in entry["replanned"])
    return PlannedCorpus(corpus, entry["target"], entry["blind"], entry["revision"], replanned)
