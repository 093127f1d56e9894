"""Whether what a plan.json says is a plan; every fault is named with its key."""

import json
from pathlib import Path

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
from corpuscope.sampling.plan_file import VERSION, CorpusEntry, PlanFile


def parsed(written: bytes, path: Path) -> PlanFile:
    """The plan in the content of a file. Raises PlanError naming the file and the line or key at fault."""
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


def checked(content: object) -> PlanFile:
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
