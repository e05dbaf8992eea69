"""Gather what a class report says from a store: the outcomes and works of one student after another, never all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING

from grader.analysis.items import ClassAnalysis, Key, is_begun
from grader.analysis.overview import ClassOverview, Excerpt, Likeness, Low, Origin, distribution_of
from grader.analysis.passages import Passage, agreements
from grader.analysis.similarity import Alike, Group, Pair, Similarity
from grader.catalog import Course, load_checks, load_mistakes
from grader.classwork import Mark, Revision, Student
from grader.marks.total import Total, class_totals
from grader.model import ExerciseOutcome, FunctionOutcome, RunInfo, Verdict

if TYPE_CHECKING:
    from grader.store import Store

# Students whose outcomes are in memory at once.
AT_ONCE = 50
MOST_LOWEST = 30
MOST_GROUPS = 15
MOST_PAIRS = 25
MOST_LINES = 40
HALF = 50


@dataclass(slots=True)
class _People:
    """Who is where. ``works`` maps the digest of a work to those who have handed it in."""

    missing: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    pending: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    graded: dict[str, Total] = field(default_factory=dict)
    works: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


@dataclass(slots=True)
class _Runs:
    """What the runs say of where and when."""

    sandboxes: dict[str, None] = field(default_factory=dict)
    software: dict[str, None] = field(default_factory=dict)
    times: list[str] = field(default_factory=list)

    def add(self, run: RunInfo) -> None:
        """Take one run."""
        self.sandboxes[run.layers.sandbox] = None
        self.software[f"Layerwise {run.layerwise}, Python {run.python}, NumPy {run.numpy}, {run.platform}"] = None
        self.times = [min([*self.times, run.started_at]), max([*self.times, run.started_at])]


def gather(store: Store, course: Course, revision: Revision, *, similarity: bool = True) -> ClassOverview:
    """Gather everything about the class of a revision.

    Memory holds the marks of all, the outcomes of a few students, and, with `similarity`, some kilobytes for each work.
    """
    roster = store.students()
    totals = class_totals(revision.marks, revision.policy.weights)
    people = _people(store, revision, roster, totals)
    low = sorted((total.percent, student) for student, total in people.graded.items() if total.percent < HALF)
    lowest = [student for _percent, student in low[:MOST_LOWEST]]
    analysis = ClassAnalysis(_explanations(course, revision))
    runs, not_right = _Runs(), dict[str, list[FunctionOutcome]]()
    for student, outcomes in _outcomes(store, revision, runs):
        analysis.add(student, outcomes)
        if student in lowest:
            not_right[student] = [one for outcome in outcomes for one in outcome.functions if not _is_right(one)]
    stubs = [exercise.stub for exercise in course.exercises]
    alike, likenesses = compare(people.works, lambda digest: _texts(store, digest), stubs) if similarity else (None, ())
    return ClassOverview(
        origin=_origin(course, revision, runs),
        students=len(totals | dict.fromkeys(student.id for student in roster)),
        names={student.id: student.name for student in roster if student.name},
        missing=tuple(people.missing),
        unreadable=tuple(people.unreadable),
        pending=tuple(people.pending),
        totals=distribution_of(total.percent for total in people.graded.values()),
        exercises={name: distribution_of(_percents(revision, name, people.graded)) for name in revision.points},
        standings=analysis.standings(),
        mistakes=analysis.mistakes(),
        items=analysis.items(),
        lowest=tuple(_low(student, people.graded[student], not_right.get(student, ())) for student in lowest),
        below_half=len(low),
        alike=alike,
        likenesses=likenesses,
        requirements=_requirements(course, revision),
    )


def _people(store: Store, revision: Revision, roster: Sequence[Student], totals: dict[str, Total]) -> _People:
    """Put everybody where they belong: nothing handed in, nothing readable, not final yet, or graded."""
    handins = {stored.id: stored for stored in store.handins()}
    newest: dict[str, int] = {}
    for mark in revision.marks:
        if mark.handin is not None:
            newest[mark.student] = max(mark.handin, newest.get(mark.student, 0))
    people = _People()
    for student in totals | dict.fromkeys(student.id for student in roster):
        stored = handins.get(newest.get(student, 0))
        if stored is None:
            people.missing.append(student)
            continue
        if stored.digest is None:
            people.unreadable.append((student, stored.error))
            continue
        people.works[stored.digest].append(student)
        if totals[student].pending:
            people.pending.append((student, totals[student].pending))
        else:
            people.graded[student] = totals[student]
    return people


def _percents(revision: Revision, exercise: str, graded: Mapping[str, Total]) -> Iterator[Fraction]:
    return (
        100 * mark.final / mark.max_points
        for mark in revision.marks
        if mark.exercise == exercise and mark.student in graded and mark.max_points
    )


def _outcomes(store: Store, revision: Revision, runs: _Runs) -> Iterator[tuple[str, list[ExerciseOutcome]]]:
    """The outcomes that count for each student who has any, in the order of the marks."""
    by_student: dict[str, list[Mark]] = defaultdict(list)
    for mark in revision.marks:
        if mark.record:
            by_student[mark.student].append(mark)
    students = iter(by_student.items())
    while some := list(islice(students, AT_ONCE)):
        keys = dict.fromkeys(mark.record for _student, marks in some for mark in marks)
        records = {record.key: record for record in store.iter_records(keys)}
        for record in records.values():
            runs.add(record.run)
        for student, marks in some:
            yield student, [records[mark.record].outcome for mark in marks if mark.record in records]


def _is_right(function: FunctionOutcome) -> bool:
    return all(check.verdict is Verdict.ACCEPTED for check in function.checks)


def _low(student: str, total: Total, not_right: Sequence[FunctionOutcome]) -> Low:
    begun = tuple(one.function for one in not_right if is_begun(one))
    return Low(student=student, percent=total.percent, stuck_on=begun, not_begun=len(not_right) - len(begun))


def _origin(course: Course, revision: Revision, runs: _Runs) -> Origin:
    return Origin(
        course=revision.course,
        title=course.title,
        version=revision.course_version,
        digest=revision.course_digest,
        revision=revision.id,
        command=revision.command,
        made_at=revision.made_at,
        seed_fingerprint=revision.seed_fingerprint,
        sandboxes=tuple(runs.sandboxes),
        software=tuple(runs.software),
        first_run=runs.times[0] if runs.times else "",
        last_run=runs.times[-1] if runs.times else "",
    )


def _explanations(course: Course, revision: Revision) -> dict[Key, str]:
    exercises = [exercise for exercise in course.exercises if exercise.name in revision.points]
    return {
        (exercise.name, mistake.function, mistake.name): mistake.explanation
        for exercise in exercises
        for mistake in load_mistakes(course, exercise)
    }


def _requirements(course: Course, revision: Revision) -> dict[Key, str]:
    exercises = [exercise for exercise in course.exercises if exercise.name in revision.points]
    return {
        (exercise.name, check.function, check.name): check.requirement for exercise in exercises for check in load_checks(course, exercise)
    }


# ------------------------------------------------------------------------------------------------------------------------- alike


def compare(
    works: Mapping[str, Sequence[str]], texts: Callable[[str], Mapping[str, str]], stubs: Iterable[str]
) -> tuple[Alike, tuple[Likeness, ...]]:
    """Compare all works, and read those again that are shown.

    `works` maps the digest of each to those who have handed it in, `texts` gives the files of a digest by their paths.
    """
    similarity = Similarity(stubs)
    digest_of = {}
    for digest, students in works.items():
        similarity.add(students, texts(digest))
        digest_of.update(dict.fromkeys(students, digest))
    alike = similarity.find()
    shown: list[tuple[Group | Pair, str, str]] = [(group, group.names[0], _other(group, digest_of)) for group in alike.groups[:MOST_GROUPS]]
    shown += [(pair, pair.first, pair.second) for pair in alike.pairs[:MOST_PAIRS]]
    likenesses = []
    for found, first, second in shown:
        one, other = texts(digest_of[first]), texts(digest_of[second])
        excerpts = tuple(
            Excerpt(place=place, first=_lines(one, place.first), second=_lines(other, place.second))
            for place in agreements(one, other, similarity.given)
        )
        likenesses.append(Likeness(found=found, first=first, second=second, excerpts=excerpts))
    return alike, tuple(likenesses)


def _other(group: Group, digest_of: Mapping[str, str]) -> str:
    """Whose work stands beside that of the first: the first one whose files are not the very same, since that tells more."""
    return next((name for name in group.names if digest_of[name] != digest_of[group.names[0]]), group.names[1])


def _texts(store: Store, digest: str) -> dict[str, str]:
    return {file.path: file.text for file in store.submission(digest).files}


def _lines(files: Mapping[str, str], passage: Passage) -> tuple[str, ...]:
    # Lines as the fingerprints count them, which is not as splitlines does.
    lines = files[passage.path].split("\n")[passage.first - 1 : passage.last]
    return tuple(line.rstrip("\r") for line in lines[:MOST_LINES])
