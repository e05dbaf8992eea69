"""A class at one exercise, for staff: marks, checks, mistakes, works that are alike, who is stuck now and who has not begun."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from grader.analysis.gather import compare, gather
from grader.analysis.items import ClassAnalysis, Item
from grader.analysis.overview import ClassOverview, Distribution, Likeness, distribution_of
from grader.analysis.similarity import Alike
from grader.catalog import Exercise
from grader.classwork import Mark, Revision
from grader.marks.marking import scored, verdicts_of
from grader.model import Verdict
from grader.serve import tables, uploads
from grader.serve.accounts import Account, Role, all_accounts
from grader.serve.database import now
from grader.serve.gradebook import Row, revision_of, rows_of

if TYPE_CHECKING:
    from grader.model import ExerciseOutcome
    from grader.serve.service import Service

# Who has handed in within so many days is at it now.
RECENT = timedelta(days=7)
# Works that differ and bring no more points, the one that reached them included, before somebody is called stuck.
STUCK_TRIES = 3
MOST_CHECKS = 3
NOT_FAILED = frozenset({Verdict.ACCEPTED, Verdict.NOT_IMPLEMENTED, Verdict.SKIPPED, Verdict.GRADER_ERROR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A graded upload at one exercise, with the key of its record. ``is_for_it`` says that it was handed in on the exercise's page."""

    upload: int
    student: str
    at: datetime
    digest: str
    key: str
    is_for_it: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckAt:
    """A check that failed in all of somebody's last tries, with what it requires: hidden ones too."""

    function: str
    check: str
    requirement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """Somebody whose last works brought nothing more. ``tries`` counts those that differ, ``since`` is when the first of them came."""

    account: Account
    points: int
    max_points: int
    tries: int
    since: datetime
    last: datetime
    upload: int
    checks: tuple[StuckAt, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseView:
    """All that the page of one exercise shows. ``made_at`` is when it was put together."""

    exercise: Exercise
    made_at: datetime
    overview: ClassOverview
    accounts: Mapping[str, Account]
    stuck: tuple[Stuck, ...]
    not_begun: tuple[Account, ...]
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseLine:
    """One exercise among all: how the marks lie, how many have begun, how many of them have everything, who is at it and stuck."""

    exercise: Exercise
    distribution: Distribution
    begun: int
    complete: int
    students: int


def exercise_view(service: Service, exercise: Exercise) -> ExerciseView:
    """The class at one exercise; made anew only when something was handed in, graded or set since."""
    rows, said = rows_of(service), _said(service)
    view: ExerciseView = service.class_memory.get(exercise.name, (said, rows), lambda: _made(service, exercise, rows))
    return view


def exercise_lines(service: Service) -> list[ExerciseLine]:
    """Every exercise of the course, from the marks alone."""
    rows = rows_of(service)
    lines = []
    for exercise in service.course.exercises:
        marks = [row.marks[exercise.name] for row in rows if exercise.name in row.marks]
        begun = [mark for mark in marks if mark.handin is not None]
        final = [mark for mark in begun if not mark.pending and mark.max_points]
        lines.append(
            ExerciseLine(
                exercise=exercise,
                distribution=distribution_of(100 * mark.final / mark.max_points for mark in final),
                begun=len(begun),
                complete=sum(mark.points >= mark.max_points for mark in final),
                students=len(rows),
            )
        )
    return lines


def _said(service: Service) -> object:
    """What changes whenever a view might: uploads and accounts; who is at it now changes by the hour."""
    columns = tables.uploads.c
    states = select(columns.state, func.count(), func.max(columns.id), func.max(columns.finished_at)).group_by(columns.state)
    people = select(func.count(), func.max(tables.accounts.c.id)).where(tables.accounts.c.disabled.is_(False))
    with service.database.reading() as connection:
        counted = [tuple(row) for row in connection.execute(states.order_by(columns.state))]
        counted.append(tuple(connection.execute(people).one()))
    return counted, now().replace(minute=0, second=0, microsecond=0)


def _made(service: Service, exercise: Exercise, rows: tuple[Row, ...]) -> ExerciseView:
    accounts = {one.student: one for one in all_accounts(service.database) if one.role is Role.STUDENT}
    attempts, waiting = attempts_at(service, exercise)
    begun = {one.student for one in attempts} | waiting
    return ExerciseView(
        exercise=exercise,
        made_at=now(),
        overview=overview_of(service, exercise, rows, accounts),
        accounts=accounts,
        stuck=stuck_at(service, exercise, attempts, accounts),
        not_begun=tuple(one for one in accounts.values() if one.student not in begun and not one.disabled),
        waiting=len(waiting),
    )


# ------------------------------------------------------------------------------------------------------------------------ class


def overview_of(service: Service, exercise: Exercise, rows: tuple[Row, ...], accounts: Mapping[str, Account]) -> ClassOverview:
    """What `grade class` says, for one exercise; works are compared by the file of this exercise alone."""
    whole = revision_of(service, rows)
    marks = tuple(mark for mark in whole.marks if mark.exercise == exercise.name)
    revision = dataclasses.replace(whole, marks=marks, points={exercise.name: whole.points[exercise.name]})
    overview = gather(service.reader, service.course, revision, similarity=False)
    alike, likenesses = _alike(service, marks)
    return dataclasses.replace(
        overview,
        names={student: account.name for student, account in accounts.items() if account.name},
        items=tuple(item for item in _items(service, whole) if item.exercise == exercise.name),
        alike=alike,
        likenesses=likenesses,
    )


def _items(service: Service, whole: Revision) -> tuple[Item, ...]:
    """The checks of the whole course: how well one tells people apart is seen by all the others, as `grade class` sees it."""
    by_student: dict[str, list[str]] = defaultdict(list)
    for mark in whole.marks:
        if mark.record:
            by_student[mark.student].append(mark.record)
    found = dict(service.reader.iter_verdicts(dict.fromkeys(key for keys in by_student.values() for key in keys)))
    analysis = ClassAnalysis()
    for student, keys in by_student.items():
        analysis.add(student, [found[key] for key in keys if key in found])
    return analysis.items()


def _alike(service: Service, marks: Sequence[Mark]) -> tuple[Alike, tuple[Likeness, ...]]:
    store = service.reader
    keys = dict.fromkeys(mark.record for mark in marks if mark.record)
    works: dict[str, list[str]] = defaultdict(list)
    path_of: dict[str, str] = {}
    # Two who have handed in the very same files have the same record.
    digest_of = {}
    for record in store.iter_records(keys):
        if record.outcome.path is not None:
            path_of[record.digest], digest_of[record.key] = record.outcome.path, record.digest
    for mark in marks:
        if mark.record in digest_of:
            works[digest_of[mark.record]].append(mark.student)

    def text_of(digest: str) -> dict[str, str]:
        file = store.submission(digest).file(path_of[digest])
        return {} if file is None else {file.path: file.text}

    return compare(works, text_of, [exercise.stub for exercise in service.course.exercises])


# ------------------------------------------------------------------------------------------------------------------------ stuck


def attempts_at(service: Service, exercise: Exercise) -> tuple[list[Attempt], set[str]]:
    """Every graded upload that counts for an exercise, the oldest first, and whose uploads for it wait."""
    columns = tables.uploads.c
    wanted = (columns.id, columns.student, columns.received_at, columns.digest, columns.exercises, columns.exercise, columns.state)
    query = select(*wanted).where(columns.state.in_((uploads.State.GRADED.value, *uploads.WAITING))).order_by(columns.id)
    with service.database.reading() as connection:
        rows = connection.execute(query).all()
    found, waiting = [], set()
    for row in rows:
        if row.state != uploads.State.GRADED.value:
            if row.exercise in ("", exercise.name):
                waiting.add(row.student)
            continue
        key = json.loads(row.exercises).get(exercise.name)
        if key:
            is_for_it = row.exercise == exercise.name
            found.append(Attempt(upload=row.id, student=row.student, at=row.received_at, digest=row.digest, key=key, is_for_it=is_for_it))
    return found, waiting


def stuck_at(
    service: Service, exercise: Exercise, attempts: Iterable[Attempt], accounts: Mapping[str, Account], *, recent: timedelta = RECENT
) -> tuple[Stuck, ...]:
    """Who has handed in several different works of late that brought nothing more, who has tried longest first."""
    since = now() - recent
    by_student: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        by_student[attempt.student].append(attempt)
    at_it = {
        student: own
        for student, own in by_student.items()
        if student in accounts and not accounts[student].disabled and len(own) >= STUCK_TRIES and own[-1].at >= since
    }
    verdicts = dict(service.reader.iter_verdicts({one.key for own in at_it.values() for one in own}))
    found = [_stuck(service, exercise, own, verdicts, accounts[student]) for student, own in at_it.items()]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: (-one.tries, one.since, one.account.student)))


def _stuck(
    service: Service, exercise: Exercise, own: Sequence[Attempt], verdicts: Mapping[str, ExerciseOutcome], account: Account
) -> Stuck | None:
    counted = [(one, told) for one in own if one.key in verdicts and (told := _scored(service, verdicts[one.key])) is not None]
    if not counted:
        return None
    best = max(earned for _one, (earned, _most) in counted)
    begun = next(number for number, (_one, (earned, _most)) in enumerate(counted) if earned == best)
    last, (_earned, most) = counted[-1]
    tail = [one for one, _told in counted[begun:]]
    if best >= most or len(tail) < STUCK_TRIES:
        return None
    failing = _failing([verdicts[one.key] for one in tail])
    tries = _different(service, tail)
    if not failing or tries < STUCK_TRIES:
        return None
    edition = service.cards.editions.of(verdicts[last.key])
    requirements = {(check.function, check.name): check.requirement for check in edition.checks} if edition else {}
    checks = [StuckAt(function=function, check=check, requirement=requirements.get((function, check), "")) for function, check in failing]
    return Stuck(
        account=account,
        points=best,
        max_points=most,
        tries=tries,
        since=tail[0].at,
        last=last.at,
        upload=last.upload,
        checks=tuple(checks[:MOST_CHECKS]),
        more=max(0, len(checks) - MOST_CHECKS),
    )


def _scored(service: Service, outcome: ExerciseOutcome) -> tuple[int, int] | None:
    points = service.cards.editions.points_for(outcome)
    return scored(outcome, points) if points is not None else None


def _failing(outcomes: Sequence[ExerciseOutcome]) -> list[tuple[str, str]]:
    """The checks that the last outcome fails, and that none of the others passes, in the order of the course."""
    passed = {place for outcome in outcomes for place, verdict in verdicts_of(outcome).items() if verdict is Verdict.ACCEPTED}
    return [place for place, verdict in verdicts_of(outcomes[-1]).items() if verdict not in NOT_FAILED and place not in passed]


def _different(service: Service, tail: Sequence[Attempt]) -> int:
    """How many different works there are among some attempts. Of a zip only the file counts, which may be as it was before."""
    if all(one.is_for_it for one in tail):
        return len({one.digest for one in tail})
    texts = set()
    for record in service.reader.iter_records({one.key for one in tail}):
        file = service.reader.submission(record.digest).file(record.outcome.path or "")
        texts.add(file.text if file is not None else "")
    return len(texts)
