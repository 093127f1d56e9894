"""Merge the events of another labels folder into this one; the other folder is only read."""

from __future__ import annotations

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
from corpuscope.ledger.folder import JOURNAL, PART, list_ledger
from corpuscope.ledger.journal import VERSION as JOURNAL_VERSION
from corpuscope.ledger.journal import scan_file
from corpuscope.ledger.parquet_part import DamagedRows, NotAPart, ParquetPart, PartDamaged
from corpuscope.ledger.parquet_schema import VERSION, record_of, to_table
from corpuscope.ledger.tables import row_faults, tables, walk, without_rows
from corpuscope.ledger.validation import Fault, by_reason
from corpuscope.ledger.write.publishing import publish, publishing
from corpuscope.text.quantities import quantity

IMPORTED = "brought-"
"""Starts the name of a part whose events came from another folder."""


@dataclass(frozen=True, slots=True)
class MergeResult:
    """The result of merging another labels folder into this one."""

    events: Mapping[tuple[str, str], int]
    """Number of new events, by annotator and corpus."""
    duplicates: int
    """Number of events that this folder already had, or that the other one holds once more."""
    categories: Mapping[str, int]
    """Number of new labels and final decisions, by category as it was named then."""
    in_both: tuple[str, ...]
    """Annotators with new events who also have events only here, sorted: perhaps two people of one name."""
    problems: tuple[str, ...]
    """What could not be read in either folder, in sentences; it was left as it is."""
    refusals: tuple[str, ...]
    """Files of the other folder with rows that are no events, how many and why, in sentences."""
    notices: tuple[str, ...]
    """What was noticed in this folder while writing, in sentences."""

    @property
    def total(self) -> int:
        """Number of new events."""
        return sum(self.events.values())


def merge_folder(folder: Path, other: Path, files: Files | None = None, *, write: bool = True) -> MergeResult:
    """Publish the events of `other` that `folder` lacks as parts of `folder`, which is created when missing.

    What is no event by its values is never published, whatever its checksum says; the result has it as `refusals`.
    Without `write` nothing is changed, and the result says what would be merged. A repeated merge, also after
    a crash, adds what is still missing. Raises LedgerError when a folder cannot be read or written; events
    merged before the error stay.
    """
    files = files or Files()
    problems: list[str] = []
    refusals: list[str] = []
    notices: list[str] = []
    events: Counter[tuple[str, str]] = Counter()
    categories: Counter[str] = Counter()
    try:
        here = _ids_and_annotators(folder, problems)
    except OSError as error:
        raise explained(error, folder, "the labels cannot be read") from error
    merged_ids = here["event_id"].combine_chunks()
    other_ids = merged_ids[:0]
    duplicates = 0
    for path, corpus, table in _tables(other, problems, refusals):
        new = table.filter(pc.invert(pc.is_in(table["event_id"], value_set=merged_ids)))
        duplicates += len(table) - len(new)
        other_ids = pa.concat_arrays([other_ids, table["event_id"].combine_chunks()])
        if not len(new):
            continue
        if write:
            notices += _publish(new, folder, corpus, path, files)
        merged_ids = pa.concat_arrays([merged_ids, new["event_id"].combine_chunks()])
        events.update((annotator, corpus) for annotator in new["annotator"].to_pylist())
        categories.update(new["category"].drop_null().to_pylist())
    only_here = here.filter(pc.invert(pc.is_in(here["event_id"], value_set=other_ids)))["annotator"].unique()
    in_both = sorted({annotator for annotator, _ in events} & set(only_here.drop_null().to_pylist()))
    return MergeResult(
        events, duplicates, categories, tuple(in_both), tuple(problems), tuple(refusals), tuple(notices)
    )


def add_events(folder: Path, events: Sequence[Event], files: Files | None = None) -> list[str]:
    """Publish imported events as parts of `folder`, and return notices in sentences.

    The events of one corpus must belong to one session. Raises LedgerError when the folder cannot be written.
    """
    by_corpus: dict[str, list[Event]] = {}
    for event in events:
        by_corpus.setdefault(event.document.corpus, []).append(event)
    notices: list[str] = []
    for corpus, corpus_events in by_corpus.items():
        table = to_table(map(to_record, corpus_events))
        notices += _publish(table, folder, corpus, Path(corpus_events[0].session), files or Files())
    return notices


def _publish(table: pa.Table, folder: Path, corpus: str, source: Path, files: Files) -> list[str]:
    name = f"{IMPORTED}{source.stem.removeprefix(IMPORTED)}{PART}"
    try:
        files.make_folder(folder)
        with publishing(folder, files):
            return publish(table, folder / corpus / name, files)
    except OSError as error:
        raise explained(error, folder, "the labels cannot be merged") from error


def _ids_and_annotators(folder: Path, problems: list[str]) -> pa.Table:
    """Return the ids and annotators of all readable events in `folder`; add what is damaged to `problems`."""
    names = ("event_id", "annotator")

    def on_damage(path: Path, damage: PartDamaged) -> None:
        problems.append(f"{path} is damaged ({damage}); `corpuscope ledger compact` saves what it can")

    of_files = (table for _, table in tables(folder, names, on_damage))
    return pa.concat_tables([to_table([]).select(list(names)), *of_files])


def _tables(other: Path, problems: list[str], refusals: list[str]) -> Iterator[tuple[Path, str, pa.Table]]:
    """Yield each file's events of each corpus, including files that a live session publishes meanwhile."""
    try:
        problems += [
            f"{path} is not a regular file and was left out" for path in list_ledger(other).irregular
        ]
        for path in walk(other):
            read_file = _journal if path.suffix == JOURNAL else _part
            of_corpora = read_file(path, problems, refusals)
            yield from ((path, corpus, table) for corpus, table in of_corpora if len(table))
    except OSError as error:
        raise explained(error, other, "the labels cannot be read") from error


def _journal(path: Path, problems: list[str], refusals: list[str]) -> Iterator[tuple[str, pa.Table]]:
    scan = scan_file(path)
    if scan.version > JOURNAL_VERSION:
        problems.append(f"{path} was written by a newer corpuscope and was left out: upgrade this one")
        return
    if scan.faults:
        refusals.append(f"{path}: {len(scan.faults):,} refused: {by_reason(scan.faults)}")
    if damaged := scan.damaged - len(scan.faults):
        problems.append(f"{path}: {quantity(damaged, 'damaged line')} left out")
    if scan.torn:
        problems.append(f"the last line of {path} is not complete and was left out; it was not acknowledged")
    table = to_table(scan.events)
    for corpus in table["corpus"].unique().to_pylist():
        yield corpus, table.filter(pc.equal(table["corpus"], corpus))


def _part(path: Path, problems: list[str], refusals: list[str]) -> Iterator[tuple[str, pa.Table]]:
    """Yield the corpus and the undamaged row groups of a part.

    Events without their text are left out: merged now, they would later be duplicates of those with text.
    """
    groups: list[pa.Table] = []
    faults: list[Fault] = []
    try:
        with ParquetPart(path) as part:
            for group in part.groups():
                if isinstance(group, DamagedRows):
                    lost = quantity(group.rows, "damaged event")
                    problems.append(f"{path}: {lost} left out ({group.damage})")
                else:
                    refused = row_faults(group, path.parent.name)
                    faults += refused.values()
                    groups.append(without_rows(group, refused))
            if part.version < VERSION:
                groups = [to_table(map(record_of, group.to_pylist())) for group in groups]
    except FileNotFoundError:
        return  # merged since it was listed into another part, which is listed next
    except PartDamaged as damage:
        problems.append(f"{path} is damaged ({damage}) and was left out")
    except NotAPart:
        problems.append(f"{path} is not a ledger file and was left out")
    except LedgerError as error:
        problems.append(f"{error.message} and was left out")
    if faults:
        refusals.append(f"{path}: {len(faults):,} refused: {by_reason(faults)}")
    if groups:
        yield path.parent.name, pa.concat_tables(groups)
