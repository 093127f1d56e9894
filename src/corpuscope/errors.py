"""Errors that a user can act on. Each message names the file, key or value at fault and what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class CorpuscopeError(Exception):
    """Base class of errors that are shown as a message, never as a traceback.

    `message` says what failed and names the file, key or value. `hint` says what to do next; it is "" when the
    message already does. Both may quote web text or file names, so escape them before printing.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(CorpuscopeError):
    """An invalid option, name or file of the user. Nothing was changed. Exit code 2."""

    exit_code = 2


class CategoryFileError(UsageError):
    """categories.yaml does not describe one to forty categories. The message has one line per fault."""


class ConfigError(UsageError):
    """The config file or an environment variable holds an unknown key or value."""


class CorpusError(UsageError):
    """A corpus that is unknown, or whose files or columns differ from what was given."""


class PlanError(UsageError):
    """plan.json is damaged or contradicts the options given."""


class AccessDenied(UsageError):
    """The Hub answered 401 or 403, so the dataset is private or gated."""


class SourceUnavailable(CorpuscopeError):
    """The network or the Hub failed, and a later try may work. The app shows it as a state and goes on."""

    def __init__(self, message: str, hint: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after
        """Seconds the server asked to wait; None when it did not."""


class HubOffline(UsageError):
    """HF_HUB_OFFLINE is set and the file or list is not cached. Retrying cannot help."""


class LedgerError(CorpuscopeError):
    """The labels folder cannot be read or written. No acknowledged label is affected."""


class LedgerNotWritable(LedgerError):
    """The labels folder cannot be written by this run, but it can be read and looked at."""


MOST_NAMES = 40
"""Valid names that a hint lists."""


def nearest(name: str, choices: Iterable[str]) -> str:
    """Return a hint that lists the valid names, those nearest to `name` first, and counts those beyond MOST_NAMES."""
    names = list(choices)
    close = get_close_matches(name.casefold(), [n.casefold() for n in names], n=3, cutoff=0.5)
    folded = {n.casefold(): n for n in names}
    first = [folded[c] for c in close]
    rest = [n for n in names if n not in first]
    listing = ", ".join((first + rest)[:MOST_NAMES])
    listing += f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
    return f"did you mean {first[0]}? known: {listing}" if first else f"known: {listing}"


def require_folder(folder: Path, hint: str) -> None:
    """Raise UsageError with `hint` unless `folder` is a folder."""
    if not folder.is_dir():
        what = f"{folder} is a file" if folder.exists() else f"there is no folder {folder}"
        raise UsageError(what, hint)
