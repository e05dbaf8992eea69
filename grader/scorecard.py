"""The scorecard as JSON: one document for each view, under a published schema, the same bytes for the same marks.

What a student may not see of a hidden check is decided here, once, by leaving it out; the schema refuses a student's document
that holds it. docs/scorecard.md explains every field.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from pathlib import Path
from typing import Any

from grader.credible import UNNAMED, credible
from grader.model import (
    CheckScore,
    CourseMark,
    Evidence,
    ExerciseScore,
    Finding,
    FunctionScore,
    Raised,
    RunInfo,
    Scorecard,
    Submission,
    View,
    Visibility,
)
from grader.safe_text import safe_text

__all__ = ["SCHEMA", "UNNAMED", "UNTRUSTED_MESSAGE", "render_scorecard", "scorecard_document", "scorecard_schema", "validate_document"]

SCHEMA = "urn:layerwise:scorecard:1"
SCHEMA_FILE = Path(__file__).parent / "schemas" / "scorecard.schema.json"

UNTRUSTED_MESSAGE = "It raised an exception that is not defined in the submission, or at a place that is not in it."
MAX_LINE = 2**31 - 1

# An object without a __repr__ shows where it lies in memory, which differs from run to run.
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")


def render_scorecard(card: Scorecard, view: View, *, indent: int | None = 2) -> str:
    """Render a scorecard as JSON text; with ``indent=None`` in one line, which takes a tenth of the time.

    The same submission, course and seed give the same text, but for the object ``run``; as far as the submitted code itself
    does the same every time.
    """
    return json.dumps(scorecard_document(card, view), indent=indent, ensure_ascii=False, allow_nan=False) + "\n"


def scorecard_document(card: Scorecard, view: View) -> dict[str, Any]:
    """Put what `view` may see of a scorecard into JSON's own types, in the order of the schema."""
    return {
        "schema": SCHEMA,
        "view": view.value,
        "course": _course(card.course, view),
        "submission": _submission(card.submission),
        "verdict": card.verdict.value,
        "points": card.points,
        "max_points": card.max_points,
        "exercises": [_exercise(exercise, card.submission, view) for exercise in card.exercises],
        "run": _run(card.run),
    }


def scorecard_schema() -> dict[str, Any]:
    """Load the JSON Schema (2020-12) of both views."""
    schema: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


def validate_document(document: Any) -> None:
    """Check a document against the schema.

    Raises
    ------
    jsonschema.ValidationError
        If the document is no scorecard, or if a student's one holds what only an instructor may see.
    """
    # A grading does not need it, and it takes longer to import than NumPy.
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types
    from jsonschema.exceptions import best_match  # type: ignore[import-untyped]

    error = best_match(Draft202012Validator(scorecard_schema()).iter_errors(document))
    if error is not None:
        raise error


# ------------------------------------------------------------------------------------------------------------------- the parts


def _course(mark: CourseMark, view: View) -> dict[str, Any]:
    course = {"name": mark.name, "version": mark.version, "digest": mark.digest, "seed": mark.seed}
    if view is View.INSTRUCTOR:
        course["seed_fingerprint"] = mark.seed_fingerprint
    return course


def _submission(submission: Submission) -> dict[str, Any]:
    files = sorted(submission.files, key=lambda file: file.path)
    problems = sorted(submission.problems, key=lambda problem: (problem.path, problem.message))
    return {
        "name": safe_text(submission.name),
        "digest": submission.digest,
        "files": [{"path": safe_text(file.path), "sha256": file.sha256, "size": file.size} for file in files],
        "problems": [{"path": safe_text(problem.path), "message": safe_text(problem.message)} for problem in problems],
    }


def _exercise(exercise: ExerciseScore, submission: Submission, view: View) -> dict[str, Any]:
    document: dict[str, Any] = {
        "name": exercise.name,
        "title": exercise.title,
        "path": None if exercise.path is None else safe_text(exercise.path),
        "verdict": exercise.verdict.value,
        "points": exercise.points,
        "max_points": exercise.max_points,
        "message": safe_text(exercise.message),
    }
    # A print is the easiest way to carry an input out of a hidden check.
    if view is View.INSTRUCTOR:
        document["printed"] = safe_text(_without_addresses(exercise.printed), keep_newlines=True)
    document["functions"] = [_function(function, submission, view) for function in exercise.functions]
    return document


def _function(function: FunctionScore, submission: Submission, view: View) -> dict[str, Any]:
    return {
        "name": function.name,
        "verdict": function.verdict.value,
        "points": function.points,
        "max_points": function.max_points,
        "mistakes": [
            {"name": diagnosis.mistake, "explanation": diagnosis.explanation}
            for diagnosis in function.diagnoses
            if diagnosis.evidence is Evidence.KNOWN_MISTAKE
        ],
        "diagnoses": [
            {"evidence": diagnosis.evidence.value, "names": list(diagnosis.names), "explanation": safe_text(diagnosis.explanation)}
            for diagnosis in function.diagnoses
        ],
        "checks": [_check(check, submission, view) for check in function.checks],
    }


def _check(check: CheckScore, submission: Submission, view: View) -> dict[str, Any]:
    is_open = view is View.INSTRUCTOR or check.visibility is Visibility.PUBLIC
    finding = None
    if check.finding is not None:
        finding = _open_finding(check.finding) if is_open else _closed_finding(check.finding, submission)
    return {
        "name": check.name,
        "kind": check.kind.value,
        "title": check.title,
        "requirement": check.requirement,
        "visibility": check.visibility.value,
        "verdict": check.verdict.value,
        "points": check.points,
        "max_points": check.max_points,
        "comparisons": check.comparisons,
        "failed": check.failed,
        "follow_through": safe_text(check.follow_through) or None,
        "finding": finding,
    }


def _run(run: RunInfo) -> dict[str, Any]:
    return {
        "started_at": run.started_at,
        "duration_s": run.duration_s,
        "layerwise": run.layerwise,
        "python": safe_text(run.python),
        "numpy": safe_text(run.numpy),
        "platform": run.platform,
        "sandbox": dataclasses.asdict(run.layers),
        "limits": dataclasses.asdict(run.limits),
    }


# -------------------------------------------------------------------------------------------------------------------- findings


def _open_finding(finding: Finding) -> dict[str, Any]:
    """All of a finding: for an instructor, and for everybody where the check is public."""
    raised = None
    if finding.raised is not None:
        raised = _raised(finding.raised) | {"message": safe_text(_without_addresses(finding.raised.message))}
    return {
        "rung": finding.rung.value,
        "message": safe_text(finding.message),
        "raised": raised,
        "code": finding.code,
        "facts": {safe_text(str(name)): plain(value) for name, value in finding.facts.items()},
    }


def _closed_finding(finding: Finding, submission: Submission) -> dict[str, Any]:
    """What a student sees of a hidden check: no input, no output, no text that could carry one."""
    message, raised = finding.message, None
    if finding.raised is not None:
        raised = credible(finding.raised, submission)
        if (raised.type_name, raised.path, raised.line) != (finding.raised.type_name, finding.raised.path, finding.raised.line):
            # Judges write the type and the place into their sentence as well.
            message = UNTRUSTED_MESSAGE
    return {
        "rung": finding.rung.value,
        "message": safe_text(message),
        "raised": None if raised is None else _raised(raised),
    }


def _raised(raised: Raised) -> dict[str, Any]:
    return {
        "type_name": safe_text(raised.type_name),
        "path": safe_text(raised.path),
        # The number is the worker's word: a forged one must not make the document invalid.
        "line": raised.line if 0 <= raised.line <= MAX_LINE else 0,
        "function": safe_text(raised.function),
    }


def plain(value: Any) -> Any:
    """Turn a fact into JSON's own types. JSON has no NaN and no infinity: they become the texts ``nan``, ``inf`` and ``-inf``."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, dict):
        return {safe_text(str(name)): plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    # NumPy's scalars and arrays, without importing NumPy for a text.
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return safe_text(_without_addresses(str(value)))


def _without_addresses(text: str) -> str:
    return ADDRESS.sub("0x…", text)
