"""Read when works were handed in, from a CSV or from what a platform writes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.intake.places import IntakeError
from grader.intake.tables import read_table
from grader.safe_text import safe_text

STUDENT = ("student", "id", "student_id", "login", "email")
TIME = ("submitted_at", "submitted at", "submission time", "time", "timestamp")
SOURCE = ("source", "file", "folder")
FORM = "Write times as 2026-11-30T23:59:00+01:00."


def read_times(path: Path, *, tz: str | None = None) -> dict[str, datetime]:
    """Read a CSV with the columns ``student`` and ``submitted_at``, and ``source`` where a student has several attempts.

    Times are ISO 8601. `tz`, as in ``Europe/Zurich``, is the zone of those that have no offset; where its clocks were set back, the earlier
    of the two times is meant.

    Returns
    -------
    The time in UTC by source, or by student where no source is given.

    Raises
    ------
    IntakeError
        If it cannot be read, a time is none or has no offset without `tz`, or one work has two times.
    """
    zone = read_zone(tz)
    times: dict[str, datetime] = {}
    for row in read_table(path, "CSV of times"):
        cells = {heading.lower(): value for heading, value in row.cells.items()}
        key = _cell(cells, SOURCE) or _cell(cells, STUDENT)
        text = _cell(cells, TIME)
        where = f"line {row.line} of {safe_text(str(path))}"
        if not key or not text:
            raise IntakeError(f"{where} has no student or no time", remedy="Its columns are student, submitted_at and, if needed, source.")
        if key in times:
            text = f"{where} gives {safe_text(key)} a second time"
            raise IntakeError(text, remedy="Name the source of each attempt in a column `source`.")
        times[key] = _parse(text, zone, where)
    return times


def read_zone(tz: str | None) -> tzinfo | None:
    """Give the time zone of that name; None for None.

    Raises
    ------
    IntakeError
        If there is none of that name.
    """
    if tz is None:
        return None
    try:
        return ZoneInfo(tz)
    except (ValueError, OSError, LookupError) as error:
        raise IntakeError(f"there is no time zone {safe_text(tz)!r}", remedy="Name one as in --timezone Europe/Zurich.") from error


def parse_platform_time(text: str) -> datetime | None:
    """Read a time as Ruby and JSON write it, in UTC if it names no zone (as Gradescope means it); None if it is none."""
    shape = r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)? ?(Z|UTC|[+-]\d\d:?\d\d)?"
    found = re.fullmatch(shape, text.strip())
    if found is None:
        return None
    date, clock, fraction, zone = found.groups()
    offset = "+00:00" if zone in (None, "Z", "UTC") else zone
    try:
        return datetime.fromisoformat(f"{date}T{clock}.{(fraction or '0'):0<6}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _parse(text: str, zone: tzinfo | None, where: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is None:
            if zone is None:
                sentence = f"{where} has a time without a zone, {safe_text(text)!r}"
                raise IntakeError(sentence, remedy="Say which with --timezone, as in Europe/Zurich.")
            time = time.replace(tzinfo=zone)
        return time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise IntakeError(f"{where} has {safe_text(text)!r}, which is not a time", remedy=FORM) from error


def _cell(cells: dict[str, str], names: tuple[str, ...]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")
