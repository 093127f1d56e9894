"""Where libraries write while the screen belongs to the app, and what is said after a crash."""

import logging
import traceback
import warnings
from pathlib import Path

MOST_BYTES = 1_000_000
"""A log that has grown past this is begun anew."""


def log_to(file: Path) -> None:
    """Sends every log record and warning to `file`; to nowhere when it cannot be written."""
    handler: logging.Handler = logging.NullHandler()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        too_long = file.exists() and file.stat().st_size > MOST_BYTES
        handler = logging.FileHandler(
            file, mode="w" if too_long else "a", encoding="utf-8", errors="backslashreplace"
        )
        file.chmod(0o600)
    except OSError:
        pass
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)
    warnings.simplefilter("default")


def crash_note(fault: BaseException, log: Path, labels: Path) -> str:
    """Writes a crash to the log and says, for the person, where it is and that nothing is lost."""
    logging.getLogger("corpuscope").critical("".join(traceback.format_exception(fault)))
    return (
        f"corpuscope crashed: {type(fault).__name__}: {fault}\n"
        f"every acknowledged label is safe in {labels}; the next start goes on where you were\n"
        f"what happened is in {log}"
    )
