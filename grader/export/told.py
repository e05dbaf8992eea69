"""What a scorecard document says about each check, as sentences; every format tells the same.

A document is taken as it is, so that what its view leaves out is nowhere: the student's view of a hidden check has no fact of the case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.export.results import Document
from grader.model import Evidence, Problem, Verdict
from grader.report.text import NOT_RECOGNISED, TRY_THIS, problem_sentence
from grader.safe_text import safe_text

FINE = (Verdict.ACCEPTED, Verdict.SKIPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One check of a document, with where it stands: the parts of the document, and its number such as ``2.1.3``."""

    exercise: Document
    function: Document
    check: Document
    number: str
    is_first_failure: bool

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.function['name']}: {self.check['title']}"

    @property
    def failed(self) -> bool:
        """Whether it cost points or would have."""
        return self.check["verdict"] not in FINE

    @property
    def is_credited(self) -> bool:
        """Whether the function has all its points since it is right for the student's own forward pass."""
        function = self.function
        return function["points"] == function["max_points"] and any(check["follow_through"] for check in function["checks"])

    @property
    def message(self) -> str:
        """What was seen, in one line; empty for a check that passed."""
        finding = self.check["finding"]
        return safe_text(finding["message"]) if finding is not None and self.failed else ""

    @property
    def lines(self) -> list[str]:
        """What is required, what was seen, and for the first failed check of a function what explains it."""
        lines = [safe_text(self.check["requirement"], keep_newlines=True).strip()]
        if self.check["verdict"] == Verdict.GRADER_ERROR:
            lines.append("The grader could not judge this check, which is not your fault and costs no points.")
        if self.message:
            lines.append(self.message)
            raised = self.check["finding"]["raised"] or {}
            if raised.get("message"):
                lines.append(safe_text(f"{raised['type_name']}: {raised['message']}"))
        if self.check["follow_through"]:
            lines.append(safe_text(self.check["follow_through"]))
        if self.is_first_failure and not self.is_credited:
            lines += diagnosis_lines(self.function)
        return lines


def checks_of(document: Document) -> Iterator[Told]:
    """Go through all checks of a document, in its order."""
    for first, exercise in enumerate(document["exercises"], 1):
        for second, function in enumerate(exercise["functions"], 1):
            unseen = True
            for third, check in enumerate(function["checks"], 1):
                fails = check["verdict"] not in FINE
                yield Told(
                    exercise=exercise,
                    function=function,
                    check=check,
                    number=f"{first}.{second}.{third}",
                    is_first_failure=fails and unseen,
                )
                unseen = unseen and not fails


def diagnosis_lines(function: Document) -> Iterator[str]:
    """What explains a function's wrong results, as sentences."""
    by_evidence: dict[str, list[str]] = {}
    for one in function["diagnoses"]:
        by_evidence.setdefault(one["evidence"], []).append(safe_text(one["explanation"]))
    if known := by_evidence.get(Evidence.KNOWN_MISTAKE):
        yield "This is what you get when " + " Or: when ".join(known)
    for explanation in by_evidence.get(Evidence.TWO_MISTAKES, []):
        yield f"This is what you get with two mistakes at once: {explanation}"
    yield from by_evidence.get(Evidence.GENERAL_CAUSE, [])
    for explanation in by_evidence.get(Evidence.NOT_RECOGNISED, []):
        yield f"{NOT_RECOGNISED} {explanation}".rstrip()
        yield f"{TRY_THIS}."


def problem_lines(document: Document) -> list[str]:
    """What the submission's author should know about its files, and what concerns whole exercises."""
    problems = document["submission"]["problems"]
    lines = [problem_sentence(Problem(path=problem["path"], message=problem["message"])) for problem in problems]
    return lines + [safe_text(f"{one['name']}: {one['message']}") for one in document["exercises"] if one["message"]]
