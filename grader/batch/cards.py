"""The scorecard of a student as the marks stand, from the store alone: each exercise by the attempt that counts."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.catalog import Course, load_checks
from grader.checks.model import Check
from grader.classwork import Mark
from grader.marks.marking import in_order, is_of
from grader.model import CheckOutcome, ExerciseOutcome, Finding, FunctionOutcome, Rung, RunInfo, Scorecard, Verdict
from grader.scoring import score_submission

if TYPE_CHECKING:
    from grader.store import Store

PENDING = "This could not be graded. The fault is the grader's, not the student's; it counts neither for nor against until it is graded."


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where one exercise of a scorecard comes from: a hand-in, and the key of its record, empty if there is none."""

    exercise: str
    handin: int
    record: str


def sources_of(marks: Iterable[Mark]) -> list[Source]:
    """Where the exercises of a student come from, by the marks."""
    return [Source(exercise=one.exercise, handin=one.handin, record=one.record) for one in marks if one.handin is not None]


# The checks that an outcome is of; None if nobody knows them any more.
ChecksFor = Callable[[ExerciseOutcome], Sequence[Check] | None]


class StudentCards:
    """Makes scorecards of a store, by today's checks of the course, or by those that `checks_for` finds for each outcome.

    The checks of an exercise are loaded when they are first needed.
    """

    def __init__(self, store: Store, course: Course, checks_for: ChecksFor | None = None) -> None:
        self.store = store
        self.course = course
        self._checks_for = checks_for or self._todays
        self._checks: dict[str, Sequence[Check]] = {}

    def card(self, student: str, sources: Sequence[Source]) -> Scorecard | None:
        """The scorecard of a student's work; None if there is none that can be read.

        Where different attempts count for different exercises, it is that of the newest, with the others' outcomes beside its own.
        """
        if not sources:
            return None
        newest = max(map(self.store.handin, {source.handin for source in sources}), key=in_order)
        if newest.digest is None:
            return None
        submission = dataclasses.replace(self.store.submission(newest.digest), name=student, problems=newest.problems)
        records = {record.outcome.exercise: record for record in self.store.iter_records([one.record for one in sources if one.record])}
        outcomes, runs, checks = [], [], {}
        for source in sources:
            record = records.get(source.exercise)
            own = self._checks_for(record.outcome) if record is not None else None
            checks[source.exercise] = self.checks_of(source.exercise) if own is None else own
            if record is None or own is None:
                outcomes.append(self._pending(source.exercise))
                continue
            outcomes.append(record.outcome)
            runs.append(record.run)
        if not runs:
            return None
        return score_submission(self.course, submission, outcomes, checks, _together(runs))

    def _todays(self, outcome: ExerciseOutcome) -> Sequence[Check] | None:
        """Today's checks, if they are those of an outcome: one that somebody has overridden may be of older ones."""
        checks = self.checks_of(outcome.exercise)
        return checks if is_of(outcome, checks) else None

    def checks_of(self, exercise: str) -> Sequence[Check]:
        """The checks of an exercise of the course."""
        if exercise not in self._checks:
            self._checks[exercise] = load_checks(self.course, self.course.exercise(exercise))
        return self._checks[exercise]

    def _pending(self, exercise: str) -> ExerciseOutcome:
        finding = Finding(rung=Rung.RETURNED, verdict=Verdict.GRADER_ERROR, message=PENDING)
        by_function: dict[str, list[CheckOutcome]] = defaultdict(list)
        for check in self.checks_of(exercise):
            by_function[check.function].append(CheckOutcome(check=check.name, verdict=Verdict.GRADER_ERROR, finding=finding))
        functions = tuple(FunctionOutcome(function=name, checks=tuple(checks)) for name, checks in by_function.items())
        return ExerciseOutcome(exercise=exercise, path=None, functions=functions, message=PENDING)


def _together(runs: Sequence[RunInfo]) -> RunInfo:
    """One account of several runs: the newest, and how long all of them took. A run over several exercises counts once."""
    different = {(run.started_at, run.duration_s): run for run in runs}
    newest = max(runs, key=lambda run: run.started_at)
    return dataclasses.replace(newest, duration_s=round(sum(run.duration_s for run in different.values()), 4))
