"""Read a roster: a plain CSV, Canvas's gradebook export, Moodle's grading worksheet, Gradescope's roster."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from grader.classwork import Student
from grader.intake.places import IntakeError, KeyKind
from grader.intake.tables import Row, read_table
from grader.safe_text import safe_text

# What columns are called, without case, spaces and signs.
COLUMNS: dict[str, KeyKind] = {
    "id": KeyKind.ID,
    "student": KeyKind.NAME,
    "studentid": KeyKind.ID,
    "studentnumber": KeyKind.ID,
    "idnumber": KeyKind.ID,
    "sid": KeyKind.ID,
    "sisuserid": KeyKind.ID,
    "matriculationnumber": KeyKind.ID,
    "orgdefinedid": KeyKind.ID,
    "login": KeyKind.LOGIN,
    "loginid": KeyKind.LOGIN,
    "sisloginid": KeyKind.LOGIN,
    "username": KeyKind.LOGIN,
    "netid": KeyKind.LOGIN,
    "github": KeyKind.LOGIN,
    "githubusername": KeyKind.LOGIN,
    "email": KeyKind.EMAIL,
    "emailaddress": KeyKind.EMAIL,
    "mail": KeyKind.EMAIL,
    "canvasid": KeyKind.CANVAS,
    "canvasuserid": KeyKind.CANVAS,
    "identifier": KeyKind.PARTICIPANT,
    "participant": KeyKind.PARTICIPANT,
    "participantid": KeyKind.PARTICIPANT,
    "name": KeyKind.NAME,
    "fullname": KeyKind.NAME,
    "studentname": KeyKind.NAME,
}
FIRST_NAMES = ("firstname", "givenname")
LAST_NAMES = ("lastname", "surname", "familyname")
SECTIONS = ("section", "sections", "group", "groups", "class")
STAFF = frozenset({"instructor", "teacher", "ta", "teaching assistant", "reader", "designer", "observer"})
# Which of them makes the id that a student has here, the best first.
IDENTIFYING = (KeyKind.LOGIN, KeyKind.ID, KeyKind.EMAIL, KeyKind.CANVAS, KeyKind.PARTICIPANT, KeyKind.NAME)
HEADINGS = "A roster has a column `id`, `SIS Login ID`, `Email address`, `Identifier` or the like, and best also `name`."


def read_roster(path: Path) -> tuple[Student, ...]:
    """Read who is in a class.

    The id of a student is the plain column ``id`` if there is one; else the login, the student number, the email address, Canvas's or
    Moodle's own number, or the name, whichever comes first. A student in two sections may have two rows.

    Raises
    ------
    IntakeError
        If it cannot be read, names nobody, or has one id for two names.
    """
    rows = read_table(path, "roster")
    students: dict[str, Student] = {}
    lines: dict[str, int] = {}
    for row in rows:
        student = _student(row)
        if student is None:
            continue
        known = students.setdefault(student.id, student)
        if known is not student:
            if known.name != student.name:
                where = f"lines {lines[student.id]} and {row.line}"
                text = f"the roster {safe_text(str(path))} has the id {safe_text(student.id)} for two students ({where})"
                raise IntakeError(text, remedy="Give each of them an id of their own.")
            sections = [*filter(None, known.section.split(", ")), *filter(None, [student.section])]
            students[student.id] = replace(known, section=", ".join(dict.fromkeys(sections)))
        lines.setdefault(student.id, row.line)
    if not students:
        found = ", ".join(safe_text(heading) for heading in (rows[0].cells if rows else {}))
        raise IntakeError(f"the roster {safe_text(str(path))} names no student (its columns: {found or 'none'})", remedy=HEADINGS)
    return tuple(students.values())


def identities(student: Student) -> Iterator[tuple[KeyKind, str]]:
    """Give all that `student` can be recognised by: the id, the email address, and what the row of the roster has."""
    yield KeyKind.ID, student.id
    if student.email:
        yield KeyKind.EMAIL, student.email
    if student.name:
        yield KeyKind.NAME, student.name
    for kind, value in _keys(student.columns):
        if kind is not KeyKind.NAME:
            yield kind, value


def _student(row: Row) -> Student | None:
    """The student of a row; None for Canvas's row of points, one that names nobody, and staff."""
    plain = {_plain(heading): value for heading, value in row.cells.items()}
    name = _name(plain)
    keys = dict(reversed([*_keys(row.cells)]))
    if plain.get("role", "").lower() in STAFF or re.fullmatch(r"points possible", name, re.IGNORECASE):
        return None
    if _is_canvas(plain) and not plain.get("id"):
        # Canvas writes more rows of its own below the headings: of muted assignments, and in other languages.
        return None
    own = "" if _is_canvas(plain) else plain.get("id", "")
    chosen = own or next((keys[kind] for kind in IDENTIFYING if keys.get(kind)), name)
    if not chosen:
        return None
    section = next((plain[key] for key in SECTIONS if plain.get(key)), "")
    return Student(id=chosen, name=name, section=section, email=keys.get(KeyKind.EMAIL, ""), columns=row.cells)


def _keys(cells: dict[str, str]) -> Iterator[tuple[KeyKind, str]]:
    plain = {_plain(heading): value for heading, value in cells.items()}
    for heading, value in plain.items():
        kind = COLUMNS.get(heading)
        if heading == "id" and _is_canvas(plain):
            kind = KeyKind.CANVAS
        if kind is KeyKind.PARTICIPANT:
            # "Participant 123", in the language of the site.
            numbers = re.findall(r"\d+", value)
            value = numbers[-1] if numbers else ""  # noqa: PLW2901 - the number is what it stands for
        if kind is not None and value:
            yield kind, value


def _is_canvas(plain: dict[str, str]) -> bool:
    """Whether it is a gradebook export, where ID is Canvas's own number."""
    return "id" in plain and ("sisloginid" in plain or "sisuserid" in plain or "student" in plain)


def _name(plain: dict[str, str]) -> str:
    for heading in ("name", "fullname", "studentname", "student"):
        if plain.get(heading):
            return plain[heading]
    first = next((plain[key] for key in FIRST_NAMES if plain.get(key)), "")
    last = next((plain[key] for key in LAST_NAMES if plain.get(key)), "")
    return f"{first} {last}".strip()


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]", "", heading.lower())
