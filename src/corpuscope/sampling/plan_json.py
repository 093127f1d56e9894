"""The JSON of plan.json: what each key may hold, from a plan to it and back."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from math import inf
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from corpuscope.corpora.known import EXACT, known_corpus
from corpuscope.corpora.parse import relative_to, title_of
from corpuscope.domain.corpus import FRAME, MOST_LABELS, Corpus, TextColumn
from corpuscope.domain.mix import LARGEST, MIX_UNITS, Mix, is_mix_name
from corpuscope.errors import PlanError, nearest
from corpuscope.sampling.plan import ORDER_VERSION, Plan, PlannedCorpus, QueueBlock, Replanned

VERSION = 2
"""The version of plan.json that is written, and the newest that can be read.

Incremented when older versions of corpuscope would misread the file.
"""


_REQUIRED = object()


class _Field(NamedTuple):
    """What one key of an object in the file may hold."""

    is_valid: Callable[[Any], bool]
    must_be: str
    """Completes "it must be ..." in the message to the user."""
    default: Any = _REQUIRED
    """The value of a key that is left out."""

    def or_null(self) -> _Field:
        """Return the field with null allowed, which is also its default."""
        return _Field(lambda value: value is None or self.is_valid(value), f"{self.must_be} or null", None)

    def with_default(self, default: object) -> _Field:
        """Return the field as one that may be left out."""
        return self._replace(default=default)


def _whole(low: int, high: float = inf, must_be: str = "") -> _Field:
    must_be = must_be or f"a whole number of at least {low}"
    return _Field(lambda value: type(value) is int and low <= value <= high, must_be)


def _list(item: _Field, must_be: str, shortest: int = 0, longest: float = inf) -> _Field:
    return _Field(
        lambda value: (
            isinstance(value, list)
            and shortest <= len(value) <= longest
            and all(item.is_valid(part) for part in value)
        ),
        must_be,
    )


_KINDS = ("hub", "local", "demo")
_TEXT = _Field(lambda value: isinstance(value, str), "text")
_NAME = _Field(lambda value: isinstance(value, str) and value != "", "text that is not empty")
_OBJECT = _Field(lambda value: isinstance(value, dict), "an object")
_FLAG = _Field(lambda value: isinstance(value, bool), "true or false")
_PERCENT = _whole(0, 100, "a whole number from 0 to 100")
_CHANGE = _Field(
    lambda value: (
        isinstance(value, list)
        and 2 <= len(value) <= 3
        and all(type(part) is int and 1 <= part <= MOST_LABELS for part in value[:2])
        and all(isinstance(part, str) for part in value[2:])
    ),
    "a target, a number of labels and the time",
)


def _is_positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= LARGEST


_POSITIVE = _Field(_is_positive, "a positive number")
_AMOUNTS_PER_CORPUS = _Field(
    lambda value: (
        isinstance(value, dict)
        and all(
            _is_positive(weight) or (type(weight) in (int, float) and weight == 0)
            for weight in value.values()
        )
        and any(value.values())
    ),
    "an object with a weight per corpus, not all of them 0",
)

# The attributes of Plan, Mix, PlannedCorpus, Corpus and TextColumn say what the keys mean.
_PLAN = {
    "version": _whole(1, VERSION, f"a whole number from 1 to {VERSION}").with_default(1),
    "seed": _whole(0, 2**64 - 1, "a whole number from 0 to 2**64 - 1"),
    "scheme": _TEXT.with_default(""),
    "second_looks": _PERCENT.or_null(),
    "annotators": _list(_NAME, "a list of at least 2 names", 2).or_null(),
    "overlap": _PERCENT.or_null(),
    "order": _whole(1, ORDER_VERSION, f"a whole number from 1 to {ORDER_VERSION}").with_default(1),
    "corpora": _OBJECT.with_default({}),
    "mixes": _OBJECT.with_default({}),
    "blocks": _list(_OBJECT, "a list of objects").with_default(()),
}
_COUNTS = _Field(
    lambda value: (
        isinstance(value, dict)
        and all(type(count) is int and 0 <= count <= 2 * MOST_LABELS for count in value.values())
    ),
    "an object with a number of documents per corpus",
)
_BLOCK = {"ends": _COUNTS, "planned": _COUNTS, "mix": _TEXT.with_default("")}
_MIX = {
    "weights": _AMOUNTS_PER_CORPUS,
    "budget": _POSITIVE.or_null(),
    "by": _Field(lambda value: value in MIX_UNITS, '"tokens" or "documents"').with_default(MIX_UNITS[0]),
    "sizes": _Field(
        lambda value: isinstance(value, dict) and all(map(_is_positive, value.values())),
        "an object with a positive number per corpus",
    ).with_default({}),
}
_CORPUS = {
    "kind": _Field(lambda value: value in _KINDS, '"hub", "local" or "demo"'),
    "path": _NAME,
    "paths": _list(_NAME, "a list of at least 2 paths", 2).with_default(()),
    "name": _TEXT.or_null(),
    "split": _NAME.with_default("train"),
    "files": _TEXT.or_null(),
    "text": _list(_OBJECT, "a list of at least 1 column", 1),
    "tokens": _TEXT.or_null(),
    "requested": _NAME.or_null(),
    "revision": _TEXT.or_null(),
    "target": _whole(1, MOST_LABELS, f"a whole number from 1 to {MOST_LABELS:,}"),
    "blind": _FLAG,
    "replanned": _list(_CHANGE, "a list of lists, each a target, a number of labels and a time").with_default(
        []
    ),
    "documents": _whole(1, 1 << 62).or_null(),
    "frame": _whole(1, FRAME, f"a whole number from 1 to {FRAME}").or_null(),
    "uniform": _TEXT.with_default(""),
    "in_order": _FLAG.with_default(False),
    "census": _FLAG.with_default(False),
}
_COLUMN = {"column": _NAME, "title": _NAME}
_CORPUS_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


def plan_from_json(content: object, path: Path, hint: str) -> Plan:
    """Return the plan in the JSON of the file. Raises PlanError with `hint`, naming the file and every fault."""
    faults: list[str] = []
    plan = _fields(content, _PLAN, "", faults)
    corpora: dict[str, dict[str, Any]] = {}
    for key, value in (plan["corpora"] or {}).items():
        where = f"corpora.{quoted(key)}"
        if not _CORPUS_KEY.fullmatch(key):
            faults.append(f"{where} cannot be the name of a corpus: use letters, digits and . _ -")
        corpora[key] = entry = _fields(value, _CORPUS, where, faults)
        columns = enumerate(entry["text"] or ())
        entry["text"] = [_fields(column, _COLUMN, f"{where}.text.{i}", faults) for i, column in columns]
    mixes: dict[str, Mix] = {}
    for name, value in (plan["mixes"] or {}).items():
        where = f"mixes.{quoted(name)}"
        if not is_mix_name(name):
            faults.append(f"{where} cannot be the name of a mix: use letters, digits and . _ -")
        entry = _fields(value, _MIX, where, faults)
        if all(entry[field] is not None for field in ("weights", "by", "sizes")):
            mixes[name] = Mix(
                MappingProxyType(entry["weights"]),
                entry["budget"],
                entry["by"],
                MappingProxyType(entry["sizes"]),
            )
    blocks = [_fields(value, _BLOCK, f"blocks.{i}", faults) for i, value in enumerate(plan["blocks"] or ())]
    annotators, overlap = plan["annotators"], plan["overlap"]
    if (annotators is None) != (overlap is None):
        faults.append("annotators and overlap go together: one of them is missing")
    if annotators and len(set(annotators)) < len(annotators):
        faults.append("annotators names somebody twice")
    if faults:
        raise PlanError("\n".join(f"{path}: {fault}" for fault in faults), hint)
    assignment = None
    if annotators:
        from corpuscope.sampling.assignment import Assignment

        assignment = Assignment(tuple(annotators), overlap)
    folder = os.path.abspath(path.parent.parent)  # noqa: PTH100  links stay, as in the path
    planned = MappingProxyType({key: _planned(key, entry, folder) for key, entry in corpora.items()})
    return Plan(
        plan["seed"],
        planned,
        plan["scheme"],
        plan["second_looks"],
        assignment,
        plan["order"],
        MappingProxyType(mixes),
        tuple(QueueBlock(**block) for block in blocks),
    )


def _fields(value: object, allowed: Mapping[str, _Field], where: str, faults: list[str]) -> dict[str, Any]:
    """Return the `allowed` keys of an object of the file, None for the faulty ones, which are added to `faults`."""
    if not isinstance(value, dict):
        faults.append(f"{where or 'the file'} is {_short(value)}; it must be an object")
        return dict.fromkeys(allowed)
    prefix = where and f"{where}."
    faults.extend(
        f"{prefix}{quoted(name)} is not known ({nearest(name, allowed)})"
        for name in value
        if name not in allowed
    )
    content: dict[str, Any] = dict.fromkeys(allowed)
    for name, field in allowed.items():
        if name not in value and field.default is _REQUIRED:
            faults.append(f"{prefix}{name} is missing")
        elif name in value and not field.is_valid(value[name]):
            faults.append(f"{prefix}{name} is {_short(value[name])}; it must be {field.must_be}")
        else:
            content[name] = value.get(name, field.default)
    return content


def quoted(name: str) -> str:
    """Return a key with control characters and lone surrogates escaped, so that a message stays on its line."""
    return json.dumps(name)[1:-1]


def _short(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _planned(key: str, entry: Mapping[str, Any], folder: str) -> PlannedCorpus:
    """Build the planned corpus; title and licence are not in the file, and are those of a known corpus."""
    kind, path, name = entry["kind"], entry["path"], entry["name"]
    base = Corpus(key, title_of(kind, path, name), kind, path, name, entry["split"])
    if known := known_corpus(base):
        base = known.corpus
    same_names = {
        name: entry[name]
        for name in (
            "kind",
            "path",
            "name",
            "split",
            "files",
            "requested",
            "tokens",
            "uniform",
            "in_order",
            "census",
        )
    }
    text = tuple(TextColumn(**column) for column in entry["text"])
    frame = entry["frame"] or (1 if kind == "hub" and entry["revision"] else FRAME)
    paths = tuple(entry["paths"])
    corpus = replace(base, **same_names, paths=paths, folder=folder, text=text, frame=frame)
    replanned = tuple(Replanned(*change) for change in entry["replanned"])
    return PlannedCorpus(
        corpus, entry["target"], entry["blind"], entry["revision"], replanned, entry["documents"]
    )


def plan_json(plan: Plan, folder: Path) -> dict[str, Any]:
    """Return the content of the file of a study in `folder`; terms that are undecided are left out."""
    assignment = plan.assignment
    terms = {
        "second_looks": plan.second_looks,
        "annotators": assignment and assignment.annotators,
        "overlap": assignment and assignment.overlap,
    }
    return {
        "version": VERSION,
        "seed": plan.seed,
        "scheme": plan.scheme,
        "order": plan.order,
        **{name: value for name, value in terms.items() if value is not None},
        "corpora": {key: _corpus_to_json(planned, folder) for key, planned in plan.corpora.items()},
        **({"mixes": {name: _mix_to_json(mix) for name, mix in plan.mixes.items()}} if plan.mixes else {}),
        **({"blocks": [_block_to_json(block) for block in plan.blocks]} if plan.blocks else {}),
    }


def _block_to_json(block: QueueBlock) -> dict[str, Any]:
    values = {"ends": dict(block.ends), "planned": dict(block.planned)}
    return values | ({"mix": block.mix} if block.mix else {})


def _mix_to_json(mix: Mix) -> dict[str, Any]:
    return {
        "weights": dict(mix.weights),
        "budget": mix.budget,
        "by": mix.by,
        **({"sizes": dict(mix.sizes)} if mix.sizes else {}),
    }


_LEFT_OUT = ("paths", "requested", "uniform", "in_order", "census")
"""Keys of a corpus that are left out of the file at their default."""


def _corpus_to_json(planned: PlannedCorpus, folder: Path) -> dict[str, Any]:
    values = asdict(relative_to(planned.corpus, folder)) | asdict(planned)
    left_out = {name for name in _LEFT_OUT if not values[name]}
    if planned.corpus.kind != "hub" or planned.revision is None:
        left_out.add("frame")
    if planned.revision is None or (planned.corpus.kind != "hub" and values["uniform"] == EXACT):
        left_out.add("uniform")
    return {name: values[name] for name in _CORPUS if name not in left_out}
