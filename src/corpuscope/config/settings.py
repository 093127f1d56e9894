"""The settings of config.toml and the paths of a run; every setting is optional, an unknown one is an error."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

from corpuscope.config.keymap import Keymap, remapped
from corpuscope.domain.corpus import MOST_LABELS
from corpuscope.errors import ConfigError, nearest
from corpuscope.files import read_written_by_hand, reason

THEMES = {
    "dark": "dark",
    "light": "light",
    "high-contrast": "high-contrast",
    "ansi": "ansi-dark",
}
"""Theme names in the config file -> names of the Textual themes."""

MEASURES = (60, 120)
"""Smallest and greatest `measure`."""
CHOICES = {"theme": tuple(THEMES), "spacing": ("auto", "on", "off"), "glyphs": ("auto", "full", "plain")}
"""The values of each setting that is one of a few words."""
PLAIN_TERMINALS = ("linux", "vt100", "vt102", "vt220")
"""Values of TERM of terminals whose fonts lack round corners, heavy lines and marks."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of the config file."""

    theme: str = "dark"
    """One of THEMES."""
    annotator: str = ""
    """Name of the annotator; "" for the login name."""
    target: int = 200
    """Number of labels planned for each corpus when it enters the plan."""
    show_shares: bool = False
    """Whether the sidebar shows running shares while labelling, which can bias the annotator."""
    show_answers: bool = True
    """Whether the line below the document shows, once it is labelled, what second readers say about it."""
    measure: int = 92
    """Most cells in a row of a document's text."""
    spacing: str = "auto"
    """Whether a blank row stands between the lines of a document: "on", "off", or "auto" for where lines are
    paragraphs."""
    glyphs: str = "auto"
    """Characters of frames, bars and charts: "full", "plain" for ASCII only, or "auto" for plain on PLAIN_TERMINALS."""
    keys: Keymap = field(default_factory=Keymap)
    """The keys in force."""

    def plain_glyphs(self, environment: Mapping[str, str] = os.environ) -> bool:
        """Return whether frames, bars and charts are drawn in ASCII."""
        in_browser = bool(environment.get("TEXTUAL_DRIVER"))  # TERM is then that of the server
        lacking = not in_browser and environment.get("TERM", "") in PLAIN_TERMINALS
        return self.glyphs == "plain" or (self.glyphs == "auto" and lacking)


def load_settings(file: Path) -> Settings:
    """Load the settings from `file`, or the defaults when it does not exist.

    Raises ConfigError, which names the file and every unknown key and wrong value.
    """
    try:
        text = read_written_by_hand(file).decode("utf-8-sig")
    except FileNotFoundError:
        return Settings()
    except OSError as fault:
        raise ConfigError(f"{file}: cannot be read: {reason(fault)}") from None
    except UnicodeDecodeError as fault:
        raise ConfigError(f"{file}: not UTF-8 at byte {fault.start}", "save it as UTF-8") from None
    import tomllib  # most starts have no config file, and loading it delays the first frame

    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as fault:  # a TOMLDecodeError, a number too long, brackets too deep
        raise ConfigError(
            f"{file}: not TOML: {fault}", "fix that line, or rename the file to start without it"
        ) from None
    return _validated(content, str(file))


def _validated(content: Mapping[str, Any], file: str) -> Settings:
    names = [entry.name for entry in fields(Settings)]
    faults = [f"{file}: {key}: unknown; {nearest(key, names)}" for key in content if key not in names]
    kinds = {entry.name: dict if entry.name == "keys" else type(entry.default) for entry in fields(Settings)}
    words = {str: "text", int: "a whole number", bool: "true or false", dict: "a table"}
    for key, kind in kinds.items():
        if key in content and type(content[key]) is not kind:
            faults.append(f"{file}: {key} = {content[key]!r}: must be {words[kind]}")
    for key, choices in CHOICES.items():
        if isinstance(value := content.get(key), str) and value not in choices:
            faults.append(f"{file}: {key} = {value!r}: unknown; {nearest(value, choices)}")
    for key, (least, most) in {"target": (1, MOST_LABELS), "measure": MEASURES}.items():
        if type(value := content.get(key)) is int and not least <= value <= most:
            faults.append(f"{file}: {key} = {value}: must be from {least} to {most:,}")
    changes = content.get("keys")
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
    """Return the login name of the person; "reader" when the system does not know it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "reader"


class Paths(NamedTuple):
    """The files and folders of one run."""

    labels: Path
    """The folder of the ledger and the plan."""
    categories: Path | None
    """The category file; None for the built-in seven."""
    config: Path
    """The config file, which need not exist."""
    cache: Path
    """The folder of manifests, footers and cached documents; all of it may be deleted."""
    log: Path
    """The file for messages of libraries and crashes, since the app owns the screen."""


def default_paths(
    labels: Path | None = None,
    categories: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    folder: Path | None = None,
) -> Paths:
    """Resolve the paths of a run: the arguments first, then the environment, then the working folder and XDG.

    Reads CORPUSCOPE_LABELS, CORPUSCOPE_CATEGORIES, CORPUSCOPE_CONFIG, CORPUSCOPE_CACHE, XDG_CONFIG_HOME,
    XDG_CACHE_HOME and XDG_STATE_HOME. Creates nothing.
    """

    def place(variable: str, xdg: str, default: str) -> Path:
        if override := environment.get(variable):
            return Path(override)
        base = environment.get(xdg)
        return (Path(base) if base else Path.home() / default) / "corpuscope"

    working_folder = folder or Path.cwd()
    if categories is None and (variable := environment.get("CORPUSCOPE_CATEGORIES")):
        categories = Path(variable)
    if categories is None and (working_folder / "categories.yaml").exists():
        categories = working_folder / "categories.yaml"
    config = environment.get("CORPUSCOPE_CONFIG")
    return Paths(
        labels=labels or Path(environment.get("CORPUSCOPE_LABELS") or working_folder / "labels"),
        categories=categories,
        config=Path(config) if config else place("", "XDG_CONFIG_HOME", ".config") / "config.toml",
        cache=place("CORPUSCOPE_CACHE", "XDG_CACHE_HOME", ".cache"),
        log=place("", "XDG_STATE_HOME", ".local/state") / "corpuscope.log",
    )


BUILT_IN_FILE = Path(__file__).with_name("categories.yaml")
"""The file of the seven built-in categories; finding it with importlib would take milliseconds."""
