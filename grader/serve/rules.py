"""What staff set for the course in the page: who sees which exercise and from when, deadlines, attempts, lateness, extensions.

``[grading]`` of course.toml is the default. What is set in the page stands over it until it is put back; every change is a new row, and a
line of the audit log with the old value and the new one. A time that is set is a moment: another time zone moves none of them.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from grader.classwork import Attempts, LatePolicy, Policy
from grader.errors import ExitCode, LayerwiseError
from grader.marks.late import due_at
from grader.marks.reasons import days as in_days
from grader.serve import tables, typed, uploads
from grader.serve.database import Database, note, now
from grader.serve.typed import Value
from grader.serve.uploads import Upload

LONGEST_REASON = 500


class RuleError(LayerwiseError):
    """A rule that cannot be meant, or that is not there."""

    exit_code = ExitCode.SUBMISSION_UNREADABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing that can be set: what it is called, how what was typed (or stored) is read, and what None means in words."""

    label: str
    read: Callable[[str, ZoneInfo], Value]
    nothing: str = "none"
    unit: str = ""


COURSE_SETTINGS = {
    "attempts": Setting(label="Which attempt counts", read=typed.attempts),
    "percent_per_day": Setting(label="Percent lost per day late", read=typed.percent, unit=" %"),
    "grace_days": Setting(label="Grace days", read=typed.days),
    "cutoff_days": Setting(label="Cutoff days", read=typed.days_or_none, nothing="never"),
    "zone": Setting(label="Time zone", read=typed.zone),
}
EXERCISE_SETTINGS = {
    "visible": Setting(label="Students see it", read=typed.yes),
    "opens_at": Setting(label="From", read=typed.time_or_none, nothing="the beginning"),
    "deadline": Setting(label="Due", read=typed.time_or_none, nothing="never"),
    "most_attempts": Setting(label="Most attempts allowed", read=typed.count_or_none, nothing="no limit"),
}
# What a course says of an exercise where [grading] has no word for it.
DEFAULTS: Mapping[str, Value] = {"visible": True, "opens_at": None, "most_attempts": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """More time for one student: ``days``, or ``until`` a date, for one exercise, or for all where that is empty."""

    id: int
    student: str
    exercise: str
    days: int
    until: datetime | None
    reason: str
    made_at: datetime
    withdrawn_at: datetime | None = None
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that was set and holds, by exercise (empty for the whole course) and name."""

    values: Mapping[tuple[str, str], Value]
    extensions: tuple[Extension, ...]


class RuleBook:
    """The rules as they stand. They are kept in memory, since every page asks for them, and read again after each change; who asks
    meanwhile is given the old ones at once, and does not wait for the database.

    ``says`` is what the course says by itself.
    """

    def __init__(self, database: Database, says: Policy, exercises: Sequence[str]) -> None:
        self.database, self.says, self.exercises = database, says, tuple(exercises)
        self._changing, self._reading = threading.Lock(), threading.Lock()
        self._known: Known | None = None
        self._made: tuple[Known, frozenset[str], Policy] | None = None
        # By whose clock times are shown; it is known even while the database is not there, for the page that says so.
        self.zone = ZoneInfo(says.late.zone)
        self.known()

    def known(self) -> Known:
        """What was set and holds now."""
        return self._known or self._read()

    def _read(self) -> Known:
        # Read and kept by one at a time, so that nothing older replaces what is newer.
        with self._reading:
            self._known = known = read_known(self.database)
            self.zone = ZoneInfo(str(self._value(known, "", "zone")))
        return known

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Something is changed in here, by one at a time, so that the old value that the log tells of is the one that was there."""
        with self._changing:
            try:
                yield
            finally:
                # Whether a change was kept is not known where the database has failed at it.
                self._known = None
            self._read()

    def value(self, exercise: str, name: str) -> Any:
        """What holds: as it was set here, or as the course says. `exercise` is empty for what is of the whole course."""
        return self._value(self.known(), exercise, name)

    def said(self, exercise: str, name: str) -> Value:
        """What the course says by itself."""
        late = self.says.late
        if name == "attempts":
            return self.says.attempts.value
        if name == "deadline":
            return late.deadlines.get(exercise, late.deadline)
        found: Value = DEFAULTS[name] if name in DEFAULTS else getattr(late, name)
        return found

    def is_set(self, exercise: str, name: str) -> bool:
        """Whether it was set here."""
        return (exercise, name) in self.known().values

    def _value(self, known: Known, exercise: str, name: str) -> Value:
        return known.values[exercise, name] if (exercise, name) in known.values else self.said(exercise, name)

    def is_open(self, exercise: str, at: datetime | None = None) -> bool:
        """Whether students see an exercise, now or at that time."""
        opens_at: datetime | None = self.value(exercise, "opens_at")
        return bool(self.value(exercise, "visible")) and (opens_at is None or opens_at <= (at or now()))

    def closed(self) -> frozenset[str]:
        """The exercises that students do not see now."""
        return frozenset(name for name in self.exercises if not self.is_open(name))

    def policy(self) -> Policy:
        """What turns outcomes into marks now: the same object as long as nothing changes."""
        known, closed, made = self.known(), self.closed(), self._made
        if made is None or made[0] is not known or made[1] != closed:
            self._made = made = (known, closed, self.policy_of(known, closed))
        return made[2]

    def policy_of(self, known: Known, closed: Collection[str]) -> Policy:
        """The policy of the course with what was set over it. What is not open counts 0 times, so that no total anywhere has it."""
        prices: dict[str, Any] = {name: self._value(known, "", name) for name in COURSE_SETTINGS if name != "attempts"}
        more = _extended(self.says.late, known.extensions, self.exercises)
        late = dataclasses.replace(self.says.late, **prices, **more, **self._deadlines(known))
        weights = {**self.says.weights, **{name: Fraction(0) for name in self.exercises if name in closed}}
        return Policy(attempts=Attempts(str(self._value(known, "", "attempts"))), late=late, weights=weights)

    def _deadlines(self, known: Known) -> dict[str, Any]:
        here = {name: known.values[name, "deadline"] for name in self.exercises if (name, "deadline") in known.values}
        if self.says.late.deadline is not None and None in here.values():
            # "Never" can only be said of one exercise where no deadline is said of all.
            every = {name: self._value(known, name, "deadline") for name in self.exercises}
            return {"deadline": None, "deadlines": {name: due for name, due in every.items() if due is not None}}
        both = {**self.says.late.deadlines, **here}
        return {"deadlines": {name: due for name, due in both.items() if due is not None}}


def _extended(late: LatePolicy, given: Sequence[Extension], exercises: Sequence[str]) -> dict[str, Any]:
    """What extensions add to a policy: of several the one that ends last holds."""
    for_all: dict[str, int] = dict(late.extensions)
    for_one = {student: dict(own) for student, own in late.exercise_extensions.items()}
    dates = {student: dict(own) for student, own in late.due_dates.items()}
    for one in given:
        if one.until is not None:
            own_dates = dates.setdefault(one.student, {})
            for name in [one.exercise] if one.exercise else exercises:
                own_dates[name] = max(one.until, own_dates.get(name, one.until))
        elif one.exercise:
            own = for_one.setdefault(one.student, {})
            own[one.exercise] = max(one.days, own.get(one.exercise, 0))
        else:
            for_all[one.student] = max(one.days, for_all.get(one.student, 0))
    return {"extensions": for_all, "exercise_extensions": for_one, "due_dates": dates}


def counting(book: RuleBook, upload: Upload, held: Sequence[str]) -> tuple[list[str], str]:
    """What an upload counts for, of the exercises that it holds; and a sentence of those whose attempts are used.

    What was handed in for one exercise was let in for it. Of the rest it counts for nothing that its student could not see at the time.
    """
    if upload.exercise:
        return list(held), ""
    wanted = [name for name in held if book.is_open(name, upload.received_at)]
    most: dict[str, int | None] = {name: book.value(name, "most_attempts") for name in wanted}
    if not any(most.values()):
        return wanted, ""
    used, _unknown = uploads.attempts_used(book.database, upload.student, besides=upload.id)
    over = [name for name, bound in most.items() if bound is not None and used[name] >= bound]
    sentence = f"All attempts at {', '.join(over)} are used, so this upload does not count there." if over else ""
    return [name for name in wanted if name not in over], sentence


# ---------------------------------------------------------------------------------------------------------------------- reading


def settings_of(exercise: str) -> Mapping[str, Setting]:
    """What can be set for an exercise, or, where it is empty, for the course."""
    return EXERCISE_SETTINGS if exercise else COURSE_SETTINGS


def read_known(database: Database) -> Known:
    """What was set and holds, from the database."""
    rules, columns = tables.rules.c, tables.extensions.c
    values: dict[tuple[str, str], Value] = {}
    with database.reading() as connection:
        rows = connection.execute(select(rules.exercise, rules.name, rules.value).order_by(rules.id)).all()
        given = connection.execute(select(tables.extensions).where(columns.withdrawn_at.is_(None)).order_by(columns.id)).mappings().all()
    for exercise, name, value in rows:
        values.pop((exercise, name), None)
        if value is not None and name in settings_of(exercise):
            values[exercise, name] = settings_of(exercise)[name].read(value, typed.UTC_ZONE)
    return Known(values=values, extensions=tuple(_extension_of(row) for row in given))


def _extension_of(row: Mapping[Any, Any]) -> Extension:
    names = [field.name for field in dataclasses.fields(Extension) if field.name != "author"]
    return Extension(**{name: row[name] for name in names}, author=row.get("email") or "")


def extensions_of(database: Database, student: str) -> list[Extension]:
    """All that a student was ever given, the oldest first, with who gave it."""
    columns = tables.extensions.c
    query = select(tables.extensions, tables.accounts.c.email).outerjoin(tables.accounts, tables.accounts.c.id == columns.account)
    with database.reading() as connection:
        rows = connection.execute(query.where(columns.student == student).order_by(columns.id)).mappings().all()
    return [_extension_of(row) for row in rows]


# --------------------------------------------------------------------------------------------------------------------- changing


def set_rules(book: RuleBook, exercise: str, fields: Mapping[str, str], *, by: int) -> int:
    """Set what was typed and is another value than what holds; give how many these are.

    Raises
    ------
    RuleError
        If something that was typed cannot be meant. Nothing is changed then.
    """
    with book.changing():
        _expect_exercise(book, exercise)
        changes = {}
        for name, setting in settings_of(exercise).items():
            text, holds = fields.get(name), book.value(exercise, name)
            if text is not None and text.strip() not in typed.spellings(holds, book.zone):
                value = _read(setting, text.strip(), book.zone)
                changes.update({name: value} if value != holds else {})
        _expect_days(*(changes.get(name, book.value("", name)) for name in ("cutoff_days", "grace_days")))
        _write(book, exercise, {name: typed.written(value) for name, value in changes.items()}, changes, by=by)
    return len(changes)


def put_back(book: RuleBook, exercise: str, name: str, *, by: int) -> None:
    """Let what the course says hold again. Raises RuleError if it was not set here."""
    with book.changing():
        _expect_exercise(book, exercise)
        if name not in settings_of(exercise) or not book.is_set(exercise, name):
            raise RuleError("this setting already has the course's value", remedy="There is nothing to put back.")
        _expect_days(*(book.said("", one) if one == name else book.value("", one) for one in ("cutoff_days", "grace_days")))
        _write(book, exercise, {name: None}, {name: book.said(exercise, name)}, by=by)


def _write(book: RuleBook, exercise: str, texts: Mapping[str, str | None], values: Mapping[str, Value], *, by: int) -> None:
    known = {"exercise": exercise, "account": by, "made_at": now()}
    with book.database.writing() as connection:
        for name, text in texts.items():
            connection.execute(insert(tables.rules).values(name=name, value=text, **known))
            old, new = shown(book, exercise, name, book.value(exercise, name)), shown(book, exercise, name, values[name])
            was = "" if book.is_set(exercise, name) else ", as the course says"
            back = ", as the course says" if text is None else ""
            detail = f"{settings_of(exercise)[name].label}: {old}{was} → {new}{back}"
            note(connection, by, "rule put back" if text is None else "rule set", exercise or "course", detail)


def _expect_exercise(book: RuleBook, exercise: str) -> None:
    if exercise and exercise not in book.exercises:
        raise RuleError("there is no such exercise", remedy="Load the page again, and choose one from the list.")


def _expect_days(cutoff: Any, grace: Any) -> None:
    if cutoff is not None and cutoff < grace:
        sentence = f"the cutoff, after {in_days(cutoff)}, comes before the end of the grace of {in_days(grace)}"
        raise RuleError(sentence, remedy="Both are counted from the deadline: make the cutoff later, or the grace shorter.")


def _read(setting: Setting, text: str, zone: ZoneInfo) -> Value:
    try:
        return setting.read(text, zone)
    except ValueError as error:
        raise RuleError(f"{setting.label}: {error}") from error


def shown(book: RuleBook, exercise: str, name: str, value: Value) -> str:
    """A value in words."""
    setting = settings_of(exercise)[name]
    return setting.nothing if value is None else f"{typed.shown(value, book.zone)}{setting.unit}"


def give_extension(book: RuleBook, student: str, *, exercise: str, days: str, until: str, reason: str, by: int) -> None:
    """Give a student more time: some days, or until a date; for one exercise or, where it is empty, for all.

    Raises
    ------
    RuleError
        If it says neither or both, has no reason, or gives no time.
    """
    days, until, reason = days.strip(), until.strip(), reason.strip()
    if bool(days) == bool(until):
        raise RuleError("an extension needs either a number of days or a date", remedy="Fill in exactly one of the two.")
    if not reason or len(reason) > LONGEST_REASON:
        raise RuleError("an extension needs a reason", remedy=f"Write one of at most {LONGEST_REASON} characters.")
    with book.changing():
        _expect_exercise(book, exercise)
        count = _read(Setting(label="Days", read=typed.days), days, book.zone) if days else 0
        date = _read(Setting(label="Until", read=typed.time_or_none), until, book.zone) if until else None
        values = {"student": student, "exercise": exercise, "days": count, "until": date, "reason": reason, "made_at": now()}
        new = Extension(**{"id": 0, **values})  # type: ignore[arg-type]
        moved = list(_moved(book, student, (*book.known().extensions, new)))
        if not count and not moved:
            raise RuleError(
                "this extension changes nothing: it makes no deadline of the student later",
                remedy="Choose a later date, or an exercise that has a deadline.",
            )
        with book.database.writing() as connection:
            row = connection.execute(insert(tables.extensions).values(**values, account=by).returning(tables.extensions.c.id))
            words = f"{extension_words(book, new)}, because: {reason} (extension {row.scalar_one()})"
            note(connection, by, "extension given", student, "; ".join([words, *moved]))


def withdraw_extension(book: RuleBook, student: str, number: int, *, by: int) -> None:
    """Take an extension back; it stays in the story. Raises RuleError if the student does not have it."""
    with book.changing():
        given = book.known().extensions
        old = next((one for one in given if (one.id, one.student) == (number, student)), None)
        if old is None:
            raise RuleError("this extension has already been withdrawn", remedy="Load the page again.")
        moved = _moved(book, student, tuple(one for one in given if one is not old))
        with book.database.writing() as connection:
            connection.execute(update(tables.extensions).where(tables.extensions.c.id == number).values(withdrawn_at=now()))
            words = f"{extension_words(book, old)} (extension {number})"
            note(connection, by, "extension withdrawn", student, "; ".join([words, *moved]))


def _moved(book: RuleBook, student: str, extensions: tuple[Extension, ...]) -> Iterator[str]:
    """Each deadline of a student that other extensions move, the old one and the new one."""
    old = book.policy().late
    new = book.policy_of(dataclasses.replace(book.known(), extensions=extensions), ()).late
    for name in book.exercises:
        before, after = (due_at(late, name, student) for late in (old, new))
        if before is not None and after is not None and before != after:
            yield f"{name} due {typed.shown(before, book.zone)} → {typed.shown(after, book.zone)}"


def extension_words(book: RuleBook, one: Extension) -> str:
    """What an extension gives, for whom it concerns."""
    length = in_days(one.days) if one.until is None else f"until {typed.shown(one.until, book.zone)}"
    return f"{length} for {one.exercise or 'all exercises'}"
