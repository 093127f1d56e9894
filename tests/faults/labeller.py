"""Run a session in its own process and print each acknowledged label to standard output.

python labeller.py FOLDER SESSION FIRST COUNT EVENTS_A_JOURNAL CHARACTERS
"""

from __future__ import annotations

import sys
from pathlib import Path

from corpuscope.domain.clock import Clock
from corpuscope.files import Files
from ledger_fakes import Scribe
from makers import a_document


def main() -> None:
    """Label COUNT documents from draw FIRST on, with a line for each; wait for standard input to end."""
    folder, session, first, count, events_a_journal, characters = sys.argv[1:]
    scribe = Scribe(
        Path(folder),
        session,
        session,
        clock=Clock(),
        files=Files(),
        events_a_journal=int(events_a_journal),
    )
    say("open")
    for draw in range(int(first), int(first) + int(count)):
        document = a_document(draw, f"{draw} ".ljust(int(characters), "x"))
        scribe.writer.prepare(document)
        event_id = scribe.label(document)
        say(f"{draw} {event_id}")
    sys.stdin.read()
    scribe.writer.close()
    say("closed")


def say(line: str) -> None:
    """Print a line without buffering."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
