"""What dead sessions left behind, found at the next start."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from corpuscope.files import Files
from corpuscope.ledger.journal import VERSION, Journal, scan_file
from corpuscope.ledger.layout import list_ledger
from corpuscope.ledger.lines import Scan


@dataclass(frozen=True, slots=True)
class Recovered:
    """The journals in a folder at the start of a session."""

    journals: tuple[Journal, ...]
    """Of sessions that did not end by themselves: held by this process now, each with something worth keeping."""
    live: tuple[Path, ...]
    """Of sessions that are open elsewhere."""
    last_event: str | None
    """The greatest event id in any of them, None when they have none."""
    notices: tuple[str, ...]
    """What was found, in sentences."""


def recover(folder: Path, files: Files) -> Recovered:
    """Takes over the journals of dead sessions; those of live ones are left alone. Raises OSError."""
    journals: list[Journal] = []
    live: list[Path] = []
    notices: list[str] = []
    last = ""
    with ExitStack() as held:
        for path in list_ledger(folder).journals:
            journal = Journal.seize(path, files)
            if journal is None:
                live.append(path)
                last = max(last, *_ids(scan_file(path)), "")
                continue
            held.callback(journal.release)
            found = journal.scan()
            ids = _ids(found)
            last = max(last, *ids, "")
            if found.version > VERSION:
                notices.append(
                    f"{path} was written by a newer corpuscope and stays as it is: upgrade corpuscope to compact it"
                )
                journal.release()
                continue
            if found.torn:
                notices.append(
                    f"the last line of {path.name} was cut ({found.torn:,} bytes): it was being written when its"
                    " session died, and had not been acknowledged"
                )
            if ids:
                events = f"{len(ids):,} event{'s' if len(ids) != 1 else ''}"
                notices.append(f"{events} of a session that was cut off recovered from {path.name}")
            if ids or found.damaged:
                journals.append(journal)
            else:
                journal.remove()
        held.pop_all()
    return Recovered(tuple(journals), tuple(live), last or None, tuple(notices))


def _ids(found: Scan) -> list[str]:
    return [record["event_id"] for record in found.events]
