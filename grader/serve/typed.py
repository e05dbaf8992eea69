"""What people type into forms as values, and back: yes and no, numbers, days, times by the clock of the course.

What cannot be meant is a ValueError with a sentence. The same functions read what is stored, which is written so that they can.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from grader.classwork import Attempts
from grader.marks.late import instant
from grader.marks.total import brief
from grader.records import encode_time

Value = bool | int | Fraction | datetime | str | None
UTC_ZONE = ZoneInfo("UTC")
NONE = "none"
MOST_DAYS = 3650
MOST_COUNT = 10_000
YEARS = range(1970, 3000)
PERCENT = re.compile(r"\d{1,3}(?:[.,]\d{1,6})?|\d{1,6}/[1-9]\d{0,5}")


def yes(text: str, _zone: ZoneInfo) -> bool:
    """Whether."""
    if text not in ("yes", "no"):
        raise ValueError(f"{text[:40]!r} is neither yes nor no")
    return text == "yes"


def attempts(text: str, _zone: ZoneInfo) -> str:
    """One of the rules by which an attempt counts."""
    if text not in list(Attempts):
        raise ValueError(f"{text[:40]!r} is neither {' nor '.join(Attempts)}")
    return text


def percent(text: str, _zone: ZoneInfo) -> Fraction:
    """An exact number from 0 to 100, as it was written; ``1/3`` is a third."""
    found = Fraction(text.replace(",", ".")) if PERCENT.fullmatch(text) else None
    if found is None or found > 100:
        raise ValueError(f"{text[:40]!r} is not a number from 0 to 100")
    return found


def days(text: str, _zone: ZoneInfo) -> int:
    """A whole number of days."""
    return _whole(text, 0, MOST_DAYS)


def days_or_none(text: str, zone: ZoneInfo) -> int | None:
    """A whole number of days, or nothing."""
    return None if text in ("", NONE) else days(text, zone)


def count_or_none(text: str, _zone: ZoneInfo) -> int | None:
    """How many there may be, at least one; or nothing."""
    return None if text in ("", NONE) else _whole(text, 1, MOST_COUNT)


def _whole(text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or not least <= int(text) <= most:
        raise ValueError(f"{text[:40]!r} is not a whole number from {least} to {most}")
    return int(text)


def zone(text: str, _zone: ZoneInfo) -> str:
    """The name of a time zone that is known here."""
    try:
        return ZoneInfo(text).key
    except (ValueError, OSError, LookupError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise ValueError(f"{text[:60]!r} is not a time zone that is known here; use a name such as Europe/Berlin") from error


def time_or_none(text: str, zone: ZoneInfo) -> datetime | None:
    """A moment, typed by the clock of `zone` where it has no offset of its own; or nothing."""
    if text in ("", NONE):
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is not a date with a time, such as 2026-10-24T23:59") from error
    if len(text) <= len("2026-10-24") or time.year not in YEARS:
        raise ValueError(f"{text[:40]!r} is not a date with a time, such as 2026-10-24T23:59")
    return instant(time, zone) if time.tzinfo is None else time.astimezone(UTC)


# --------------------------------------------------------------------------------------------------------------------- and back


def written(value: Value) -> str:
    """A value as it is stored."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    return encode_time(value) if isinstance(value, datetime) else str(value)


def field(value: Value, zone: ZoneInfo) -> str:
    """A value as it stands in a form; a time by the clock of `zone`."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds")
    return brief(value) if isinstance(value, Fraction) and Fraction(brief(value)) == value else written(value)


def spellings(value: Value, zone: ZoneInfo) -> tuple[str, ...]:
    """How a browser may send back what stood in a form: without seconds that are 0."""
    text = field(value, zone)
    return (text, text.removesuffix(":00")) if isinstance(value, datetime) else (text,)


def shown(value: Value, zone: ZoneInfo) -> str:
    """A value for people."""
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        return f"{local:%Y-%m-%d %H:%M:%S} {local.tzname() or 'UTC'}"
    return field(value, zone) if isinstance(value, Fraction) else written(value)
