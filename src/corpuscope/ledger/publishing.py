"""How parts come into a folder: one process at a time, and each event once."""

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from corpuscope.errors import LedgerError
from corpuscope.files import Files
from corpuscope.ledger import parts
from corpuscope.ledger.layout import LOCK, damaged_path, free_path, siblings
from corpuscope.ledger.rescue import rescue

PATIENCE = 10.0
"""Seconds to wait for another process that publishes parts."""


@contextmanager
def publishing(folder: Path, files: Files, patience: float = PATIENCE) -> Iterator[None]:
    """Only one process at a time publishes or removes parts. Raises LedgerError after `patience`, or OSError."""
    descriptor = files.open_lock(folder / LOCK)
    try:
        deadline = time.monotonic() + patience
        while not files.lock(descriptor, wait=False):
            if time.monotonic() > deadline:
                raise LedgerError(f"another process has been rewriting {folder} for {patience:.0f} s")
            time.sleep(0.02)
        yield
    finally:
        files.close(descriptor)


def publish(table: pa.Table, path: Path, files: Files, instead_of: Collection[Path] = ()) -> list[str]:
    """Writes the events of `table` that `path` and its numbered variants do not hold yet, under a free name.

    The same events come here again when a crash hit after publishing them and before their source was removed.
    Parts in `instead_of` are about to be removed and do not count. Call it within `publishing`. What was
    noticed, in sentences. Raises OSError or LedgerError.
    """
    files.make_folder(path.parent)
    notices: list[str] = []
    for published in list(siblings(path)):
        if published in instead_of:
            continue
        try:
            known = parts.read(published)["event_id"]  # all columns: what is damaged is written again
        except parts.PartDamaged as damage:
            notices += set_aside(published, damage, files)
        except parts.NotAPart:
            continue
        else:
            # Whoever published it may have been killed before its name was on the disk.
            files.sync_folder(path.parent)
            table = table.filter(pc.invert(pc.is_in(table["event_id"], value_set=known)))
    if len(table):
        parts.write(in_order(table), free_path(path), files)
    return notices


def set_aside(path: Path, damage: parts.PartDamaged, files: Files) -> list[str]:
    """Renames a damaged part so that nothing reads or overwrites it, and publishes what can be saved of it.

    Call it within `publishing`. What was noticed, in sentences. Raises OSError or LedgerError.
    """
    saved = rescue(path)
    aside = damaged_path(path)
    notices: list[str] = []
    if saved.table is not None:
        notices = publish(saved.table, path.with_name(f"{path.stem}-saved{path.suffix}"), files)
    files.rename(path, aside)
    files.sync_folder(path.parent)
    return [f"{path} is damaged ({damage}) and is kept as {aside.name}; {saved}", *notices]


def in_order(table: pa.Table) -> pa.Table:
    """Rows by event id, each event once."""
    table = table.sort_by("event_id")
    ids = table["event_id"].combine_chunks()
    first = pa.array([True] * min(len(ids), 1))
    return table.filter(pa.concat_arrays([first, pc.not_equal(ids[1:], ids[:-1])]))
