"""Values of imported labels, as spreadsheets, R and pandas write them."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

_MISSING = frozenset(("", "NA", "NaN", "nan", "<NA>", "NaT", "None", "null", "NULL", "#N/A", "N/A"))
"""Words for a value that is not known, in the columns that may lack one."""
_OPTIONAL = (
    "final",
    "name",
    "reading_ms",
    "tokens",
    "look",
    "at",
    "blind",
    "unsure",
    "bookmarked",
    "scheme",
    "event_id",
)
_FLAGS = {
    **dict.fromkeys(("", "false", "f", "no", "0", "0.0", "falsch", "faux", "falso"), False),
    **dict.fromkeys(("true", "t", "yes", "1", "1.0", "wahr", "vrai", "verdadero", "vero"), True),
}
"""English words, R's letters, and what spreadsheets of other languages show for TRUE and FALSE."""

_WHOLE = re.compile(r"(?!\d{1,3}[.,]000$)(\d+)[.,]0*")
"""A whole number with decimals of zero; 4,000 is none, which may be four or four thousand."""
_DAY = re.compile(
    r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:,? +(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)? *([AaPp][Mm])?)?"
)
_SERIAL_ORIGIN = datetime(1899, 12, 30, tzinfo=UTC)
_SERIAL_DAYS = range(20_000, 80_000)
"""Days by which a spreadsheet stores a date: 1954 to 2119. As seconds since 1970 they would be its first day."""
_UNITS = (1, 10**3, 10**6, 10**9)
"""Seconds, milli-, micro- and nanoseconds in a second: units of times since 1970."""
_SECONDS_SINCE_1970 = range(946_684_800, 4_733_510_400)
"""Seconds from 1970 to a time that a label may have: 2000 to 2119. In no two units a number is within it."""
_DISTANCE = timedelta(hours=26)
"""Furthest that a local time without an offset can be from the same time in UTC, with half a day to spare."""


def with_missing_values(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with None for what pandas, R and spreadsheets write for a value that is not known.

    A note may be any words: those for a missing value stand for one only where another column of the row has them.
    """
    values = dict(fields)
    missing = {name for name in _OPTIONAL if name in values and _is_missing(values[name])}
    values |= dict.fromkeys(missing)
    if isinstance(values.get("note"), float) or any(fields[name] not in ("", None) for name in missing):
        values["note"] = None if _is_missing(values.get("note")) else values["note"]
    return values


def _is_missing(value: object) -> bool:
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or (isinstance(value, str) and value.strip() in _MISSING)


def text_in(fields: Mapping[str, Any], name: str) -> str:
    """Return a field as text, "" without a value."""
    value = fields.get(name)
    return "" if value is None else str(value)


def number_in(fields: Mapping[str, Any], name: str, default: int | None = None) -> int:
    """Return a whole number from 0, which may be written with decimals of zero. Raises ValueError."""
    value = fields.get(name)
    if value in (None, "") and default is not None:
        return default
    try:
        number = _whole_number(str(value).strip())
    except (ValueError, OverflowError):
        raise ValueError(f"{name} is {value!r}, which is not a whole number") from None
    if not 0 <= number < 1 << 63:
        raise ValueError(f"{name} is {number}, which cannot be")
    return number


def _whole_number(text: str) -> int:
    if match := _WHOLE.fullmatch(text):
        return int(match[1])
    if "e" in text.lower() and (number := float(text.replace(",", "."))).is_integer():
        return int(number)
    return int(text)


def flag_in(fields: Mapping[str, Any], name: str) -> bool:
    """Return whether a field is true. Raises ValueError."""
    flag = _FLAGS.get(text_in(fields, name).strip().lower())
    if flag is None:
        raise ValueError(f"{name} is {fields.get(name)!r}, which is neither true nor false")
    return flag


def time_in(fields: Mapping[str, Any], name: str, event_id: str) -> datetime | None:
    """Return a time, None without a value; one without an offset is in UTC.

    Takes ISO 8601, numbers since 1970, the serial numbers of spreadsheets and their written forms. Where day and month
    may be exchanged, the time in `event_id` decides. Raises ValueError.
    """
    value = fields.get(name)
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        moment = value
    else:
        moment = _numbered_time(value) or _written_time(str(value).strip(), name, event_id)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _numbered_time(value: object) -> datetime | None:
    """Return the time that a number stands for; None for anything else, as for a day written as 20260131."""
    try:
        number = float(str(value).replace(",", "."))
        days = int(number)
    except (ValueError, OverflowError):
        return None
    if days in _SERIAL_DAYS:
        return _SERIAL_ORIGIN + timedelta(days=number)
    seconds = (number / unit for unit in _UNITS if int(number / unit) in _SECONDS_SINCE_1970)
    return next((datetime.fromtimestamp(since, UTC) for since in seconds), None)


def _written_time(text: str, name: str, event_id: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    match = _DAY.fullmatch(text)
    moments = _readings(match) if match else set()
    recorded = time_of_id(event_id)
    if len(moments) > 1 and recorded:
        moments = {moment for moment in moments if abs(moment - recorded) < _DISTANCE}
    if len(moments) > 1:
        raise ValueError(f"{name} is {text!r}, which may be two days; write it as 2026-01-31 10:00:00")
    if not moments:
        raise ValueError(f"{name} is {text!r}, which is not a time; write it as 2026-01-31 10:00:00")
    return moments.pop()


def _readings(match: re.Match[str]) -> set[datetime]:
    """Return the times that a written form may mean: the year first, or the day, or the month."""
    first, second, third, *clock = match.groups()
    hour, minute, seconds = (int(part or 0) for part in clock[:3])
    if clock[3]:
        hour = hour % 12 + 12 * (clock[3].lower() == "pm")
    if len(first) == 4:
        orders = [(first, second, third)]
    else:
        year = third if len(third) == 4 else f"20{third:0>2}"
        orders = [(year, second, first), (year, first, second)]
    moments = set()
    for year, month, day in orders:
        try:
            moments.add(datetime(int(year), int(month), int(day), hour, minute, seconds, tzinfo=UTC))
        except ValueError:
            continue
    return moments


def time_of_id(event_id: str) -> datetime | None:
    """Return the time in a UUIDv7, None for any other text."""
    try:
        identifier = uuid.UUID(event_id)
    except ValueError:
        return None
    if identifier.version != 7:
        return None
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)
