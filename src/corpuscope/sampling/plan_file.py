"""Read labels/plan.json, and write it durably."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpuscope.errors import PlanError
from corpuscope.files import Files, advice, reason, replacing
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.plan_json import VERSION, plan_from_json, plan_json, quoted


def open_plan(
    path: Path,
    *,
    seed: int | None = None,
    scheme: str = "",
    entropy: Callable[[int], int] | None = None,
    files: Files | None = None,
) -> Plan:
    """Load the plan at `path`; when there is none, first write one with `seed` or a seed of 32 random bits.

    `entropy` returns the given number of random bits. Another `seed` replaces the plan's as long as no corpus
    was opened, since nothing was drawn with the old one.

    Raises PlanError when the file is damaged or cannot be written, or when documents were drawn with another
    seed.
    """
    if not _exists(path):
        from secrets import randbits

        new = Plan((entropy or randbits)(32) if seed is None else seed, scheme=scheme)
        _write(new, path, files, overwrite=False)
    plan = load_plan(path)
    if seed is None or seed == plan.seed:
        return plan
    plan = plan.with_seed(seed)
    save_plan(plan, path, files)
    return plan


def load_plan(path: Path) -> Plan:
    """Load the plan at `path`. Raises PlanError naming the file and the line or every key at fault."""
    try:
        data = path.read_bytes()
    except OSError as error:
        hint = "a labels folder of corpuscope has one: name another folder" if not path.exists() else ""
        raise PlanError(f"{path} cannot be read: {reason(error)}", hint) from error
    restore = "restore it from a copy; the seed in it decides which documents are drawn"
    try:
        content = json.loads(data, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as error:
        raise PlanError(f"{path}, line {error.lineno}: {error.msg}", restore) from error
    except UnicodeDecodeError as error:
        raise PlanError(f"{path} is not a text file", restore) from error
    except (ValueError, RecursionError) as error:
        raise PlanError(f"{path} is not a plan: {error}", restore) from error
    version = content.get("version") if isinstance(content, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise PlanError(
            f"{path} was written by a newer corpuscope (version {version}, this one knows {VERSION})",
            "install that one, or choose another labels folder with --labels",
        )
    return plan_from_json(content, path, restore)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object. Raises ValueError for a key that stands in it twice: only one value would count."""
    content: dict[str, Any] = {}
    for name, value in pairs:
        if name in content:
            raise ValueError(f"{quoted(name)} is written twice in one object")
        content[name] = value
    return content


def find_plan(path: Path) -> Plan | None:
    """Load the plan at `path`; None when there is no such file. Raises PlanError like `load_plan`."""
    return load_plan(path) if _exists(path) else None


def save_plan(plan: Plan, path: Path, files: Files | None = None) -> None:
    """Replace the file durably and atomically. Raises PlanError when it cannot be written."""
    _write(plan, path, files)


def _write(plan: Plan, path: Path, files: Files | None, *, overwrite: bool = True) -> None:
    """Write the file durably; without `overwrite` one that another process created meanwhile stays."""
    content = json.dumps(plan_json(plan, path.parent.parent), indent=2) + "\n"
    plan_from_json(json.loads(content), path, "nothing was written")  # a plan that could not be read again
    files = files or Files()
    try:
        files.make_folder(path.parent)
        with replacing(path, files, overwrite=overwrite) as descriptor:
            files.write(descriptor, content.encode())
    except OSError as error:
        raise PlanError(f"{path} cannot be written: {reason(error)}", advice(error)) from error


def _exists(path: Path) -> bool:
    """Tell whether the file exists. Raises PlanError when that cannot be determined."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        message = f"{path} cannot be read: {reason(error)}"
        raise PlanError(message, "choose a labels folder with --labels") from error
    if not stat.S_ISREG(mode):  # reading a named pipe would wait for ever
        raise PlanError(
            f"{path} is not a regular file", "restore it from a copy, or choose another folder with --labels"
        )
    return True
