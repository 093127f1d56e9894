"""Reads categories.yaml; every fault is named with its file, line and key, all of them at once."""

import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from corpuscope.domain.category import MOST_CATEGORIES, Category, CategoryScheme
from corpuscope.errors import CategoryFileError, nearest

COLOURS = tuple(
    f"{bright}{colour}"
    for bright in ("", "bright_")
    for colour in ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
)
"""Colour names every terminal knows; #rrggbb works too."""

BUILT_IN = "the built-in categories"

Key = Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value)]
"""A key; YAML reads a bare digit as a number, which is what a person means by it."""


class _CategoryEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    key: Key
    name: str
    definition: str
    letter: Key | None = None
    colour: str = "white"
    includes: str = ""
    excludes: str = ""
    formerly: list[str] = Field(default_factory=list)


class _SchemeFile(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    categories: list[_CategoryEntry]
    split: list[str] = Field(default_factory=list)


def load_scheme(file: Path | None, taken: Mapping[str, str] | None = None) -> CategoryScheme:
    """The scheme in `file`, or the built-in seven categories when it is None.

    `taken` maps keys the app itself uses to the action they run; a category may not claim one of them.
    Raises CategoryFileError with one line per fault.
    """
    if file is None:
        content = (resources.files("corpuscope.domain") / "categories.yaml").read_text("utf-8")
        return parse_scheme(content, BUILT_IN, taken or {})
    try:
        content = file.read_text("utf-8")
    except FileNotFoundError:
        raise CategoryFileError(
            f"{file}: no such file", "name an existing file, or leave --categories out for the built-in seven"
        ) from None
    except UnicodeDecodeError as fault:
        raise CategoryFileError(f"{file}: not UTF-8 at byte {fault.start}", "save it as UTF-8") from None
    except OSError as fault:
        raise CategoryFileError(f"{file}: cannot be read: {fault.strerror}") from None
    return parse_scheme(content, str(file), taken or {})


def parse_scheme(content: str, file: str, taken: Mapping[str, str]) -> CategoryScheme:
    """The scheme written in `content`; `file` is only its name in messages. Raises CategoryFileError."""
    try:
        root = yaml.compose(content, Loader=yaml.SafeLoader)
        data = yaml.safe_load(content)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(fault, "problem", None) or getattr(fault, "reason", None) or str(fault)
        raise CategoryFileError(
            f"{file}{line}: not YAML: {problem}", "check indentation, quotes and colons there"
        ) from None
    except (ValueError, RecursionError) as fault:
        raise CategoryFileError(f"{file}: not YAML: {fault}") from None
    faults = _Faults(file, root)
    if not isinstance(data, dict):
        faults.add((), "must start with `categories:` and a list under it")
        raise faults.error()
    faults.repeated_keys()
    try:
        entries = _SchemeFile.model_validate(data)
    except ValidationError as invalid:
        for finding in invalid.errors():
            faults.add(tuple(finding["loc"]), _in_words(dict(finding), data))
        understood = _as_far_as_understood(data)
        if understood is not None:
            _cross_check(understood, faults, taken)
        raise faults.error() from None
    _cross_check(entries, faults, taken)
    if faults.lines:
        raise faults.error()
    return CategoryScheme(
        tuple(Category(**{**dict(e), "formerly": tuple(e.formerly)}) for e in entries.categories),
        tuple(entries.split),
    )


class _Faults:
    """Collects one line per fault, each with the line of the file it was found on."""

    def __init__(self, file: str, root: yaml.Node | None) -> None:
        self.file = file
        self.root = root
        self.lines: list[tuple[int, str]] = []

    def add(self, where: tuple[str | int, ...], message: str) -> None:
        """One fault at the place `where` leads to from the root, or at the nearest place above it."""
        line = self._line(where)
        path = ""
        for step in where:
            path += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if path else str(step)
        self.lines.append((line, f"{self.file}:{line}: {path + ': ' if path else ''}{message}"))

    def error(self) -> CategoryFileError:
        """All faults in the order of the file."""
        return CategoryFileError("\n".join(text for _, text in sorted(self.lines)))

    def repeated_keys(self) -> None:
        """YAML silently keeps the last of two equal keys; a person who wrote both wants to know."""
        stack = [self.root] if self.root else []
        visited: set[int] = set()  # an alias may lead back to its own anchor
        while stack:
            node = stack.pop()
            if id(node) in visited:
                continue
            visited.add(id(node))
            if isinstance(node, yaml.SequenceNode):
                stack += node.value
            elif isinstance(node, yaml.MappingNode):
                seen = set()
                for name, child in node.value:
                    key = str(name.value)
                    if key in seen:
                        line = name.start_mark.line + 1
                        self.lines.append((line, f"{self.file}:{line}: {key}: written twice"))
                    seen.add(key)
                    stack.append(child)

    def _line(self, where: tuple[str | int, ...]) -> int:
        node, line = self.root, 1
        for step in where:
            line = node.start_mark.line + 1 if node else line
            if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
            elif isinstance(node, yaml.MappingNode):
                found = [(k, v) for k, v in node.value if str(k.value) == str(step)]
                if not found:
                    return line
                line, node = found[0][0].start_mark.line + 1, found[0][1]
                continue
            else:
                return line
            line = node.start_mark.line + 1
        return line


def _as_far_as_understood(data: Mapping[str, Any]) -> _SchemeFile | None:
    """The file with stand-ins for what is no field, or not what a field can hold; None without a list.

    A stand-in is in order itself, so that what is found beside it is a fault of its own.
    """
    categories, split = data.get("categories"), data.get("split")
    if not isinstance(categories, list):
        return None
    entries = []
    for i, given in enumerate(categories):
        free = chr(0x10600 + i)  # Linear A: nobody's key
        values: dict[str, Any] = {"key": free, "name": f"category {i + 1}{free}", "definition": "?"}
        for field, value in given.items() if isinstance(given, dict) else ():
            if field in _CategoryEntry.model_fields:
                try:
                    values[field] = getattr(_CategoryEntry.model_validate(values | {field: value}), field)
                except ValidationError:
                    continue
        entries.append(_CategoryEntry.model_construct(**values))
    names = [name for name in split if isinstance(name, str)] if isinstance(split, list) else []
    return _SchemeFile.model_construct(categories=entries, split=names)


def _in_words(fault: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """Pydantic's finding as a person would say it."""
    kind, where = fault["type"], fault["loc"]
    if kind == "extra_forbidden":
        fields = _SchemeFile.model_fields if len(where) == 1 else _CategoryEntry.model_fields
        return f"unknown; {nearest(str(where[-1]), fields)}"
    if kind == "missing":
        holder: Any = data
        for step in where[:-1]:
            holder = holder[step]
        name = holder.get("name") if isinstance(holder, dict) else None
        return f"missing{f' in category {name!r}' if name else ''}"
    expected = {
        "string_type": "text",
        "list_type": "a list",
        "model_type": "a category with key, name and definition",
    }
    value = fault["input"]
    hint = "; put quotes around it" if kind == "string_type" and isinstance(value, bool | int | float) else ""
    return f"must be {expected.get(kind, fault['msg'])}, not {value!r:.60}{hint}"


def _cross_check(entries: _SchemeFile, faults: _Faults, taken: Mapping[str, str]) -> None:
    """Faults that only show when all categories are seen together."""
    count = len(entries.categories)
    if not 1 <= count <= MOST_CATEGORIES:
        faults.add(("categories",), f"one to {MOST_CATEGORIES} categories are needed, there are {count}")
    keys: dict[str, str] = {}
    names: dict[str, str] = {}
    for i, entry in enumerate(entries.categories):
        where = ("categories", i)
        for field, key in (("key", entry.key), ("letter", entry.letter)):
            if key is None:
                continue
            if len(key) != 1 or not key.isprintable() or key.isspace():
                faults.add((*where, field), f"{key!r} must be one visible character")
            elif key in taken:
                faults.add((*where, field), f"{key!r} is taken by the app ({taken[key]}); choose another")
            elif key in keys:
                faults.add((*where, field), f"{key!r} is already the key of {keys[key]!r}")
            keys.setdefault(key, entry.name)
        if not entry.name.strip() or re.search(r"[\x00-\x1f\x7f-\x9f]", entry.name):
            faults.add((*where, "name"), "must have a visible name without control characters")
        if entry.name.casefold() in names:
            faults.add((*where, "name"), f"{entry.name!r} is already a category")
        names[entry.name.casefold()] = entry.name
        if not entry.definition.strip():
            faults.add((*where, "definition"), f"must say what belongs to {entry.name!r}")
        if entry.colour not in COLOURS and not re.fullmatch(r"#[0-9a-fA-F]{6}", entry.colour):
            faults.add(
                (*where, "colour"),
                f"{entry.colour!r} is no colour; #rrggbb or {nearest(entry.colour, COLOURS)}",
            )
    _check_history(entries, faults)


def _check_history(entries: _SchemeFile, faults: _Faults) -> None:
    """An older name may lead to one place only, and not to a name still in use."""
    present = {entry.name for entry in entries.categories}
    origin: dict[str, str] = {}
    for i, entry in enumerate(entries.categories):
        for j, old in enumerate(entry.formerly):
            if old in present:
                faults.add(("categories", i, "formerly", j), f"{old!r} is still a category of its own")
            elif origin.setdefault(old, entry.name) != entry.name:
                faults.add(("categories", i, "formerly", j), f"{old!r} already leads to {origin[old]!r}")
    for j, old in enumerate(entries.split):
        if old in present or old in origin:
            faults.add(("split", j), f"{old!r} is still a category, or leads to one")
