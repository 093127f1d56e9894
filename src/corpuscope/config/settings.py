"""The config file and the paths of a run; everything in it is optional, everything unknown is refused by name."""

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from corpuscope.config.keymap import Keymap, remapped
from corpuscope.errors import ConfigError, nearest

THEMES = {
    "dark": "textual-dark",
    "light": "light",
    "high-contrast": "high-contrast",
    "ansi": "ansi-dark",
}
"""Names a person can choose, and the theme of the app each stands for."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the config file can say."""

    theme: str = "dark"
    """One of THEMES."""
    annotator: str = ""
    """Who labels; "" for the login name."""
    target: int = 200
    """Labels planned for each corpus when its plan is first written."""
    show_shares: bool = False
    """True shows running shares while labelling, which can bias the reader; off by default."""
    keys: Keymap = field(default_factory=Keymap)
    """Keys in force."""


def load_settings(file: Path) -> Settings:
    """The settings in `file`, the defaults when it does not exist.

    Raises ConfigError naming the file and every unknown key or wrong value.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigError(f"{file}: cannot be read: {fault}") from None
    import tomllib  # most starts have no config file, and a first frame to show

    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ConfigError(
            f"{file}: not TOML: {fault}", "mend that line, or rename the file to start without it"
        ) from None
    return _validated(content, str(file))


def _validated(content: Mapping[str, Any], file: str) -> Settings:
    known = [entry.name for entry in fields(Settings)]
    faults = [f"{file}: {key}: unknown; {nearest(key, known)}" for key in content if key not in known]
    kinds = {"theme": str, "annotator": str, "target": int, "show_shares": bool, "keys": dict}
    words = {str: "text", int: "a whole number", bool: "true or false", dict: "a table"}
    for key, kind in kinds.items():
        if key in content and type(content[key]) is not kind:
            faults.append(f"{file}: {key} = {content[key]!r}: must be {words[kind]}")
    theme, target, changes = content.get("theme"), content.get("target"), content.get("keys")
    if isinstance(theme, str) and theme not in THEMES:
        faults.append(f"{file}: theme = {theme!r}: unknown; {nearest(theme, THEMES)}")
    if type(target) is int and target < 1:
        faults.append(f"{file}: target = {target}: must be 1 or more")
    keys, hint = Keymap(), ""
    if isinstance(changes, dict):
        try:
            keys = remapped(changes, file)
        except ConfigError as clashing:
            faults.append(clashing.message)
            hint = clashing.hint
    if faults:
        raise ConfigError("\n".join(faults), hint)
    return Settings(**{key: value for key, value in content.items() if key != "keys"}, keys=keys)


def login_name() -> str:
    """The name a person is logged in by; "reader" where the machine does not know."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "reader"


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


BUILT_IN_FILE = Path(__file__).with_name("categories.yaml")
"""The seven categories that come with the package; asking importlib for them would take milliseconds."""
