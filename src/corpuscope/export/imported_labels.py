"""The labels of a file of an export format, validated one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from corpuscope.domain.document import Address
from corpuscope.errors import UsageError, nearest
from corpuscope.export.formats import Format
from corpuscope.export.import_files import ANSWERED, Fields, LeftOut, fields_in
from corpuscope.export.import_values import flag_in, number_in, text_in, time_in, with_missing_values

_NEEDED = ("corpus", "dataset", "split", "revision", "shard")


@dataclass(frozen=True, slots=True)
class ImportedLabel:
    """One validated label of a file."""

    corpus: str
    """Key of the corpus."""
    address: Address
    """Address of the document."""
    draw: int
    """Draw of the sampling plan."""
    category: str
    """Name of the category."""
    annotator: str
    """Annotator; "" when the file does not say."""
    look: int
    """1 for the first reading, 2 for a blind second one."""
    at: datetime | None
    """Time of the decision; None when the file does not say."""
    reading_ms: int | None
    """Reading time in milliseconds; None when unknown."""
    blind: bool
    """Whether corpus and url were hidden while labelling."""
    note: str
    """The annotator's note, "" for none."""
    unsure: bool
    """True when the annotator was not sure of the label."""
    bookmarked: bool
    """Whether the document is bookmarked."""
    scheme: str
    """Hash of the category scheme at the time; "" when the file does not say."""
    event_id: str
    """Id of the deciding event; "" when the file does not say."""
    answered: bool
    """Whether somebody gave the label in another tool."""


def labels_in(path: Path, form: Format) -> Iterator[ImportedLabel | LeftOut]:
    """Yield the labels of a file in its order. Raises UsageError that names the file, the label and the fault."""
    assert form.reader is not None, "only formats that can be read are recognised"
    for number, entry in enumerate(fields_in(path, form.name, form.reader.read), 1):
        if isinstance(entry, LeftOut):
            yield entry
            continue
        if entry.get("kind") == "skip":
            yield LeftOut(f"label {number:,}", "a skip, which is not a label", refused=False)
            continue
        try:
            fields = with_missing_values(entry)
            if fields.get("category", entry) in (None, ""):
                yield LeftOut(f"label {number:,}", "no category", refused=False)
                continue
            yield _imported_label(fields)
        except (ValueError, TypeError, OverflowError, OSError) as fault:
            raise UsageError(f"{path}, label {number:,}: {fault}", "nothing was imported") from None


def _imported_label(fields: Fields) -> ImportedLabel:
    """Validate the fields of one label. Raises ValueError that names the field at fault."""
    if missing := [name for name in (*_NEEDED, "category", "row", "draw") if fields.get(name) in (None, "")]:
        name = missing[0]
        if name in fields:
            raise ValueError(f"{name} is empty")
        raise ValueError(f"{name} is missing; {nearest(name, [str(field) for field in fields])}")
    required = {name: str(fields[name]) for name in _NEEDED}
    event_id = text_in(fields, "event_id")
    return ImportedLabel(
        corpus=required["corpus"],
        address=Address(
            required["dataset"],
            text_in(fields, "name") or None,
            required["split"],
            required["revision"],
            required["shard"],
            number_in(fields, "row"),
        ),
        draw=number_in(fields, "draw"),
        category=str(fields["category"]),
        annotator=text_in(fields, "annotator"),
        look=number_in(fields, "look", 1),
        at=time_in(fields, "at", event_id),
        reading_ms=number_in(fields, "reading_ms") if fields.get("reading_ms") not in (None, "") else None,
        blind=flag_in(fields, "blind"),
        unsure=flag_in(fields, "unsure"),
        note=text_in(fields, "note"),
        bookmarked=flag_in(fields, "bookmarked"),
        scheme=text_in(fields, "scheme"),
        event_id=event_id,
        answered=bool(fields.get(ANSWERED)),
    )
