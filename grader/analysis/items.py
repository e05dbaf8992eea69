"""Item analysis: how hard each check was, and how well it tells those who know from those who do not; and the commonest mistakes.

Results are taken one after another, so that memory does not grow with the class.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from grader.model import Diagnosis, Evidence, ExerciseOutcome, FunctionOutcome, Verdict

# Fewer results than this say nothing about a check: the correlation of a handful is noise.
ENOUGH = 10
EITHER = 5
# Ebel's customary bound (Essentials of Educational Measurement, 1972): below, an item hardly discriminates.
WEAK = 0.2
HARD = 0.2
Key = tuple[str, str, str]


class Attention(StrEnum):
    """Why somebody should look at a check, the most urgent first."""

    REVERSED = "reversed"
    NOBODY = "nobody"
    WEAK = "weak"
    HARD = "hard"
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One check over the class.

    ``tried`` leaves out who has not begun the function, and for whom the check could not be judged. ``difficulty`` is the share of them
    that are accepted (the customary name, though 1 is easy). ``discrimination`` is the point-biserial correlation between passing the
    check and the share of all *other* checks passed; None where everybody or nobody passes, or too few tried.
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
    def is_split(self) -> bool:
        """Whether enough pass and enough fail: a check that nearly all pass can tell few apart, and that is no fault of it."""
        return min(self.passed, self.tried - self.passed) >= EITHER

    @property
    def attention(self) -> Attention:
        """Why whoever wrote the check should look at it, if they should."""
        correlation = self.discrimination if self.is_split else None
        if correlation is not None and correlation < 0:
            return Attention.REVERSED
        if self.tried >= ENOUGH and self.passed == 0:
            return Attention.NOBODY
        if correlation is not None and correlation < WEAK:
            return Attention.WEAK
        if self.tried >= ENOUGH and self.passed < HARD * self.tried:
            return Attention.HARD
        return Attention.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One function over the class: for how many everything is accepted, how many have begun it, and who of them are not there yet."""

    exercise: str
    function: str
    students: int
    begun: int
    accepted: int
    stuck: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMistake:
    """A mistake that was named in the class, alone or with another, and by whom it was made. Of two, each counts.

    The explanation of a general cause is that of one student's work, as an example.
    """

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
class _Stand:
    students: int = 0
    begun: int = 0
    accepted: int = 0
    stuck: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Named:
    evidence: Evidence
    explanation: str
    students: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class ClassAnalysis:
    """Takes the outcomes of one student after another, and says what they come to.

    ``explanations`` are those of known mistakes by exercise, function and name, for what is only ever seen together with another.
    """

    explanations: Mapping[Key, str] = field(default_factory=dict)
    _items: dict[Key, _Sums] = field(default_factory=dict)
    _standings: dict[tuple[str, str], _Stand] = field(default_factory=dict)
    _mistakes: dict[Key, _Named] = field(default_factory=dict)

    def add(self, student: str, outcomes: Iterable[ExerciseOutcome]) -> None:
        """Take the outcomes that count for one student."""
        outcomes = list(outcomes)
        verdicts = [
            (exercise.exercise, function.function, check.check, check.verdict, is_begun(function))
            for exercise in outcomes
            for function in exercise.functions
            for check in function.checks
            if check.verdict is not Verdict.GRADER_ERROR
        ]
        accepted = sum(verdict is Verdict.ACCEPTED for *_where, verdict, _begun in verdicts)
        for exercise, function, check, verdict, begun in verdicts:
            sums = self._items.setdefault((exercise, function, check), _Sums())
            sums.students += 1
            # What waits for another function was not judged: it is no answer to this check.
            if begun and verdict is not Verdict.SKIPPED:
                passed = verdict is Verdict.ACCEPTED
                sums.add(passed, (accepted - passed) / max(1, len(verdicts) - 1))
        for outcome in outcomes:
            for one in outcome.functions:
                self._stand(student, outcome.exercise, one)
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

    def standings(self) -> tuple[Standing, ...]:
        """Every function, in the order of the course."""
        return tuple(
            Standing(
                exercise=exercise,
                function=function,
                students=one.students,
                begun=one.begun,
                accepted=one.accepted,
                stuck=tuple(one.stuck),
            )
            for (exercise, function), one in self._standings.items()
        )

    def mistakes(self) -> tuple[NamedMistake, ...]:
        """Every mistake that was named, the commonest first."""
        named = [
            NamedMistake(
                exercise=exercise,
                function=function,
                name=name,
                explanation=one.explanation,
                evidence=one.evidence,
                students=tuple(sorted(one.students)),
            )
            for (exercise, function, name), one in self._mistakes.items()
        ]
        return tuple(sorted(named, key=lambda one: (-len(one.students), one.exercise, one.function, one.name)))

    def _stand(self, student: str, exercise: str, function: FunctionOutcome) -> None:
        if any(check.verdict is Verdict.GRADER_ERROR for check in function.checks):
            return
        stand = self._standings.setdefault((exercise, function.function), _Stand())
        stand.students += 1
        if not is_begun(function):
            return
        stand.begun += 1
        if all(check.verdict is Verdict.ACCEPTED for check in function.checks):
            stand.accepted += 1
        else:
            stand.stuck.append(student)

    def _note(self, student: str, exercise: str, function: str, diagnosis: Diagnosis) -> None:
        if diagnosis.evidence is Evidence.NOT_RECOGNISED:
            return
        together = diagnosis.evidence is Evidence.TWO_MISTAKES
        evidence = Evidence.KNOWN_MISTAKE if together else diagnosis.evidence
        for name in diagnosis.names:
            key = (exercise, function, name)
            known = self.explanations.get(key, "")
            named = self._mistakes.setdefault(key, _Named(evidence, known or diagnosis.explanation))
            if not together and not known and evidence is Evidence.KNOWN_MISTAKE:
                named.explanation = diagnosis.explanation
            named.students[student] = None


def is_begun(function: FunctionOutcome) -> bool:
    """Whether a function holds more than the stub did."""
    return any(check.verdict not in (Verdict.NOT_IMPLEMENTED, Verdict.SKIPPED, Verdict.GRADER_ERROR) for check in function.checks)
