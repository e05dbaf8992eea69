"""Grade a submission again, but only the exercises that a change may have reached."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.catalog import Course, Exercise
from grader.grading import Grader, grade_submission
from grader.locate import locate
from grader.model import ExerciseScore, Limits, Scorecard, Submission, Verdict
from grader.sandbox import Sandbox
from grader.scoring import worst
from grader.submission import load_submission

# Code that has one of these may import what it does not name.
NAMES_NOTHING = frozenset({"importlib", "__import__", "exec", "eval", "__builtins__", "builtins", "runpy"})
# What stands behind these words up to the end of the statement, over lines in brackets (where a comment may hold a bracket) and after a
# backslash. Prose that says "from" is taken along, which does no harm.
WORD = re.compile(r"\w+")
IMPORT = re.compile(r"\b(?:from|import)\b(?:\((?:[^)#]|#[^\n]*\n)*\)|\\\n|[^\n(])*")
PACKAGE_FILE = "__init__.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The whole scorecard after a look at the submission, and which exercises were graded for it."""

    card: Scorecard
    graded: tuple[str, ...]


@dataclass(slots=True)
class Session:
    """One submission that is looked at again and again; the plans and the sandbox stay warm between looks."""

    path: Path
    grader: Grader
    sandbox: Sandbox
    exercises: Sequence[str]
    limits: Limits
    tell: Callable[[ExerciseScore], None] | None = None
    _submission: Submission | None = None
    _card: Scorecard | None = None

    def look(self, *, explains: bool = True) -> Look | None:
        """Grade what has changed since the last look, all of it at the first; None if nothing has.

        Without `explains` no mistake is named yet, which can take longer than all the rest; ``explain`` does that afterwards.
        A look that fails is as if it had not been: the next one sees the same changes again.

        Raises
        ------
        SubmissionError
            If the submission cannot be read.
        SandboxError
            If the sandbox broke down.
        """
        submission = load_submission(self.path)
        before, card = self._submission, self._card
        if before is None or card is None:
            graded: tuple[str, ...] = tuple(self.exercises) or tuple(exercise.name for exercise in self.grader.course.exercises)
            card = self._grade(submission, graded, explains)
        elif (before.files, before.problems) == (submission.files, submission.problems):
            return None
        else:
            known = {exercise.name for exercise in card.exercises}
            chosen = [exercise for exercise in self.grader.course.exercises if exercise.name in known]
            graded = affected(self.grader.course, chosen, before, submission)
            fresh = self._grade(submission, graded, explains) if graded else dataclasses.replace(card, submission=submission, exercises=())
            card = merged(card, fresh)
        self._submission, self._card = submission, card
        return Look(card=card, graded=graded)

    def explain(self, look: Look) -> Look | None:
        """The last look once more, with the mistakes named; None if it has no wrong answer."""
        wrong = [one.name for one in look.card.exercises if one.name in look.graded and _has_wrong_answer(one)]
        if self._submission is None or not wrong:
            return None
        self._card = merged(look.card, self._grade(self._submission, wrong, True))
        return Look(card=self._card, graded=look.graded)

    def _grade(self, submission: Submission, exercises: Sequence[str], explains: bool) -> Scorecard:
        self.grader.explains = explains
        return grade_submission(submission, self.sandbox, grader=self.grader, exercises=exercises, limits=self.limits, tell=self.tell)


def _has_wrong_answer(exercise: ExerciseScore) -> bool:
    return any(check.verdict is Verdict.WRONG_ANSWER for function in exercise.functions for check in function.checks)


def merged(before: Scorecard, fresh: Scorecard) -> Scorecard:
    """The scorecard `before` with the exercises of `fresh` in the place of the same ones."""
    again = {exercise.name: exercise for exercise in fresh.exercises}
    exercises = tuple(again.get(exercise.name, exercise) for exercise in before.exercises)
    return dataclasses.replace(
        fresh,
        exercises=exercises,
        verdict=worst(exercise.verdict for exercise in exercises),
        points=sum(exercise.points for exercise in exercises),
        max_points=sum(exercise.max_points for exercise in exercises),
    )


def affected(course: Course, exercises: Sequence[Exercise], before: Submission, after: Submission) -> tuple[str, ...]:
    """The exercises that the change from one submission to the other may have reached.

    An exercise is reached if it is now done in another file, or if a changed file is among those that its own file may import. A file
    may import every module that one of its import statements names, in whatever folder, and every ``__init__.py``, which is run unnamed.
    One that uses what imports without a statement (``importlib``, ``exec`` and the like) may import all.
    """
    changed = {path for path in _hashes(before).keys() | _hashes(after).keys() if _hashes(before).get(path) != _hashes(after).get(path)}
    reached = []
    for exercise in exercises:
        places = [place_of(course, exercise, submission) for submission in (before, after)]
        if places[0] != places[1] or any(
            path is not None and changed & _may_import(path, submission)
            for (path, _reason), submission in zip(places, (before, after), strict=True)
        ):
            reached.append(exercise.name)
    return tuple(reached)


def place_of(course: Course, exercise: Exercise, submission: Submission) -> tuple[str | None, str]:
    """Where an exercise of a course is done, as grading finds it: the path, or None and the reason."""
    others = [path for other in course.exercises if other is not exercise for path in other.paths]
    return locate(exercise, submission, others)


def _hashes(submission: Submission) -> dict[str, str]:
    return {file.path: file.sha256 for file in submission.files}


def _may_import(path: str, submission: Submission) -> set[str]:
    """The file at `path`, and all that it may import, directly or by way of others."""
    files = {file.path: file for file in submission.files}
    reached, pending = {path}, [path]
    while pending:
        text = unicodedata.normalize("NFKC", files[pending.pop()].text)  # as Python compares names
        everything = not NAMES_NOTHING.isdisjoint(WORD.findall(text))
        words = {word for statement in IMPORT.findall(text) for word in WORD.findall(statement)}
        found = {other for other in files if everything or other.endswith(PACKAGE_FILE) or _module(other) in words} - reached
        reached |= found
        pending += found
    return reached


def _module(path: str) -> str:
    return unicodedata.normalize("NFKC", path.rpartition("/")[2].partition(".")[0])
