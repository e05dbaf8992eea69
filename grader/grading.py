"""Grade a submission: plan the course once, send the calls, judge what comes back, and say why.

Nothing of a student's is executed or parsed here. The order is: outcomes first, points afterwards (see ``grader.scoring``).
"""

from __future__ import annotations

import dataclasses
import sys
import time
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from grader import __version__
from grader.catalog import PUBLIC_SEED, Course, Exercise, load_checks, load_reference
from grader.checks.model import Check, Expectation, PlannedCall, PlannedCheck
from grader.checks.plan import plan_checks, plan_fallback
from grader.diagnosis import Diagnostician
from grader.execution import Execution, execute
from grader.judging import Seen, judge_check, judge_fallback
from grader.locate import locate, names_of
from grader.model import (
    CheckOutcome,
    Diagnosis,
    ExerciseOutcome,
    ExerciseScore,
    Finding,
    FunctionOutcome,
    Kind,
    Limits,
    Rung,
    RunInfo,
    Scorecard,
    Submission,
    Verdict,
    Visibility,
)
from grader.sandbox import Sandbox
from grader.scoring import score_exercise, score_submission
from grader.undone import name_what_is_missing

# Earned only by a function that gets something right: else a constant or the input returned would be paid for its tidy shape.
NEEDS_VALUES = frozenset({Kind.SHAPE, Kind.DTYPE, Kind.PURITY, Kind.STABILITY})
EARNS_BY_VALUES = frozenset({Kind.VALUE, Kind.GRADIENT, Kind.STATISTICS})
AFTER_VALUES = "Checks of shape, dtype and the like give points only when some of the values are right."


@dataclass(slots=True)
class ExercisePlan:
    """One exercise, planned: everything that does not depend on the student."""

    exercise: Exercise
    checks: tuple[PlannedCheck, ...]
    # Both are the course's own side, which a student kit does not have.
    module: types.ModuleType | None = None
    diagnostician: Diagnostician | None = None

    @property
    def functions(self) -> list[str]:
        """The functions that are graded, in order."""
        return list(dict.fromkeys(planned.check.function for planned in self.checks))


@dataclass(slots=True)
class Grader:
    """A course with its plans, which are made when they are first needed and kept for all submissions to come.

    ``explains`` says whether the mistakes behind wrong answers are named; verdicts and points are the same without, and sooner there.
    """

    course: Course
    only: frozenset[str] = frozenset()
    explains: bool = True
    _plans: dict[str, ExercisePlan] = field(default_factory=dict)

    def plan(self, exercise: Exercise) -> ExercisePlan:
        """Plan an exercise, or give the plan that is there."""
        if exercise.name not in self._plans:
            self._plans[exercise.name] = plan_exercise(self.course, exercise, self.only)
        return self._plans[exercise.name]

    def checks(self, exercise: str) -> list[Check]:
        """The checks of the exercise called `exercise`, those of ``only`` if anything is."""
        return [planned.check for planned in self.plan(self.course.exercise(exercise)).checks]

    def grade_exercise(self, exercise: Exercise, submission: Submission, sandbox: Sandbox, limits: Limits) -> ExerciseOutcome:
        """Grade one exercise of one submission."""
        plan = self.plan(exercise)
        others = [path for other in self.course.exercises if other is not exercise for path in other.paths]
        path, reason = locate(exercise, submission, others)
        if path is None:
            return _all_failed(plan, None, Finding(rung=Rung.RETURNED, verdict=Verdict.NOT_IMPLEMENTED, message=reason), reason)
        execution = execute(plan.checks, submission, path, sandbox, limits, names_of(exercise))
        if execution.load_finding is not None:
            return _all_failed(plan, path, execution.load_finding, execution.load_finding.message, execution.printed)
        name_what_is_missing(execution.answers, submission, names_of(exercise))
        follow = _Follow(plan, submission, path, sandbox, limits)
        outcomes = _judge_exercise(plan, execution, follow, explains=self.explains)
        return ExerciseOutcome(exercise=exercise.name, path=path, functions=outcomes, message=execution.note, printed=execution.printed)


def plan_exercise(course: Course, exercise: Exercise, only: Iterable[str] = ()) -> ExercisePlan:
    """Plan all checks of an exercise, or those of the functions in `only`."""
    names = frozenset(only)
    if course.is_kit:
        from grader.kit.thaw import load_public_checks

        found = load_public_checks(course, exercise)
        return ExercisePlan(exercise=exercise, checks=tuple(one for one in found if not names or one.check.function in names))
    module = load_reference(course, exercise)
    checks = [check for check in load_checks(course, exercise) if not names or check.function in names]
    by_seed = {Visibility.PUBLIC: PUBLIC_SEED, Visibility.HIDDEN: course.seed}
    planned = plan_checks(checks, module, labels=exercise.labels, aliases=exercise.aliases, seed_of=lambda check: by_seed[check.visibility])
    return ExercisePlan(exercise=exercise, module=module, checks=planned, diagnostician=Diagnostician(course, exercise, planned))


def _all_failed(plan: ExercisePlan, path: str | None, finding: Finding, message: str, printed: str = "") -> ExerciseOutcome:
    functions = tuple(
        FunctionOutcome(
            function=function,
            checks=tuple(
                CheckOutcome(check=planned.check.name, verdict=finding.verdict, finding=finding, comparisons=len(planned.expectations))
                for planned in plan.checks
                if planned.check.function == function
            ),
        )
        for function in plan.functions
    )
    return ExerciseOutcome(exercise=plan.exercise.name, path=path, functions=functions, message=message, printed=printed)


# ------------------------------------------------------------------------------------------------------------------- judging


def _judge_exercise(plan: ExercisePlan, execution: Execution, follow: _Follow, *, explains: bool) -> tuple[FunctionOutcome, ...]:
    seen = [(planned, judge_check(planned, execution.answers)) for planned in plan.checks]
    functions = []
    for function in plan.functions:
        mine = [(planned, found) for planned, found in seen if planned.check.function == function]
        outcomes = [_outcome(planned, found, follow) for planned, found in mine]
        settled = _settle([planned.check for planned, _found in mine], outcomes)
        diagnoses: tuple[Diagnosis, ...] = ()
        if explains and plan.diagnostician is not None and any(outcome.verdict is Verdict.WRONG_ANSWER for outcome in settled):
            diagnoses = plan.diagnostician.explain(mine, execution.answers)
        functions.append(FunctionOutcome(function=function, checks=tuple(settled), diagnoses=diagnoses))
    return tuple(functions)


def _outcome(planned: PlannedCheck, seen: Sequence[Seen], follow: Callable[[PlannedCheck, Sequence[Seen]], str]) -> CheckOutcome:
    failed = [one.finding for one in seen if one.finding is not None]
    if not failed:
        return CheckOutcome(check=planned.check.name, verdict=Verdict.ACCEPTED, comparisons=len(seen))
    credit = follow(planned, seen)
    finding = failed[0]
    return CheckOutcome(
        check=planned.check.name,
        verdict=Verdict.ACCEPTED if credit else finding.verdict,
        finding=finding,
        failed=len(failed),
        comparisons=len(seen),
        follow_through=credit,
    )


def _settle(checks: Sequence[Check], outcomes: Sequence[CheckOutcome]) -> list[CheckOutcome]:
    """See the checks of a function together: skip what a wrong function gets right by accident, and call undone only what is."""
    judged = [outcome for check, outcome in zip(checks, outcomes, strict=True) if check.kind in EARNS_BY_VALUES and not check.by_outcome]
    if not judged:
        return list(outcomes)
    if any(outcome.verdict is Verdict.ACCEPTED for outcome in judged):
        return [_wrong_here(check.function, outcome) for check, outcome in zip(checks, outcomes, strict=True)]
    outcomes = _blocked_together(checks, outcomes)
    reason = Finding(rung=Rung.RETURNED, verdict=Verdict.SKIPPED, message=AFTER_VALUES)
    return [
        CheckOutcome(check=outcome.check, verdict=Verdict.SKIPPED, finding=reason, comparisons=outcome.comparisons)
        if (check.kind in NEEDS_VALUES or check.by_outcome) and outcome.verdict is Verdict.ACCEPTED
        else outcome
        for check, outcome in zip(checks, outcomes, strict=True)
    ]


def _blocked_together(checks: Sequence[Check], outcomes: Sequence[CheckOutcome]) -> Sequence[CheckOutcome]:
    """Where a function waits for another, what both achieve together ends with the other one and says nothing of this one."""
    waiting = (one.finding for one in outcomes if one.verdict is Verdict.SKIPPED and one.finding is not None and one.finding.needs)
    reason = next(waiting, None)
    if reason is None:
        return outcomes
    return [
        dataclasses.replace(outcome, verdict=Verdict.SKIPPED, finding=reason)
        if check.by_outcome and outcome.verdict in (Verdict.NOT_IMPLEMENTED, Verdict.RUNTIME_ERROR)
        else outcome
        for check, outcome in zip(checks, outcomes, strict=True)
    ]


def _wrong_here(function: str, outcome: CheckOutcome) -> CheckOutcome:
    """A function that returns nothing in one mode alone is not undone there but wrong; only NotImplementedError says otherwise."""
    if outcome.verdict is not Verdict.NOT_IMPLEMENTED or outcome.finding is None or outcome.finding.rung is not Rung.COUNT:
        return outcome
    message = f"{function} returns nothing in some tests and a result in others: look for a branch without a return."
    finding = dataclasses.replace(outcome.finding, verdict=Verdict.WRONG_ANSWER, message=message)
    return dataclasses.replace(outcome, verdict=Verdict.WRONG_ANSWER, finding=finding)


@dataclass(slots=True)
class _Follow:
    """Asks the student's own forward pass about a backward pass that the reference has refused."""

    plan: ExercisePlan
    submission: Submission
    path: str
    sandbox: Sandbox
    limits: Limits

    def __call__(self, planned: PlannedCheck, seen: Sequence[Seen]) -> str:
        """The sentence for which the check is accepted after all, or nothing."""
        if any(one.finding is not None and one.finding.verdict is not Verdict.WRONG_ANSWER for one in seen):
            # There is nothing that could be right for the student's own forward pass, and no worker need be started to see that.
            return ""
        failed = [expectation for expectation, one in zip(planned.expectations, seen, strict=True) if one.finding is not None]
        if any(expectation.fallback is None for expectation in failed):
            return ""
        sentence = ""
        for expectation in failed:
            sentence = self._credit(planned, expectation)
            if not sentence:
                return ""
        return sentence

    def _credit(self, planned: PlannedCheck, expectation: Expectation) -> str:
        assert self.plan.module is not None  # noqa: S101 - nothing that comes from a kit has a fallback
        calls, wants = plan_fallback(expectation, self.plan.module, aliases=self.plan.exercise.aliases)
        again = PlannedCheck(check=planned.check, calls=(*self._calls_behind(expectation), *calls), expectations=(expectation,))
        execution = execute((again,), self.submission, self.path, self.sandbox, self.limits, names_of(self.plan.exercise))
        assert expectation.fallback is not None  # noqa: S101 - the caller has looked
        if execution.load_finding is not None:
            return ""
        return judge_fallback(expectation.fallback, execution.answers, wants)

    def _calls_behind(self, expectation: Expectation) -> Iterator[PlannedCall]:
        """What has to be called again for the results that are looked at; checks that share cases share the calls of the first."""
        numbers = {result.call for result in expectation.wants}
        for planned in self.plan.checks:
            if numbers & {call.number for call in planned.calls}:
                yield from planned.calls


# ---------------------------------------------------------------------------------------------------------- the door to all of it


def grade_submission(
    submission: Submission,
    sandbox: Sandbox,
    *,
    grader: Grader,
    exercises: Sequence[str] = (),
    limits: Limits | None = None,
    tell: Callable[[ExerciseScore], None] | None = None,
) -> Scorecard:
    """Grade a submission and give its scorecard.

    Parameters
    ----------
    submission
        What ``load_submission`` read.
    sandbox
        Where the student's code runs.
    grader
        A course with its plans; keep it for the next submission.
    exercises
        The names of the exercises to grade; all of the course if empty.
    limits
        What each exercise may use; the default limits if None.
    tell
        Is given the score of each exercise as soon as it stands.

    Raises
    ------
    CourseError
        If the course is broken.
    SandboxError
        If the sandbox cannot start.
    """

    def heard(outcome: ExerciseOutcome) -> None:
        if tell is not None:
            tell(score_exercise(grader.course.exercise(outcome.exercise), outcome, grader.checks(outcome.exercise)))

    outcomes, run = find_outcomes(submission, sandbox, grader=grader, exercises=exercises, limits=limits, heard=heard)
    checks = {outcome.exercise: grader.checks(outcome.exercise) for outcome in outcomes}
    return score_submission(grader.course, submission, outcomes, checks, run)


def find_outcomes(
    submission: Submission,
    sandbox: Sandbox,
    *,
    grader: Grader,
    exercises: Sequence[str] = (),
    limits: Limits | None = None,
    heard: Callable[[ExerciseOutcome], None] | None = None,
) -> tuple[tuple[ExerciseOutcome, ...], RunInfo]:
    """Do what :func:`grade_submission` does as far as no points are needed: give the raw outcomes, and how they came about.

    ``heard`` is given each outcome as soon as it stands.
    """
    limits = limits or Limits()
    started, clock = datetime.now(UTC), time.perf_counter()
    outcomes = []
    for exercise in [grader.course.exercise(name) for name in exercises] or list(grader.course.exercises):
        if grader.checks(exercise.name):
            outcomes.append(grader.grade_exercise(exercise, submission, sandbox, limits))
            if heard is not None:
                heard(outcomes[-1])
    python, numpy = sandbox.versions
    run = RunInfo(
        started_at=started.isoformat(timespec="seconds"),
        duration_s=round(time.perf_counter() - clock, 4),
        layerwise=__version__,
        python=python,
        numpy=numpy,
        platform=sys.platform,
        layers=sandbox.layers,
        limits=limits,
    )
    return tuple(outcomes), run
