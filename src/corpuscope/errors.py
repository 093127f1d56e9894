"""What can go wrong in a way a person can act on: every message names the thing at fault and what to do next."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class CorpuscopeError(Exception):
    """A fault that is reported as a message, never as a traceback.

    `message` says what failed and names the file, key or value; `hint` says what to do next ("" when the
    message already does). Both may quote web text or file names: whoever prints them cleans them first.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(CorpuscopeError):
    """Something the person wrote or asked for is wrong; nothing was changed. Exit code 2."""

    exit_code = 2


class CategoryFileError(UsageError):
    """categories.yaml does not describe one to twelve categories; one line per fault."""


class ConfigError(UsageError):
    """The config file or an environment variable holds something unknown."""


class CorpusError(UsageError):
    """An unknown corpus, or one whose files or columns are not what was said."""


class PlanError(UsageError):
    """plan.json is damaged or disagrees with what was asked for."""


class AccessDenied(UsageError):
    """The Hub answered 401 or 403: the dataset is private or gated."""


class SourceUnavailable(CorpuscopeError):
    """The network or the Hub failed; trying again later may work. Shown as a state, not as an end."""

    def __init__(self, message: str, hint: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after
        """Seconds the server asked to wait, None when it did not say."""


class HubOffline(UsageError):
    """HF_HUB_OFFLINE is set, and what is wanted was not kept: nothing is waited for, since nothing will change."""


class LedgerError(CorpuscopeError):
    """The labels folder cannot be read or written; no acknowledged label is affected."""


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence that lists the `known` names, nearest to `name` first, for the hint of an error."""
    names = list(known)
    close = get_close_matches(name.casefold(), [n.casefold() for n in names], n=3, cutoff=0.5)
    folded = {n.casefold(): n for n in names}
    first = [folded[c] for c in close]
    rest = [n for n in names if n not in first]
    listing = ", ".join(first + rest)
    return f"did you mean {first[0]}? known: {listing}" if first else f"known: {listing}"


def require_folder(folder: Path, hint: str) -> None:
    """Raises UsageError, with what to do, unless there is such a folder."""
    if not folder.is_dir():
        what = f"{folder} is a file" if folder.exists() else f"there is no folder {folder}"
        raise UsageError(what, hint)
