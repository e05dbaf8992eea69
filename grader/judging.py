"""Judge the expectations of a check, whoever answered its calls: a student, a known mistake, a variant."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

from grader.checks.model import Answers, Expectation, Fallback, NoValue, PlannedCheck, Result
from grader.model import Finding, Rung, Verdict


@dataclass(frozen=True, slots=True)
class Seen:
    """What one expectation came to."""

    finding: Finding | None

    @property
    def signature(self) -> tuple[str, str, str]:
        """What must be alike for a mistake to explain it: whether it held, on which rung it broke, under which code."""
        if self.finding is None:
            return ("", "", "")
        return (self.finding.rung, self.finding.verdict, self.finding.code)


def judge_check(planned: PlannedCheck, answers: Answers) -> tuple[Seen, ...]:
    """Judge every expectation of a check, so that what held is known as well as what did not."""
    return tuple(_judge(expectation, planned.check.function, answers) for expectation in planned.expectations)


def _judge(expectation: Expectation, function: str, answers: Answers) -> Seen:
    try:
        return Seen(finding=expectation.judge(answers))
    except NoValue as missing:
        own = _own_missing(expectation, function, answers)
        return Seen(finding=own or _blocked(missing))
    except Exception as error:  # noqa: BLE001 - a law that stumbles over a strange result is the course's fault, and must not stop a class
        return Seen(finding=_broken(error))


def judge_fallback(fallback: Fallback, answers: Answers, wants: tuple[Result, ...]) -> str:
    """Say for which reason a check is accepted after all, or nothing; a judge that stumbles earns no credit, and stops no class."""
    try:
        return fallback.judge(answers, wants) or ""
    except Exception:  # noqa: BLE001 - as above; the finding that the check failed with stands
        return ""


def _broken(error: Exception) -> Finding:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return Finding(
        rung=Rung.LAW,
        verdict=Verdict.GRADER_ERROR,
        message="The grader broke down on your result. This is not your fault and costs no points. Please tell your instructor.",
        facts={"error": f"{type(error).__name__}: {error}", "where": f"{Path(place.filename).name}, line {place.lineno}"},
    )


def _own_missing(expectation: Expectation, function: str, answers: Answers) -> Finding | None:
    """Why the function under test itself gave nothing, which comes before what another one did not give."""
    for number in (*(result.call for result in expectation.wants), *expectation.calls):
        answer = answers.by_call[number]
        if answer.missing is not None and answer.function == function:
            return answer.missing
    return None


def _blocked(missing: NoValue) -> Finding:
    """The function under test could not be judged because another one, which it needs, gave nothing."""
    message = f"This needs {missing.function}, which gave no result: {missing.finding.message}"
    verdict = Verdict.GRADER_ERROR if missing.finding.verdict is Verdict.GRADER_ERROR else Verdict.SKIPPED
    return Finding(rung=missing.finding.rung, verdict=verdict, message=message, needs=missing.function)
