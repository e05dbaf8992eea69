"""The values of a class: who hands in what and when, what was found, what counts, and what it is worth.

Like :mod:`grader.model`, these are plain and frozen; what is done with them stands elsewhere. Times are aware and in UTC. Marks are exact:
points are integers, and what is not (a late penalty, a weight) is a :class:`~fractions.Fraction` until it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

from grader.model import ExerciseOutcome, Problem, RunInfo, Submission

# ------------------------------------------------------------------------------------------------------------------- handed in


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """Somebody in the class. ``columns`` is the row of the roster as it was read, for exports that want it back."""

    id: str
    name: str = ""
    section: str = ""
    email: str = ""
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One folder, file or archive of a handed-in work, and the name that its student gave it (a platform may have changed it)."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handin:
    """One work of one student, where it lies.

    ``source`` is what people call it: the path below the folder that was given, with ``/``. Several ``parts`` are loose files that were
    handed in together. ``submitted_at`` is None where nothing says when. ``attempt`` counts from 1, the earliest first.
    ``exercises`` are those that it counts for, all if none is named: a folder stands for all of a student's work, an upload for what it
    was sent in for.
    """

    student: str
    source: str
    parts: tuple[Part, ...]
    submitted_at: datetime | None = None
    attempt: int = 1
    exercises: tuple[str, ...] = ()

    def counts_for(self, exercise: str) -> bool:
        """Whether it takes part in the mark of an exercise."""
        return not self.exercises or exercise in self.exercises


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """All that was found in a folder of submissions. ``layout`` was recognised for this ``reason``, or asked for."""

    layout: str
    handins: tuple[Handin, ...]
    students: tuple[Student, ...]
    problems: tuple[Problem, ...] = ()
    reason: str = ""

    @property
    def missing(self) -> tuple[Student, ...]:
        """Who is on the roster and has handed nothing in."""
        there = {handin.student for handin in self.handins}
        return tuple(student for student in self.students if student.id not in there)


# --------------------------------------------------------------------------------------------------------------------- grading


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a worker is asked: to grade these exercises of this submission. ``number`` tells tasks of one batch apart."""

    number: int
    submission: Submission
    exercises: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a worker gave back. ``lost`` is a sentence, if the machinery broke down: then there is nothing else, and no mark changes."""

    number: int
    outcomes: tuple[ExerciseOutcome, ...] = ()
    run: RunInfo | None = None
    lost: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The raw outcome of one exercise of one submission, as it is kept for ever.

    ``key`` is a hash of all that it depends on: submission, exercise and its checks, seed, limits, sandbox, engine. Points are not among
    them.
    """

    key: str
    digest: str
    outcome: ExerciseOutcome
    run: RunInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """As much of a record as points need: the verdicts of its checks, and nothing else in the outcome.

    ``points`` are those of its checks by function and check, where they are not those of everybody: it may be of older checks.
    """

    key: str
    outcome: ExerciseOutcome
    points: Mapping[str, Mapping[str, int]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredHandin:
    """A hand-in as the store knows it. Its ``id`` is for ever.

    ``digest`` is that of the submission that was read from it, None where nothing could be read: then ``error`` says why. ``problems`` are
    those of its files. ``current`` says whether the newest intake has found it; what was withdrawn stays, and does not count. What counts
    for named exercises was sent and not found, so that it is always current.
    """

    id: int
    handin: Handin
    digest: str | None
    error: str = ""
    problems: tuple[Problem, ...] = ()
    current: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to the class's results and that nobody should have to guess: what, to whom or what, and in which words."""

    id: int
    at: datetime
    kind: str
    subject: str
    detail: str = ""


# ----------------------------------------------------------------------------------------------------------------- what counts


class Attempts(StrEnum):
    """Which of several attempts counts."""

    LAST = "last"
    BEST = "best"


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePolicy:
    """What lateness costs: ``percent_per_day`` of the points for every day begun after ``grace_days`` free ones.

    After ``cutoff_days`` nothing is left.

    ``extensions`` are days for single students, ``exercise_extensions`` those for one exercise alone, and ``due_dates`` new dates, both by
    student and exercise; of several the one that ends last holds. A deadline of None means that nothing is late; ``deadlines`` are those of
    single exercises, where they differ. ``zone`` is the time zone (as in ``Europe/Berlin``) by whose clock a day ends,
    since one has 23 or 25 hours twice a year.
    """

    deadline: datetime | None = None
    deadlines: dict[str, datetime] = field(default_factory=dict)
    percent_per_day: Fraction = Fraction(0)
    grace_days: int = 0
    cutoff_days: int | None = None
    extensions: dict[str, int] = field(default_factory=dict)
    exercise_extensions: dict[str, dict[str, int]] = field(default_factory=dict)
    due_dates: dict[str, dict[str, datetime]] = field(default_factory=dict)
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything that turns raw outcomes into marks, besides the points of the checks. ``weights`` are 1 where they are not given."""

    attempts: Attempts = Attempts.LAST
    late: LatePolicy = field(default_factory=LatePolicy)
    weights: dict[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A mark set by hand. It survives every regrading until it is withdrawn, and nothing of it is ever deleted.

    ``points`` replaces the mark of the exercise, lateness and all; its weight still counts.
    """

    id: int
    student: str
    exercise: str
    points: Fraction
    reason: str
    author: str
    made_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one student gets for one exercise, and what it is made of.

    ``points`` are those of the checks, of ``max_points``; ``final`` is what counts after lateness (``late_days`` begun, ``late_factor``
    kept) or by override, before its weight. ``handin`` is the attempt that counts, None if there is none;
    ``record`` is the key of its outcome.
    ``pending`` says that the machinery failed where the mark should come from: the mark is then not final, and never 0 for that reason.
    """

    student: str
    exercise: str
    points: int
    max_points: int
    final: Fraction
    handin: int | None = None
    record: str = ""
    late_days: int = 0
    late_factor: Fraction = Fraction(1)
    override: int | None = None
    pending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A state of all marks, with what they came from. The newest one is what counts; the others are kept."""

    id: int
    made_at: datetime
    command: str
    course: str
    course_version: str
    course_digest: str
    seed_fingerprint: str
    policy: Policy
    # The points of each check, by exercise, function and check.
    points: dict[str, dict[str, dict[str, int]]]
    marks: tuple[Mark, ...] = ()
