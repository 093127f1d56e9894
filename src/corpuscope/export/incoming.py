"""One label of a file, checked: what an import starts from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from corpuscope.domain.document import Address
from corpuscope.errors import UsageError, nearest
from corpuscope.export.incoming_files import ANSWERED, Fields, Kind, fields_in

_FLAGS = {"": False, "false": False, "0": False, "true": True, "1": True}
_NEEDED = ("corpus", "dataset", "split", "revision", "shard")


@dataclass(frozen=True, slots=True)
class Incoming:
    """One label of a file."""

    corpus: str
    """Key of the corpus."""
    address: Address
    """Which document."""
    draw: int
    """Draw of the sampling plan."""
    category: str
    """Name of the category."""
    annotator: str
    """Who; "" when the file does not say."""
    look: int
    """1 for the first reading, 2 for a blind second one."""
    at: datetime | None
    """When; None when the file does not say."""
    reading_ms: int | None
    """Milliseconds of reading."""
    blind: bool
    """True when the origin was hidden."""
    note: str
    """The annotator's note, "" for none."""
    bookmarked: bool
    """Whether it is bookmarked."""
    scheme: str
    """Hash of the category scheme then, "" when the file does not say."""
    event_id: str
    """The event that decided, "" when the file does not say."""
    answered: bool
    """True for what a person answered in another tool."""


def labels_in(path: Path, kind: Kind) -> Iterator[Incoming]:
    """The labels of a file, in its order. Raises UsageError naming the file, the label and what is wrong with it."""
    for number, fields in enumerate(fields_in(path, kind), 1):
        try:
            yield _incoming(fields)
        except (ValueError, TypeError) as fault:
            raise UsageError(f"{path}, label {number:,}: {fault}", "nothing was imported") from None


def _incoming(fields: Fields) -> Incoming:
    """Raises ValueError naming the field at fault."""
    if missing := [name for name in (*_NEEDED, "category", "row", "draw") if fields.get(name) in (None, "")]:
        raise ValueError(f"{missing[0]} is missing; {nearest(missing[0], [str(name) for name in fields])}")
    named = {name: str(fields[name]) for name in _NEEDED}
    return Incoming(
        corpus=named["corpus"],
        address=Address(
            named["dataset"],
            _text(fields, "name") or None,
            named["split"],
            named["revision"],
            named["shard"],
            _number(fields, "row"),
        ),
        draw=_number(fields, "draw"),
        category=str(fields["category"]),
        annotator=_text(fields, "annotator"),
        look=_number(fields, "look", 1),
        at=_time(fields.get("at")),
        reading_ms=_number(fields, "reading_ms") if fields.get("reading_ms") not in (None, "") else None,
        blind=_flag(fields, "blind"),
        note=_text(fields, "note"),
        bookmarked=_flag(fields, "bookmarked"),
        scheme=_text(fields, "scheme"),
        event_id=_text(fields, "event_id"),
        answered=bool(fields.get(ANSWERED)),
    )


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return "" if value is None else str(value)


def _number(fields: Fields, name: str, default: int | None = None) -> int:
    value = fields.get(name)
    if value in (None, "") and default is not None:
        return default
    try:
        number = int(str(value))
    except ValueError:
        raise ValueError(f"{name} is {value!r}, which is no whole number") from None
    if not 0 <= number < 1 << 63:
        raise ValueError(f"{name} is {number}, which cannot be")
    return number


def _flag(fields: Fields, name: str) -> bool:
    value = fields.get(name)
    flag = _FLAGS.get(str(value if value is not None else "").lower())
    if flag is None:
        raise ValueError(f"{name} is {value!r}, which is neither true nor false")
    return flag


def _time(value: object) -> datetime | None:
    match value:
        case None | "":
            return None
        case datetime():
            moment = value
        case int() | float():
            moment = datetime.fromtimestamp(value, UTC)
        case _:
            moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
