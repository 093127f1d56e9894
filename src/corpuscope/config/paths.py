"""Where things are kept: the labels in the working folder, caches and logs in the user's own folders."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Paths:
    """The files and folders one run works with."""

    labels: Path
    """The folder of the ledger and the plan."""
    categories: Path | None
    """The category file; None for the built-in seven."""
    config: Path
    """The config file, which need not exist."""
    cache: Path
    """Manifests, footers, spooled documents: all of it can be deleted."""
    log: Path
    """Where libraries and crashes write, since the screen belongs to the app."""


def default_paths(
    labels: Path | None = None,
    categories: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    folder: Path | None = None,
) -> Paths:
    """The paths of a run: what was asked for, else the environment, else the working folder and XDG's places.

    Reads CORPUSCOPE_LABELS, CORPUSCOPE_CATEGORIES, CORPUSCOPE_CONFIG, CORPUSCOPE_CACHE, XDG_CONFIG_HOME,
    XDG_CACHE_HOME and XDG_STATE_HOME. Creates nothing.
    """

    def place(variable: str, xdg: str, default: str) -> Path:
        if own := environment.get(variable):
            return Path(own)
        base = environment.get(xdg)
        return (Path(base) if base else Path.home() / default) / "corpuscope"

    here = folder or Path.cwd()
    if categories is None and (named := environment.get("CORPUSCOPE_CATEGORIES")):
        categories = Path(named)
    if categories is None and (here / "categories.yaml").exists():
        categories = here / "categories.yaml"
    config = environment.get("CORPUSCOPE_CONFIG")
    return Paths(
        labels=labels or Path(environment.get("CORPUSCOPE_LABELS") or here / "labels"),
        categories=categories,
        config=Path(config) if config else place("", "XDG_CONFIG_HOME", ".config") / "config.toml",
        cache=place("CORPUSCOPE_CACHE", "XDG_CACHE_HOME", ".cache"),
        log=place("", "XDG_STATE_HOME", ".local/state") / "corpuscope.log",
    )
