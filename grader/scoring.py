"""Turn outcomes into points: a pure function, applied after grading and again at will."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from grader.catalog import Course, Exercise
from grader.checks.model import Check
from grader.model import (
    CheckOutcome,
    CheckScore,
    ExerciseOutcome,
    ExerciseScore,
    FunctionOutcome,
    FunctionScore,
    RunInfo,
    Scorecard,
    Submission,
    Verdict,
)

# What a whole is called by its worst part: the first of these that any part has.
SEVERITY = (
    Verdict.GRADER_ERROR,
    Verdict.SECURITY_VIOLATION,
    Verdict.TIME_LIMIT_EXCEEDED,
    Verdict.MEMORY_LIMIT_EXCEEDED,
    Verdict.OUTPUT_LIMIT_EXCEEDED,
    Verdict.RUNTIME_ERROR,
    Verdict.WRONG_ANSWER,
    Verdict.NOT_IMPLEMENTED,
    Verdict.SKIPPED,
    Verdict.ACCEPTED,
)


def score_submission(
    course: Course,
    submission: Submission,
    outcomes: Sequence[ExerciseOutcome],
    checks: Mapping[str, Sequence[Check]],
    run: RunInfo,
) -> Scorecard:
    """Score all exercises of one submission; `checks` are those of each exercise by name."""
    exercises = tuple(score_exercise(course.exercise(outcome.exercise), outcome, checks[outcome.exercise]) for outcome in outcomes)
    return Scorecard(
        course=course.mark,
        submission=submission,
        verdict=worst(exercise.verdict for exercise in exercises),
        points=sum(exercise.points for exercise in exercises),
        max_points=sum(exercise.max_points for exercise in exercises),
        exercises=exercises,
        run=run,
    )


def score_exercise(exercise: Exercise, outcome: ExerciseOutcome, checks: Sequence[Check]) -> ExerciseScore:
    """Score the functions of one exercise."""
    by_name = {(check.function, check.name): check for check in checks}
    functions = tuple(_score_function(function, by_name) for function in outcome.functions)
    return ExerciseScore(
        name=exercise.name,
        title=exercise.title,
        path=outcome.path,
        verdict=worst(function.verdict for function in functions),
        points=sum(function.points for function in functions),
        max_points=sum(function.max_points for function in functions),
        message=outcome.message,
        functions=functions,
        printed=outcome.printed,
    )


def _score_function(outcome: FunctionOutcome, checks: Mapping[tuple[str, str], Check]) -> FunctionScore:
    scores = tuple(_score_check(check, checks[outcome.function, check.check]) for check in outcome.checks)
    return FunctionScore(
        name=outcome.function,
        verdict=worst(score.verdict for score in scores),
        points=sum(score.points for score in scores),
        max_points=sum(score.max_points for score in scores),
        checks=scores,
        diagnoses=outcome.diagnoses,
    )


def _score_check(outcome: CheckOutcome, check: Check) -> CheckScore:
    # A fault of ours is never charged: its points are taken out of the total as well.
    counts = outcome.verdict is not Verdict.GRADER_ERROR
    return CheckScore(
        name=check.name,
        kind=check.kind,
        title=check.title,
        requirement=check.requirement,
        visibility=check.visibility,
        verdict=outcome.verdict,
        points=check.points if outcome.verdict is Verdict.ACCEPTED else 0,
        max_points=check.points if counts else 0,
        finding=outcome.finding,
        failed=outcome.failed,
        comparisons=outcome.comparisons,
        follow_through=outcome.follow_through,
    )


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of a whole from those of its parts."""
    found = set(verdicts)
    # Something that was done in part is not called undone.
    if Verdict.ACCEPTED in found and found <= {Verdict.ACCEPTED, Verdict.NOT_IMPLEMENTED, Verdict.SKIPPED} and len(found) > 1:
        return Verdict.NOT_IMPLEMENTED if Verdict.NOT_IMPLEMENTED in found else Verdict.SKIPPED
    return next((verdict for verdict in SEVERITY if verdict in found), Verdict.SKIPPED)
