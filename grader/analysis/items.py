"""Item analysis: how hard each check was, and how well it tells those who know from those who do not; and the commonest mistakes.

Results are taken one after another, so that memory does not grow with the class.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from grader.model import Diagnosis, Evidence, ExerciseOutcome, Verdict

# Fewer results than this say nothing about a check: the correlation of a handful is noise.
ENOUGH = 10
# Ebel's customary bound (Essentials of Educational Measurement, 1972): below, an item hardly discriminates.
WEAK = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One check over the class.

    ``tried`` leaves out who has not begun the function. ``difficulty`` is the share of the tried that are accepted (the customary name,
    though 1 is easy). ``discrimination`` is the point-biserial correlation between passing the check and the share of all *other* checks
    passed; None where everybody or nobody passes, or too few tried.
    """

    exercise: str
    function: str
    check: str
    students: int
    tried: int
    passed: int
    discrimination: float | None

    @property
    def difficulty(self) -> float | None:
        """The share of those who tried that passed."""
        return self.passed / self.tried if self.tried else None

    @property
    def is_weak(self) -> bool:
        """Whether the check tells nobody apart although it could: worth a look by whoever wrote it."""
        return self.discrimination is not None and self.discrimination < WEAK


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMistake:
    """A mistake that was named in the class, and by whom it was made."""

    exercise: str
    function: str
    name: str
    explanation: str
    evidence: Evidence
    students: tuple[str, ...]


@dataclass(slots=True)
class _Sums:
    """What the correlation of one check with the rest needs: sums over those who tried it."""

    students: int = 0
    tried: int = 0
    passed: int = 0
    rest: float = 0.0
    rest_squared: float = 0.0
    rest_of_passed: float = 0.0

    def add(self, accepted: bool, rest: float) -> None:
        """Count one student who tried."""
        self.tried += 1
        self.passed += accepted
        self.rest += rest
        self.rest_squared += rest * rest
        self.rest_of_passed += rest if accepted else 0.0

    def discrimination(self) -> float | None:
        """The point-biserial correlation; None where it has no meaning."""
        n, passed = self.tried, self.passed
        if n < ENOUGH or passed in (0, n):
            return None
        variance = self.rest_squared / n - (self.rest / n) ** 2
        if variance <= 1e-12:
            return None
        covariance = self.rest_of_passed / n - (passed / n) * (self.rest / n)
        return max(-1.0, min(1.0, covariance / math.sqrt(variance * (passed / n) * (1 - passed / n))))


@dataclass(slots=True)
class ClassAnalysis:
    """Takes the outcomes of one student after another, and says what they come to."""

    _items: dict[tuple[str, str, str], _Sums] = field(default_factory=dict)
    _mistakes: dict[tuple[str, str, str], tuple[Diagnosis, list[str]]] = field(default_factory=dict)

    def add(self, student: str, outcomes: Iterable[ExerciseOutcome]) -> None:
        """Take the outcomes that count for one student."""
        outcomes = list(outcomes)
        verdicts = [
            (exercise.exercise, function.function, check.check, check.verdict, _is_begun(function.checks))
            for exercise in outcomes
            for function in exercise.functions
            for check in function.checks
            if check.verdict is not Verdict.GRADER_ERROR
        ]
        accepted = sum(verdict is Verdict.ACCEPTED for *_where, verdict, _begun in verdicts)
        for exercise, function, check, verdict, begun in verdicts:
            sums = self._items.setdefault((exercise, function, check), _Sums())
            sums.students += 1
            if begun:
                passed = verdict is Verdict.ACCEPTED
                sums.add(passed, (accepted - passed) / max(1, len(verdicts) - 1))
        for outcome in outcomes:
            for one in outcome.functions:
                for diagnosis in one.diagnoses:
                    self._note(student, outcome.exercise, one.function, diagnosis)

    def items(self) -> tuple[Item, ...]:
        """Every check, in the order of the course."""
        return tuple(
            Item(
                exercise=exercise,
                function=function,
                check=check,
                students=sums.students,
                tried=sums.tried,
                passed=sums.passed,
                discrimination=sums.discrimination(),
            )
            for (exercise, function, check), sums in self._items.items()
        )

    def mistakes(self) -> tuple[NamedMistake, ...]:
        """Every mistake that was named, the commonest first."""
        named = [
            NamedMistake(
                exercise=exercise,
                function=function,
                name=name,
                explanation=diagnosis.explanation,
                evidence=diagnosis.evidence,
                students=tuple(sorted(students)),
            )
            for (exercise, function, name), (diagnosis, students) in self._mistakes.items()
        ]
        return tuple(sorted(named, key=lambda one: (-len(one.students), one.exercise, one.function, one.name)))

    def _note(self, student: str, exercise: str, function: str, diagnosis: Diagnosis) -> None:
        if diagnosis.evidence is Evidence.NOT_RECOGNISED:
            return
        _first, students = self._mistakes.setdefault((exercise, function, diagnosis.mistake), (diagnosis, []))
        if student not in students:
            students.append(student)


def _is_begun(checks: Iterable[object]) -> bool:
    """Whether a function holds more than the stub did."""
    return any(getattr(check, "verdict", None) not in (Verdict.NOT_IMPLEMENTED, Verdict.SKIPPED) for check in checks)
