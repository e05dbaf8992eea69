"""What counts: the table ``[grading]`` of a course, and the same in few words on a command line."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from grader.classwork import Attempts, LatePolicy, Policy
from grader.errors import CourseError
from grader.marks.late import instant

KEYS = ("attempts", "deadline", "timezone", "late", "deadlines", "weights", "extensions")
LATE_KEYS = ("percent_per_day", "grace_days", "cutoff_days")
YEARS = range(1970, 3000)
MOST_DAYS = 3650
LATE_EXAMPLE = "10%/day, 2 days grace, cutoff 5 days"
NUMBER = r"\d{1,6}(?:\.\d{1,6})?"
# One part of a late policy in words, and what its number is.
LATE_WORDS = (
    (re.compile(rf"({NUMBER})\s*%\s*(?:/|per|a)\s*day"), "percent_per_day"),
    (re.compile(r"(\d{1,6})\s*(?:days?)?\s*(?:of\s+)?grace"), "grace_days"),
    (re.compile(r"grace\s*(?:of\s+)?(\d{1,6})\s*(?:days?)?"), "grace_days"),
    (re.compile(r"cutoff\s*(?:after\s+)?(\d{1,6})\s*(?:days?)?"), "cutoff_days"),
    (re.compile(r"(\d{1,6})\s*(?:days?)?\s*cutoff"), "cutoff_days"),
)


def read_policy(table: Mapping[str, Any], exercises: Collection[str] | None = None) -> Policy:
    """Read the table ``[grading]`` of a course. It may name these exercises alone, if they are given.

    Raises
    ------
    CourseError
        If there is a key that means nothing, an exercise that is not there, or a value that cannot be meant.
    """
    if not isinstance(table, Mapping):
        raise CourseError("grading in course.toml must be a table", remedy="Write [grading] on a line of its own, and keys below it.")
    _refuse_unknown(table, KEYS, "[grading]")
    zone = _zone(table.get("timezone", "UTC"))
    has_zone = "timezone" in table
    late = LatePolicy(
        deadline=_deadline("deadline", table["deadline"], zone, has_zone) if "deadline" in table else None,
        deadlines={name: _deadline(name, value, zone, has_zone) for name, value in _by_exercise(table, "deadlines", exercises).items()},
        extensions={student: _days(f"extensions.{student}", value) for student, value in _table(table, "extensions").items()},
        zone=zone.key,
    )
    return Policy(
        attempts=_attempts(table.get("attempts", Attempts.LAST.value)),
        late=_late(table.get("late", {}), late),
        weights={name: _weight(name, value) for name, value in _by_exercise(table, "weights", exercises).items()},
    )


def policy_with(policy: Policy, *, attempts: str | None = None, late: str | None = None, deadline: str | None = None) -> Policy:
    """The policy with what a command line says instead; a deadline is one for all exercises.

    Raises
    ------
    CourseError
        As ``read_policy``. A deadline without an offset is in the time zone of the policy.
    """
    prices = policy.late if late is None else parse_late(late, policy.late)
    if deadline is not None:
        try:
            time = datetime.fromisoformat(deadline)
        except ValueError as error:
            raise CourseError(f"{deadline!r} is not a time", remedy="Write it as 2026-10-23T23:59:59+02:00.") from error
        if len(deadline) <= len("2026-10-23"):
            raise CourseError(f"the deadline {deadline} has no time", remedy=f"Write {deadline}T23:59:59 for the end of that day.")
        zone = _zone(policy.late.zone)
        # UTC is what a policy has that names no zone; to guess it would move the deadline by hours.
        prices = dataclasses.replace(prices, deadline=_deadline("all exercises", time, zone, zone.key != "UTC"), deadlines={})
    return dataclasses.replace(policy, attempts=policy.attempts if attempts is None else _attempts(attempts), late=prices)


def parse_late(text: str, late: LatePolicy) -> LatePolicy:
    """The policy `late` with other prices, as in ``10%/day, 2 days grace, cutoff 5`` or ``none``; deadlines and extensions stay.

    Raises
    ------
    CourseError
        If a part of the text says nothing that is understood, or something twice.
    """
    found: dict[str, Fraction] = {}
    for part in [] if text.strip().lower() in ("none", "") else text.lower().split(","):
        name, number = _late_part(part.strip())
        if name in found:
            raise CourseError(f"the late policy {text!r} says {name} twice", remedy=f"For example: {LATE_EXAMPLE}.")
        found[name] = number
    return _late(found, late)


def _late_part(part: str) -> tuple[str, Fraction]:
    for pattern, name in LATE_WORDS:
        match = pattern.fullmatch(part)
        if match:
            return name, Fraction(match[1])
    raise CourseError(f"{part!r} is not a late policy", remedy=f"For example: {LATE_EXAMPLE}; or none.")


def _late(value: Any, late: LatePolicy) -> LatePolicy:
    if isinstance(value, str):
        return parse_late(value, late)
    if not isinstance(value, Mapping):
        raise CourseError(
            f"late in [grading] is {value!r}, but must be a string or a table", remedy=f'For example: late = "{LATE_EXAMPLE}".'
        )
    _refuse_unknown(value, LATE_KEYS, "late in [grading]")
    percent = _number("percent_per_day", value.get("percent_per_day", 0))
    if percent > 100:
        raise CourseError(
            f"percent_per_day is {value['percent_per_day']}, but must be at most 100", remedy="Nobody can lose more than all points."
        )
    cutoff = _days("cutoff_days", value["cutoff_days"]) if "cutoff_days" in value else None
    grace = _days("grace_days", value.get("grace_days", 0))
    if cutoff is not None and cutoff < grace:
        raise CourseError(
            f"cutoff_days ({cutoff}) comes before the end of grace_days ({grace})",
            remedy="Both are counted from the deadline: make the cutoff later, or the grace shorter.",
        )
    return dataclasses.replace(late, percent_per_day=percent, grace_days=grace, cutoff_days=cutoff)


# ------------------------------------------------------------------------------------------------------------- single values


def _attempts(value: Any) -> Attempts:
    if value not in list(Attempts):
        raise CourseError(
            f"attempts in [grading] is {value!r}, but must be {' or '.join(Attempts)}",
            remedy=f'Write attempts = "{Attempts.LAST}" or attempts = "{Attempts.BEST}".',
        )
    return Attempts(value)


def _zone(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ValueError, TypeError, OSError, LookupError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise CourseError(
            f"timezone in [grading] is {value!r}, which is not known here",
            remedy='Use a name such as "Europe/Berlin"; a machine without a list of them needs `pip install tzdata`.',
        ) from error


def _deadline(name: str, value: Any, zone: ZoneInfo, has_zone: bool) -> datetime:
    if not isinstance(value, datetime):
        raise CourseError(
            f"the deadline of {name} is {value!r}, which is not a date with a time", remedy="Write it as 2026-10-23T23:59:59."
        )
    if value.year not in YEARS:
        raise CourseError(f"the deadline of {name} is in the year {value.year}", remedy="Correct the year.")
    if value.tzinfo is not None:
        return value.astimezone(UTC)
    if not has_zone:
        raise CourseError(
            f"the deadline of {name}, {value.isoformat()}, has no time zone",
            remedy='Write timezone = "Europe/Berlin" (or your own) in [grading], or end the time with Z or +02:00.',
        )
    return instant(value, zone)


def _days(name: str, value: Any) -> int:
    number = _number(name, value)
    if number.denominator != 1 or number > MOST_DAYS:
        raise CourseError(
            f"{name} in [grading] is {value!r}, but must be a number of days", remedy=f"Write a whole number from 0 to {MOST_DAYS}."
        )
    return int(number)


def _weight(name: str, value: Any) -> Fraction:
    return _number(f"weights.{name}", value)


def _number(name: str, value: Any) -> Fraction:
    """An exact number: 0.1 is a tenth, as it was written, and "1/3" a third."""
    plain = isinstance(value, (int, float, Fraction)) and not isinstance(value, bool)
    text = str(value).strip() if plain or isinstance(value, str) else ""
    if not re.fullmatch(rf"{NUMBER}(?:e[+-]?\d)?|\d{{1,6}}/[1-9]\d{{0,5}}", text):
        raise CourseError(
            f"{name} in [grading] is {value!r}, but must be a number", remedy='Write a number from 0 up, or a fraction such as "1/3".'
        )
    return Fraction(text)


# -------------------------------------------------------------------------------------------------------------------- tables


def _table(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = table.get(name, {})
    if not isinstance(inner, Mapping):
        raise CourseError(f"{name} in [grading] must be a table", remedy=f"Write [grading.{name}] on a line of its own.")
    return inner


def _by_exercise(table: Mapping[str, Any], name: str, exercises: Collection[str] | None) -> Mapping[str, Any]:
    inner = _table(table, name)
    if exercises is not None:
        _refuse_unknown(inner, exercises, f"[grading.{name}]")
    return inner


def _refuse_unknown(table: Mapping[str, Any], known: Collection[str], where: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            remedy = f"Did you mean {near[0]}?" if near else f"The keys are {', '.join(known)}."
            raise CourseError(f"{where} of course.toml has the unknown key {key!r}", remedy=remedy)
