"""Run the app on a terminal, with a log file for libraries and a note after a crash."""

from __future__ import annotations

import logging
import os
import signal
import sys
import traceback
import warnings
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from corpuscope import latency
from corpuscope.cli.stderr import print_error, say_stderr
from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.session.study_plan import ANY_CORPUS, StudyRequest
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import listed
from corpuscope.text.terminal_text import printable

MAX_LOG_BYTES = 1_000_000
"""Size past which the log is overwritten at the next start."""


class DrawnFormatter(logging.Formatter):
    """Formatter of records that may quote web text: a log is read in a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of a record, safe for a terminal."""
        return printable(super().format(record))


def log_to(file: Path) -> None:
    """Send every log record and warning to `file`, or discard them when it cannot be written."""
    handler: logging.Handler = logging.NullHandler()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and not file.is_file():
            raise OSError("a pipe would be waited for")  # noqa: TRY301
        too_long = file.exists() and file.stat().st_size > MAX_LOG_BYTES
        handler = logging.FileHandler(
            file, mode="w" if too_long else "a", encoding="utf-8", errors="backslashreplace"
        )
        file.chmod(0o600)
    except OSError:
        pass
    handler.setFormatter(DrawnFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.raiseExceptions = False  # a log on a full disk is no reason to print over the screen
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)
    warnings.simplefilter("default")


def crash_note(fault: BaseException, log: Path, labels: Path) -> str:
    """Write the traceback to the log and return a note for the user: where it is, and that no label is lost."""
    logging.getLogger("corpuscope").critical("".join(traceback.format_exception(fault)))
    return (
        f"corpuscope crashed: {type(fault).__name__}: {fault}\n"
        f"every acknowledged label is safe in {labels}; the next start resumes where you were\n"
        f"what happened is in {log}"
    )


def need_terminal(command: str) -> None:
    """Raise UsageError unless the app can draw: on a terminal with all three standard streams, or in a browser."""
    if os.environ.get("TEXTUAL_DRIVER"):
        return
    streams = {
        "standard input": sys.stdin,
        "standard output": sys.stdout,
        "standard error": sys.stderr,
    }
    missing = [name for name, stream in streams.items() if not stream.isatty()]
    if missing:
        raise UsageError(
            f"{command} needs an interactive terminal ({listed(missing)} {'are' if missing[1:] else 'is'} not one)",
            "in a pipe or script, use corpuscope summary, export, sample or corpora",
        )
    if os.environ.get("TERM") == "dumb":
        raise UsageError(
            f"{command} needs a terminal that can move the cursor (TERM is dumb)",
            "start it in another terminal; corpuscope summary, export, sample and corpora work in this one",
        )


def open_app(
    workspace: Workspace,
    study: StudyRequest = ANY_CORPUS,
    screen: str | None = None,
    *,
    writes: bool = True,
    to_look: bool = False,
    mix: str | None = None,
    **arguments: object,
) -> None:
    """Run the app until the user quits.

    It opens on the screen that `app.SCREENS` has under the name `screen`, made with `arguments`, and by default
    on the one for `study`. `writes` opens the ledger for writing; `to_look` opens it also when it cannot be written.
    `mix` names the mix that the labels are for. Exits with the app's return code after a crash, and with that of a
    usage error when the corpora of `study` could not be read and nothing was labelled.
    """
    os.environ.setdefault("TEXTUAL_FPS", str(latency.FRAMES_PER_SECOND))  # read when Textual is imported
    from corpuscope.tui.app import ENDING_SIGNALS, CorpuscopeApp, screen_opener

    paths = workspace.paths
    log_to(paths.log)
    # a browser has no command line on which an error could be read
    to_look = to_look or bool(os.environ.get("TEXTUAL_DRIVER"))
    with workspace.ledger.opened(workspace.annotator, to_look=to_look) if writes else nullcontext():
        first = screen_opener(screen, **arguments) if screen else None
        app = CorpuscopeApp(workspace, study, partial(crash_note, log=paths.log, labels=paths.labels), first)
        app.run()
        # a shell repeats the signal of a closed terminal; from here on nothing stops compaction
        for number in ENDING_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
    if writes and not os.environ.get("TEXTUAL_DRIVER"):  # a browser has no terminal to read it on
        from corpuscope.cli.exit_summary import print_exit_summary

        print_exit_summary(workspace, mix)
    for notice in workspace.ledger.late_notices:
        say_stderr(notice)
    for message in workspace.failures:
        print_error(CorpuscopeError(message))
    if app.return_code:
        sys.exit(app.return_code)
    if workspace.failures and study.corpora and not workspace.ledger.tally.labels:
        sys.exit(UsageError.exit_code)
