"""A session in a process of its own that says on standard output which labels were acknowledged.

python labeller.py FOLDER SESSION FIRST COUNT [EVENTS_A_JOURNAL]
"""

import sys
from pathlib import Path

from corpuscope.domain.clock import Clock
from ledger_fakes import Scribe
from makers import a_document


def main() -> None:
    """Labels COUNT documents from draw FIRST on, one line each, then waits for the end of standard input."""
    folder, session, first, count, *rest = sys.argv[1:]
    scribe = Scribe(
        Path(folder), session, session, clock=Clock(), events_a_journal=int(rest[0]) if rest else 5
    )
    say("open")
    for draw in range(int(first), int(first) + int(count)):
        event_id = scribe.label(a_document(draw, f"text of {draw} " * 50))
        say(f"{draw} {event_id}")
    sys.stdin.read()
    scribe.writer.close()
    say("closed")


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
