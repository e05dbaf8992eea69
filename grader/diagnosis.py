"""Name the mistake: compare what was seen with what every known mistake gives on the same cases.

A mistake is named only when it explains all that was seen of the function: the same expectations hold and fail, for the same
reason, and wherever numbers are compared they are the mistake's numbers. When two mistakes do, both are named.
"""

from __future__ import annotations

import types
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.catalog import Course, Exercise, load_mistakes, reference_source
from grader.checks.answers import collect
from grader.checks.compare import FLOAT32, FLOAT64, judge_values
from grader.checks.mistakes import Mistake, mistaken_source
from grader.checks.model import Answers, Expectation, NoValue, PlannedCheck
from grader.judging import Seen, judge_check
from grader.model import Diagnosis
from grader.sandbox.inside import child

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_NAMED = 2


@dataclass(slots=True)
class _Known:
    """One known mistake with what it gives, check by check, as far as anybody has asked."""

    session: child.Session
    answers: Answers = field(default_factory=lambda: Answers({}))
    by_check: dict[str, tuple[Seen, ...]] = field(default_factory=dict)

    def run(self, planned: PlannedCheck) -> tuple[Seen, ...]:
        """What the mistake gives for one check. Most mistakes are told apart by the first, so the others are never run.

        Checks are run in the order of the plan, since one may look at the calls of another.
        """
        name = planned.check.name
        if name not in self.by_check:
            collect(planned.calls, [self.session.answer(call.frame) for call in planned.calls], into=self.answers.by_call)
            self.by_check[name] = judge_check(planned, self.answers)
        return self.by_check[name]


@dataclass(slots=True)
class Diagnostician:
    """The known mistakes of one exercise, run on its planned cases when a wrong answer first asks for them."""

    course: Course
    exercise: Exercise
    checks: Sequence[PlannedCheck]
    _mistakes: tuple[Mistake, ...] | None = None
    _known: dict[tuple[str, str], _Known] = field(default_factory=dict)

    def explain(self, seen: Sequence[tuple[PlannedCheck, tuple[Seen, ...]]], answers: Answers) -> tuple[Diagnosis, ...]:
        """The mistakes of one function that explain everything that was seen of its checks."""
        if self._mistakes is None:
            self._mistakes = load_mistakes(self.course, self.exercise)
        function = seen[0][0].check.function
        candidates = [mistake for mistake in self._mistakes if mistake.function == function]
        found = [mistake for mistake in candidates if self._explains(mistake, seen, answers)]
        return tuple(Diagnosis(mistake=mistake.name, explanation=mistake.explanation) for mistake in found[:MOST_NAMED])

    def _explains(self, mistake: Mistake, seen: Sequence[tuple[PlannedCheck, tuple[Seen, ...]]], answers: Answers) -> bool:
        key = (mistake.function, mistake.name)
        if key not in self._known:
            self._known[key] = _Known(child.session_of(mistaken_module(self.course, self.exercise, mistake)))
        for planned, mine in seen:
            known = self._known[key].run(planned)
            if [one.signature for one in mine] != [one.signature for one in known]:
                return False
            if not all(_same_values(expectation, answers, self._known[key].answers) for expectation in planned.expectations):
                return False
        return True


def mistaken_module(course: Course, exercise: Exercise, mistake: Mistake) -> types.ModuleType:
    """The reference with the mistake made in it, as a module of ours."""
    source = mistaken_source(reference_source(course, exercise), mistake)
    module = types.ModuleType(f"{exercise.name}_{mistake.name}")
    module.__file__ = f"{mistake.name}.py"
    exec(compile(source, module.__file__, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - our own source, edited by our own file
    return module


def run_trusted(module: types.ModuleType, checks: Iterable[PlannedCheck]) -> Answers:
    """Answer planned calls by a module of ours, in this process, by the code that answers them for students."""
    session = child.session_of(module)
    answers = Answers({})
    for planned in checks:
        collect(planned.calls, [session.answer(call.frame) for call in planned.calls], into=answers.by_call)
    return answers


def _same_values(expectation: Expectation, answers: Answers, theirs: Answers) -> bool:
    for result in expectation.values:
        try:
            value, other = answers.value(result), theirs.value(result)
        except NoValue:
            continue
        # Two implementations of one mistake may differ by rounding, in float32 by more of it.
        tolerance = FLOAT32 if getattr(other, "dtype", None) == "float32" else FLOAT64
        if judge_values(value, other, tolerance, "") is not None:
            return False
    return True
