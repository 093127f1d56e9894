"""Brings the events of another labels folder into this one; the other folder is only read."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from corpuscope.domain.label import Event
from corpuscope.errors import LedgerError
from corpuscope.files import Files, explained
from corpuscope.ledger.event_record import to_record
from corpuscope.ledger.folder import JOURNAL, PART, is_safe, list_ledger
from corpuscope.ledger.journal import VERSION as JOURNAL_VERSION
from corpuscope.ledger.journal import scan_file
from corpuscope.ledger.parquet_part import NotAPart, ParquetPart, PartDamaged
from corpuscope.ledger.parquet_schema import VERSION, record_of, to_table
from corpuscope.ledger.write.publishing import publish, publishing

IMPORTED = "brought-"
"""Begins the name of a part whose events came from another folder."""


@dataclass(frozen=True, slots=True)
class MergeResult:
    """What another folder had for this one."""

    events: Mapping[tuple[str, str], int]
    """New events by annotator and corpus."""
    duplicates: int
    """Events that were here already."""
    categories: Mapping[str, int]
    """New labels by category, as it was called then."""
    in_both: tuple[str, ...]
    """Who has new events and others here that the other folder lacks, by name: one person, or two of one name."""
    problems: tuple[str, ...]
    """What could not be read in either folder, in sentences; nothing was done about it."""
    notices: tuple[str, ...]
    """What was noticed in this folder while writing, in sentences."""

    @property
    def total(self) -> int:
        """New events."""
        return sum(self.events.values())


def merge_folder(folder: Path, other: Path, files: Files | None = None, *, write: bool = True) -> MergeResult:
    """Publishes every event of `other` that `folder` does not hold as parts of `folder`; it may be missing.

    Without `write` it only says what would come. Doing it again, also after a crash, brings what is still
    missing. Raises LedgerError when a folder cannot be read or written; what was brought until then stays.
    """
    files = files or Files()
    problems: list[str] = []
    notices: list[str] = []
    events: Counter[tuple[str, str]] = Counter()
    categories: Counter[str] = Counter()
    try:
        here = _here(folder, problems)
    except OSError as error:
        raise explained(error, folder, "the labels cannot be read") from error
    known = here["event_id"].combine_chunks()
    theirs = known[:0]
    already = 0
    for path, corpus, table in _tables(other, problems):
        new = table.filter(pc.invert(pc.is_in(table["event_id"], value_set=known)))
        already += len(table) - len(new)
        theirs = pa.concat_arrays([theirs, table["event_id"].combine_chunks()])
        if not len(new):
            continue
        if write:
            notices += _publish(new, folder, corpus, path, files)
        known = pa.concat_arrays([known, new["event_id"].combine_chunks()])
        events.update((annotator, corpus) for annotator in new["annotator"].to_pylist())
        categories.update(new["category"].drop_null().to_pylist())
    only_here = here.filter(pc.invert(pc.is_in(here["event_id"], value_set=theirs)))["annotator"].unique()
    in_both = sorted({annotator for annotator, _ in events} & set(only_here.to_pylist()))
    return MergeResult(events, already, categories, tuple(in_both), tuple(problems), tuple(notices))


def all_event_ids(folder: Path) -> frozenset[str]:
    """Ids of all events in `folder`, standing or not. Raises LedgerError when it cannot be read."""
    try:
        return frozenset(_here(folder, [])["event_id"].to_pylist())
    except OSError as error:
        raise explained(error, folder, "the labels cannot be read") from error


def add_events(folder: Path, events: Sequence[Event], files: Files | None = None) -> list[str]:
    """Publishes events that came from elsewhere, those of one session a corpus, as parts of `folder`.

    What was noticed, in sentences. Raises LedgerError when the folder cannot be written.
    """
    by_corpus: dict[str, list[Event]] = {}
    for event in events:
        by_corpus.setdefault(event.document.corpus, []).append(event)
    notices: list[str] = []
    for corpus, those in by_corpus.items():
        name = Path(those[0].session)
        notices += _publish(to_table(map(to_record, those)), folder, corpus, name, files or Files())
    return notices


def _publish(table: pa.Table, folder: Path, corpus: str, source: Path, files: Files) -> list[str]:
    name = f"{IMPORTED}{source.stem.removeprefix(IMPORTED)}{PART}"
    try:
        files.make_folder(folder)
        with publishing(folder, files):
            return publish(table, folder / corpus / name, files)
    except OSError as error:
        raise explained(error, folder, "the labels cannot be brought here") from error


def _here(folder: Path, problems: list[str]) -> pa.Table:
    """Ids and annotators of all events that can be read in `folder`."""
    names = ("event_id", "annotator")
    tables = [to_table([]).select(list(names))]
    listing = list_ledger(folder)
    tables += [to_table(scan_file(path).events).select(list(names)) for path in listing.journals]
    for path in listing.parts:
        try:
            with ParquetPart(path) as part:
                tables.append(part.read(names))
        except PartDamaged as damage:
            problems.append(f"{path} is damaged ({damage}); `corpuscope ledger compact` saves what it can")
        except NotAPart:
            continue
    return pa.concat_tables(tables)


def _tables(other: Path, problems: list[str]) -> Iterator[tuple[Path, str, pa.Table]]:
    """Each file's events of each corpus; files that a session there makes of others meanwhile come too."""
    seen: set[Path] = set()
    try:
        while unseen := [path for path in _files(other) if path not in seen]:
            for path in unseen:
                seen.add(path)
                tables = _journal(path, problems) if path.suffix == JOURNAL else _part(path, problems)
                yield from ((path, corpus, table) for corpus, table in tables if len(table))
    except OSError as error:
        raise explained(error, other, "the labels cannot be read") from error


def _files(folder: Path) -> tuple[Path, ...]:
    listing = list_ledger(folder)
    return (*listing.journals, *listing.parts)


def _journal(path: Path, problems: list[str]) -> Iterator[tuple[str, pa.Table]]:
    found = scan_file(path)
    if found.version > JOURNAL_VERSION:
        problems.append(f"{path} was written by a newer corpuscope and was left out: upgrade this one")
        return
    if found.damaged:
        problems.append(f"{found.damaged} line(s) of {path} are damaged and were left out")
    if found.torn:
        problems.append(f"the last line of {path} is not complete and was left out; it was not acknowledged")
    try:
        table = to_table(found.events)
    except (pa.ArrowException, KeyError, ValueError) as error:
        problems.append(f"{path} holds what is no event ({error}) and was left out")
        return
    for corpus in table["corpus"].unique().to_pylist():
        if is_safe(corpus):
            yield corpus, table.filter(pc.equal(table["corpus"], corpus))
        else:
            problems.append(
                f"{path} has events of {corpus!r}, which cannot name a corpus; they were left out"
            )


def _part(path: Path, problems: list[str]) -> Iterator[tuple[str, pa.Table]]:
    """The row groups that are whole. What lost its text is not taken: the text could not come later."""
    groups: list[pa.Table] = []
    try:
        with ParquetPart(path) as part:
            for number, rows in enumerate(part.group_rows):
                try:
                    groups.append(part.read_group(number))
                except PartDamaged as damage:
                    problems.append(f"{rows:,} events of {path} are damaged ({damage}) and were left out")
            if part.version < VERSION:
                groups = [to_table(map(record_of, group.to_pylist())) for group in groups]
    except FileNotFoundError:
        return  # merged into another part since it was listed, which comes next
    except PartDamaged as damage:
        problems.append(f"{path} is damaged ({damage}) and was left out")
    except NotAPart:
        problems.append(f"{path} is no part of a ledger and was left out")
    except LedgerError as error:
        problems.append(f"{error.message} and was left out")
    if groups:
        yield path.parent.name, pa.concat_tables(groups)
