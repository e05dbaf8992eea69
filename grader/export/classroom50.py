"""Classroom 50: ``result.json`` in its schema ``classroom50/result/v1``.

Inside of its runner, what identifies a submission comes from the environment that the runner sets. Points are integers there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from grader.export.results import ClassResults, Document, ExportError, Standing, cell, standings
from grader.export.told import checks_of
from grader.intake.places import safe_id
from grader.safe_text import safe_text

SCHEMA = "classroom50/result/v1"
# Fields of the document and the variables of the runner that hold them.
VARIABLES = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "owner": "USERNAME",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
}
TAG = "submit/"
LOGINS = ("GitHub", "GitHub username", "GitHub login", "Login", "Username")


def render_classroom50(document: Document, environ: Mapping[str, str]) -> str:
    """Render one scorecard document as the runner's ``result.json``.

    Raises
    ------
    ExportError
        If this is not that runner.
    """
    if missing := [name for name in VARIABLES.values() if not environ.get(name)]:
        raise ExportError(
            f"a result for Classroom 50 is written by its runner, whose environment is not here (no {', '.join(missing)})",
            remedy="Call grade in autograder.py. For results that are there already, use `grade export classroom50`.",
        )
    identity = {field: environ[name] for field, name in VARIABLES.items()}
    identity["assignment_type"] = environ.get("MODE") or "individual"
    identity["review"] = environ.get("REVIEW_URL") or identity["commit"]
    return _rendered(document, identity, at=_when(document), score=document["points"], max_score=document["max_points"])


def write_classroom50(results: ClassResults) -> Iterator[tuple[str, str]]:
    """Write a result for each student whose mark is final.

    There is no commit and no release here, so where their links belong stands the name of the submission's content.
    """
    if not results.classroom or not results.assignment:
        raise ExportError("a result for Classroom 50 names the classroom and the assignment", remedy="Give --classroom and --assignment.")
    for one in standings(results.students, results.revision):
        document = results.card(one.student.id) if one.is_final else None
        if document is not None:
            score, max_score = (_whole(value) for value in (one.total.points, one.total.max_points))
            at = results.submitted_at.get(one.student.id) or _when(document)
            yield (
                f"{safe_id(one.student.id)}.json",
                _rendered(document, _identity(results, one, document, at), at=at, score=min(score, max_score), max_score=max_score),
            )


def _identity(results: ClassResults, one: Standing, document: Document, at: datetime) -> dict[str, str]:
    digest = document["submission"]["digest"].removeprefix("sha256:")
    name = f"urn:sha256:{digest}"
    owner = next((login for heading in LOGINS if (login := cell(one.student.columns, heading))), one.student.id)
    return {
        "classroom": results.classroom,
        "assignment": results.assignment,
        "assignment_type": "individual",
        "owner": owner,
        "submission": f"{TAG}{at:%Y%m%dT%H%M%SZ}-{digest[:7]}",
        "commit": name,
        "release": name,
        "review": name,
    }


def _rendered(document: Document, identity: Mapping[str, str], *, at: datetime, score: int, max_score: int) -> str:
    result: dict[str, Any] = {
        "schema": SCHEMA,
        **{name: safe_text(value) for name, value in identity.items()},
        "datetime": _stamp(at),
        "graded_at": _stamp(_when(document)),
        "score": score,
        "max-score": max_score,
        "tests": [
            {
                "test-name": safe_text(f"{one.exercise['name']}: {one.name}"),
                "passed": not one.failed,
                "score": one.check["points"],
                "max-score": one.check["max_points"],
                "message": one.message,
            }
            for one in checks_of(document)
        ],
    }
    return json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _when(document: Document) -> datetime:
    return datetime.fromisoformat(document["run"]["started_at"]).astimezone(UTC)


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _whole(points: Fraction) -> int:
    """The nearest integer, halves up."""
    return int((points + Fraction(1, 2)) // 1)
