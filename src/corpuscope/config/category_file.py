"""The reader of categories.yaml, which reports all faults at once with file, line and key."""

from __future__ import annotations

import re
import reprlib
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from corpuscope.config.category_keys import assign_keys, key_fault, prefix_faults
from corpuscope.config.palette import COLOURS
from corpuscope.config.settings import BUILT_IN_FILE
from corpuscope.config.yaml_lines import FileErrors, load_yaml
from corpuscope.domain.category import (
    MOST_CATEGORIES,
    MOST_ONE_STROKE,
    NOMINAL,
    ORDINAL,
    Category,
    CategoryScheme,
)
from corpuscope.errors import CategoryFileError, nearest
from corpuscope.files import read_written_by_hand, reason
from corpuscope.stats.reference import SEVEN

BUILT_IN = "the built-in categories"
"""Name of the built-in file in messages."""

DigitsOrText = Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value)]
"""A key of the keyboard or a name; YAML reads bare digits as a number, which becomes text again."""

Scale = Literal["nominal", "ordinal"]
"""The scales of `CategoryScheme`."""

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
"""A number as the name of a category in an ordinal scheme."""

_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters except tab and line ends, and lone surrogates: no text a person wrote holds them."""


class _CategoryEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    key: DigitsOrText | None = None
    name: DigitsOrText
    definition: str
    letter: DigitsOrText | None = None
    group: str = ""
    colour: str = "white"
    includes: str = ""
    excludes: str = ""
    formerly: list[str] = Field(default_factory=list)
    crosswalk: list[str] = Field(default_factory=list)


class _SchemeFile(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    categories: list[_CategoryEntry]
    split: list[str] = Field(default_factory=list)
    scale: Scale = "nominal"
    title: str = ""
    source: str = ""
    score_column: str = ""


def load_scheme(file: Path | None, taken: Mapping[str, str] | None = None) -> CategoryScheme:
    """Load the category scheme from `file`, or the seven built-in categories when it is None.

    `taken` maps each key that the app uses to the id of its action; no category may use one of them.
    Raises CategoryFileError with one line per fault.
    """
    if file is None:
        return parse_scheme(BUILT_IN_FILE.read_text("utf-8"), BUILT_IN, taken or {})
    try:
        raw = read_written_by_hand(file)
    except FileNotFoundError:
        raise CategoryFileError(
            f"{file}: no such file", "name an existing file, or leave --categories out for the built-in seven"
        ) from None
    except OSError as fault:
        raise CategoryFileError(f"{file}: cannot be read: {reason(fault)}", "name a YAML file") from None
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise CategoryFileError(
            f"{file}:{line}: not UTF-8: byte {raw[fault.start]:#04x}", "save the file as UTF-8"
        ) from None
    return parse_scheme(content, str(file), taken or {})


def parse_scheme(content: str, file: str, taken: Mapping[str, str]) -> CategoryScheme:
    """Parse the category scheme in `content`; `file` is its name in messages. Raises CategoryFileError."""
    root, data = load_yaml(content, file, CategoryFileError)
    faults = FileErrors(file, root)
    if not isinstance(data, dict):
        faults.add((), "must start with `categories:` and a list under it")
        raise CategoryFileError(faults.in_order())
    faults.repeated_keys()
    try:
        entries = _SchemeFile.model_validate(data)
    except ValidationError as invalid:
        for problem in invalid.errors():
            where = tuple(problem["loc"])
            if problem["type"] == "invalid_key":  # `FileErrors` looks keys up as text
                where = (*where[:-1], str(where[-1]))
            faults.add(where, _explain(dict(problem), data, faults.written(where)))
        lenient = _lenient_entries(data)
        if lenient is not None:
            _cross_check(lenient, faults, taken)
        raise CategoryFileError(faults.in_order()) from None
    keys = _cross_check(entries, faults, taken)
    if faults.lines or keys is None:
        raise CategoryFileError(faults.in_order())
    return CategoryScheme(
        tuple(
            Category(
                **{
                    **dict(entry),
                    "key": key,
                    "formerly": tuple(entry.formerly),
                    "crosswalk": tuple(entry.crosswalk),
                }
            )
            for entry, key in zip(entries.categories, keys, strict=True)
        ),
        tuple(entries.split),
        scale=entries.scale,
        title=entries.title,
        source=entries.source,
        score_column=entries.score_column,
    )


def _lenient_entries(data: Mapping[str, Any]) -> _SchemeFile | None:
    """Build the entries with placeholders for unknown fields and invalid values; None without a list.

    A placeholder is valid itself, so that `_cross_check` reports only faults that are not reported yet.
    """
    categories, split = data.get("categories"), data.get("split")
    if not isinstance(categories, list):
        return None
    entries = []
    for i, written in enumerate(categories):
        values: dict[str, Any] = {"name": f"categories[{i + 1}]", "definition": "?"}
        for field, value in written.items() if isinstance(written, dict) else ():
            if field in _CategoryEntry.model_fields:
                try:
                    values[field] = getattr(_CategoryEntry.model_validate(values | {field: value}), field)
                except ValidationError:
                    continue
        entries.append(_CategoryEntry.model_construct(**values))
    names = [name for name in split if isinstance(name, str)] if isinstance(split, list) else []
    return _SchemeFile.model_construct(categories=entries, split=names)


def _explain(fault: Mapping[str, Any], data: Mapping[str, Any], written: str | None) -> str:
    """Explain an error of Pydantic in plain words; `written` is the text of the file at that place."""
    kind, where = fault["type"], fault["loc"]
    fields = _SchemeFile.model_fields if len(where) == 1 else _CategoryEntry.model_fields
    if kind in ("extra_forbidden", "invalid_key"):
        return f"unknown; {nearest(str(where[-1]), fields)}"
    if kind == "missing":
        holder: Any = data
        for step in where[:-1]:
            holder = holder[step]
        name = holder.get("name") if isinstance(holder, dict) and holder is not data else None
        return f"missing{f' in category {name!r:.60}' if name else ''}"
    expected = {
        "string_type": "text",
        "list_type": "a list of categories"
        if where == ("categories",)
        else "a list, such as [a name, another]",
        "model_type": "a category with key, name and definition",
        "literal_error": " or ".join(get_args(Scale)),
    }.get(kind, fault["msg"])
    value = fault["input"]
    if value is None:
        return f"is empty; must be {expected}"
    if kind == "string_type" and written is not None:
        return f"must be text, and YAML reads {written:.60} as something else; put quotes around it"
    return f"must be {expected}, not {reprlib.repr(value) if written is None else repr(written):.60}"


def _cross_check(entries: _SchemeFile, faults: FileErrors, taken: Mapping[str, str]) -> list[str] | None:
    """Add the faults that need more than one field: counts, repeated keys and names, colours, text.

    Return the key of each category, None when there are not enough keys.
    """
    count = len(entries.categories)
    if not 1 <= count <= MOST_CATEGORIES:
        faults.add(("categories",), f"must be one to forty categories, there are {count or 'none'}")
    _check_keys(entries, faults, taken)
    names: set[str] = set()
    for i, entry in enumerate(entries.categories):
        where = ("categories", i)
        for field in ("name", "definition", "includes", "excludes", "group"):
            if control := _CONTROL_CHARACTER.search(getattr(entry, field)):
                faults.add((*where, field), f"holds the control character U+{ord(control.group()):04X}")
        if not any(c.isprintable() and not c.isspace() for c in entry.name) or re.search(
            r"[\t\r\n]", entry.name
        ):
            faults.add((*where, "name"), "must be visible, and in one line")
        normalised = " ".join(unicodedata.normalize("NFKC", entry.name).casefold().split())
        if normalised in names:
            faults.add((*where, "name"), f"{entry.name!r} is already the name of a category")
        names.add(normalised)
        if not entry.definition.strip():
            faults.add((*where, "definition"), "must say what belongs here")
        if entry.colour not in COLOURS and not re.fullmatch(r"#[0-9a-fA-F]{6}", entry.colour):
            faults.add(
                (*where, "colour"),
                f"{entry.colour!r} is not a colour; {nearest(entry.colour, COLOURS)}, or #rrggbb",
            )
        for j, name in enumerate(entry.crosswalk):
            if name not in SEVEN:
                faults.add(
                    (*where, "crosswalk", j), f"{name!r} is not one of the seven; {nearest(name, SEVEN)}"
                )
    _check_groups(entries, faults)
    _check_scale(entries, faults)
    _check_history(entries, faults)
    if not 1 <= count <= MOST_CATEGORIES:
        return None
    keys = [entry.key for entry in entries.categories]
    letters = [entry.letter for entry in entries.categories if entry.letter]
    ordinal = [entry.name for entry in entries.categories] if entries.scale == ORDINAL else []
    assigned = assign_keys(keys, letters, taken, ordinal)
    if assigned is None:
        faults.add(("categories",), "there are not enough free keys; name one for each category with `key:`")
    return assigned


def _check_keys(entries: _SchemeFile, faults: FileErrors, taken: Mapping[str, str]) -> None:
    """Add a fault for each key that cannot be pressed, is taken by the app, or belongs to another category."""
    most = 2 if len(entries.categories) > MOST_ONE_STROKE else 1
    written = [
        (("categories", i, field), key, entry.name)
        for i, entry in enumerate(entries.categories)
        for field, key in (("key", entry.key), ("letter", entry.letter))
        if key is not None
    ]
    owners: dict[str, str] = {}
    for where, key, name in written:
        if fault := key_fault(key, most if where[-1] == "key" else 1):
            faults.add(where, fault)
        elif key[0] in taken:
            begins = "is" if len(key) == 1 else f"begins with {key[0]!r}, which is"
            faults.add(
                where,
                f"{key!r} {begins} taken by the app ({taken[key[0]]}); "
                "choose another, here or in [keys] of the config file",
            )
        elif key in owners:
            faults.add(where, f"{key!r} is already the key of {owners[key]!r}")
        owners.setdefault(key, name)
    for i, fault in prefix_faults([(key, name) for _, key, name in written]).items():
        faults.add(written[i][0], fault)


def _check_groups(entries: _SchemeFile, faults: FileErrors) -> None:
    """Add a fault for each category without a group among others that have one, and for each group in two places."""
    if not any(entry.group for entry in entries.categories):
        return
    closed: set[str] = set()
    before = ""
    for i, entry in enumerate(entries.categories):
        if not entry.group.strip():
            faults.add(("categories", i), f"{entry.name!r} has no group, and other categories have one")
        elif entry.group != before:
            if entry.group in closed:
                faults.add(
                    ("categories", i, "group"),
                    f"{entry.group!r} is in two places; put its categories below each other",
                )
            closed.add(before)
        before = entry.group


def _check_scale(entries: _SchemeFile, faults: FileErrors) -> None:
    """Add the faults of an ordinal scheme, whose names are numbers in ascending order."""
    if entries.scale == NOMINAL:
        if entries.score_column:
            faults.add(("score_column",), "only a scheme with `scale: ordinal` can be compared with scores")
        return
    largest: float | None = None
    for i, entry in enumerate(entries.categories):
        if not _NUMBER.fullmatch(entry.name):
            faults.add(("categories", i, "name"), f"{entry.name!r} must be a number, as `scale` is ordinal")
        elif largest is not None and float(entry.name) <= largest:
            faults.add(("categories", i, "name"), f"{entry.name} must be larger than {largest:g} before it")
        else:
            largest = float(entry.name)
    if len(entries.categories) == 1:
        faults.add(("categories",), "an ordinal scale has two or more categories")


def _check_history(entries: _SchemeFile, faults: FileErrors) -> None:
    """Add a fault for each former name that leads to two categories or is still in use."""
    current = {entry.name for entry in entries.categories}
    origin: dict[str, str] = {}
    for i, entry in enumerate(entries.categories):
        for j, old in enumerate(entry.formerly):
            if old in current:
                faults.add(("categories", i, "formerly", j), f"{old!r} is still a category of its own")
            elif origin.setdefault(old, entry.name) != entry.name:
                faults.add(("categories", i, "formerly", j), f"{old!r} already leads to {origin[old]!r}")
    for j, old in enumerate(entries.split):
        if old in current or old in origin:
            faults.add(("split", j), f"{old!r} is still a category, or leads to one")
