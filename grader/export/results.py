"""What an exporter is given, and what all of them need of it: who stands where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from grader.classwork import Mark, Revision, Student
from grader.errors import ExitCode, LayerwiseError
from grader.marks.total import Total, class_totals, shown
from grader.safe_text import safe_text

# A scorecard as JSON has it, in either view: see schemas/scorecard.schema.json.
Document = dict[str, Any]
MOST_NAMED = 5


class ExportError(LayerwiseError):
    """A format cannot be written from these results; its sentence says what is missing."""

    exit_code = ExitCode.SUBMISSION_UNREADABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassResults:
    """The marks of a class, and how its scorecards are found.

    ``card`` gives the scorecard of a student, None where there is none; it is asked for one at a time, so that no more than one is in
    memory. ``assignment`` and ``classroom`` are what the platform calls them, empty for the default. ``out_of`` are the points that the
    platform gives for all exercises together, None for those of the course. ``hidden_checks`` says when Gradescope shows their results.
    """

    students: tuple[Student, ...]
    revision: Revision
    card: Callable[[str], Document | None]
    assignment: str = ""
    classroom: str = ""
    out_of: Fraction | None = None
    by_exercise: bool = False
    hidden_checks: str = "visible"
    submitted_at: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One student: who it is, the marks by exercise, and their total."""

    student: Student
    marks: dict[str, Mark]
    total: Total

    @property
    def on_roster(self) -> bool:
        """Whether there is a row of a roster; of others, what was handed in is all that is known."""
        return bool(self.student.columns)

    @property
    def is_final(self) -> bool:
        """Whether there is a mark to hand on: nothing is pending, and there was something to get."""
        return not self.total.pending and self.total.max_points > 0


def standings(students: Iterable[Student], revision: Revision) -> list[Standing]:
    """Give everybody with marks, in the order of the roster, those that are on none after it."""
    people = {student.id: student for student in students}
    by_student: dict[str, dict[str, Mark]] = {}
    for mark in revision.marks:
        by_student.setdefault(mark.student, {})[mark.exercise] = mark
    totals = class_totals(revision.marks, revision.policy.weights)
    order = [*(name for name in people if name in by_student), *(name for name in by_student if name not in people)]
    return [Standing(student=people.get(name, Student(id=name)), marks=by_student[name], total=totals[name]) for name in order]


def exercises_of(revision: Revision) -> list[str]:
    """The exercises that have marks, in their order."""
    return list(dict.fromkeys(mark.exercise for mark in revision.marks))


def points_possible(standing: Iterable[Standing]) -> Fraction:
    """What can be got in all: the most that anybody can, since a fault of the grader takes checks out for the student who met it."""
    return max((one.total.max_points for one in standing), default=Fraction(0))


def scaled(total: Total, out_of: Fraction) -> Fraction:
    """The points of a student where everybody's are out of `out_of`: the same share of them, exactly."""
    return total.points if total.max_points == out_of else total.points * out_of / total.max_points


def left_out(results: ClassResults) -> list[str]:
    """Say who is not in a file for a platform, whose rows must all be final marks of people it knows."""
    everybody = standings(results.students, results.revision)
    notes = []
    if unfinished := [one.student.id for one in everybody if one.on_roster and not one.is_final]:
        notes.append(f"left as the platform has them, since their marks are not final: {named(unfinished)}")
    if strangers := [one.student.id for one in everybody if not one.on_roster]:
        notes.append(f"left out, since they are not on the roster: {named(strangers)}")
    return notes


def named(names: list[str]) -> str:
    """Some names for a sentence, and how many more there are."""
    text = ", ".join(safe_text(name) for name in names[:MOST_NAMED])
    return f"{text} and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else text


def state_of(marks: Iterable[Mark]) -> list[str]:
    """What is special about a student's marks, as sentences that the student may read."""
    sentences = []
    for mark in marks:
        if mark.override is not None:
            sentences.append(f"{mark.exercise}: the mark {shown(mark.final)} was set by hand.")
        elif mark.late_factor != 1:
            days = f"{mark.late_days} day{'s' if mark.late_days != 1 else ''}"
            sentences.append(f"{mark.exercise}: {days} late, {shown(mark.final)} of the {mark.points} points count.")
        elif mark.handin is None:
            sentences.append(f"{mark.exercise}: nothing was handed in.")
    return sentences


def heading(columns: Mapping[str, str], wanted: str) -> str | None:
    """The heading of a roster's row that says `wanted`, whatever its case and spaces."""
    plain = _plain(wanted)
    return next((name for name in columns if _plain(name) == plain), None)


def cell(columns: Mapping[str, str], wanted: str) -> str:
    """What a roster's row has under the heading `wanted`; empty if it has none."""
    name = heading(columns, wanted)
    return "" if name is None else columns[name]


def _plain(name: str) -> str:
    return "".join(name.lower().split()).replace("_", "")
