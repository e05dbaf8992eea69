"""The first thing to mend: in the order of the course, what broke before what is only open, causes before what waits for them."""

from __future__ import annotations

from dataclasses import dataclass

from grader.model import CheckScore, ExerciseScore, FunctionScore, Scorecard, Verdict, Visibility
from grader.safe_text import safe_text

OPEN = frozenset({Verdict.NOT_IMPLEMENTED, Verdict.SKIPPED})
MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstThing:
    """One place to begin, and a sentence that names it. ``function`` is empty where a whole file cannot be judged, ``path`` where there
    is no file.
    """

    exercise: str
    function: str
    path: str
    sentence: str

    @property
    def is_missing(self) -> bool:
        """Whether there is no file at all, not even one that cannot be read or one too many."""
        return not self.path and self.sentence.startswith("There is no ")


def first_to_mend(card: Scorecard) -> FirstThing | None:
    """Find what to mend first; None if nothing is left, or nothing that a student could mend.

    A file that cannot be loaded comes first, since it hides all that is in it; then functions with a fault, and those that are not
    written but that others wait for; then what is only not written. Each in the order of the course, where what an exercise builds on
    stands before it and a forward pass before its backward pass. What is skipped is never named: its cause is.
    """
    there = [exercise for exercise in card.exercises if exercise.path is not None]
    for exercise in there:
        if is_told_whole(exercise) and exercise.verdict not in OPEN:
            return _first(exercise, "", safe_text(exercise.message))
    for function_is_urgent in (True, False):
        for exercise in there:
            for function in exercise.functions:
                if _is_to_mend(function, exercise) and _is_urgent(function, exercise) is function_is_urgent:
                    return _first(exercise, function.name, _sentence(function, exercise))
    missing = next((exercise for exercise in card.exercises if exercise.path is None and exercise.functions), None)
    return None if missing is None else _first(missing, "", safe_text(missing.message))


def is_told_whole(exercise: ExerciseScore) -> bool:
    """Whether one sentence about the file says all that there is to say about its functions, and is no mere note beside their results."""
    checks = [check for function in exercise.functions for check in function.checks]
    return bool(exercise.message) and all(check.finding is not None and check.finding.message == exercise.message for check in checks)


def failed_checks(function: FunctionScore) -> list[CheckScore]:
    """The checks that did not pass, the most telling first: wrong before skipped, one that earns before one that only informs."""
    failed = [check for check in function.checks if check.verdict is not Verdict.ACCEPTED]
    # What gave the function its verdict explains it, so that comes before what is merely wrong; of exceptions, one whose words may be read.
    return sorted(
        failed,
        key=lambda check: (
            check.verdict in OPEN,
            check.verdict is not function.verdict,
            not _shows_its_exception(check),
            check.max_points == 0,
        ),
    )


def _shows_its_exception(check: CheckScore) -> bool:
    """Whether everybody may read the words of the exception that ended it."""
    return check.visibility is Visibility.PUBLIC and check.finding is not None and check.finding.raised is not None


def is_credited(function: FunctionScore) -> bool:
    """Whether all points were given since the function is right for the student's own forward pass, so that nothing is left to correct."""
    return function.points == function.max_points and any(check.follow_through for check in function.checks)


def _first(exercise: ExerciseScore, function: str, sentence: str) -> FirstThing:
    return FirstThing(exercise=exercise.name, function=function, path=safe_text(exercise.path or ""), sentence=sentence)


def _is_to_mend(function: FunctionScore, exercise: ExerciseScore) -> bool:
    if function.verdict is Verdict.SKIPPED:
        # What it waits for may not be among what was graded; then it must be named itself.
        here = {other.name for other in exercise.functions if other.verdict is not Verdict.ACCEPTED}
        return not any(check.finding is not None and check.finding.needs in here for check in failed_checks(function))
    return function.verdict not in (Verdict.ACCEPTED, Verdict.GRADER_ERROR) and not is_credited(function)


def _is_urgent(function: FunctionScore, exercise: ExerciseScore) -> bool:
    return function.verdict not in OPEN or bool(_waiting(function, exercise))


def _waiting(function: FunctionScore, exercise: ExerciseScore) -> list[str]:
    """The functions that cannot be judged before this one."""
    needing = ((other.name, check.finding.needs) for other in exercise.functions for check in other.checks if check.finding is not None)
    return list(dict.fromkeys(name for name, needs in needing if needs == function.name))


def _sentence(function: FunctionScore, exercise: ExerciseScore) -> str:
    waiting = _waiting(function, exercise)
    wait = f"; {_listed(waiting)} {'waits' if len(waiting) == 1 else 'wait'} for it" if waiting else ""
    return f"{_what(function, safe_text(exercise.path or ''))}{wait}"


def _what(function: FunctionScore, path: str) -> str:
    place = f"{function.name} ({path})"
    if function.verdict is Verdict.NOT_IMPLEMENTED:
        return f"{place} is not implemented yet"
    check = failed_checks(function)[0]
    if check.verdict is Verdict.WRONG_ANSWER or check.finding is None:
        return f"{place} fails the check “{check.title}”"
    message = safe_text(check.finding.message).rstrip(".")
    return message if function.name in message else f"{place}: {message}"


def _listed(names: list[str]) -> str:
    shown = names[:MOST_NAMED]
    more = [f"{len(names) - len(shown)} more"] if len(names) > len(shown) else []
    return " and ".join([", ".join([*shown, *more][:-1]), [*shown, *more][-1]]) if len(names) > 1 else names[0]
