"""Gradescope: ``results.json``, as its autograder specification describes it.

Every text of it is of the format ``text``: the default for the top level is HTML. Standard output is for instructors alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from grader.export.results import ClassResults, Document, Standing, standings, state_of
from grader.export.told import Told, checks_of, problem_lines
from grader.intake.places import safe_id
from grader.marks.total import brief, shown
from grader.model import Verdict, View, Visibility
from grader.safe_text import safe_text

# When students see something; the first is the default of Gradescope.
VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")


def render_gradescope(document: Document, *, hidden_checks: str = VISIBILITIES[0], standing: Standing | None = None) -> str:
    """Render one scorecard document as ``results.json``.

    The score is that of the document, or what counts of it in a class: after lateness, weights and overrides. A hidden check tells what the
    document's view tells; in the instructor's view that is for instructors, so students never see it.
    """
    hidden = VISIBILITIES[-1] if document["view"] == View.INSTRUCTOR else hidden_checks
    score: int | float = document["points"] if standing is None else float(shown(standing.total.points))
    # Gradescope keeps the score itself back while a test is hidden; so must the text.
    points = list(_points(document, standing)) if hidden == VISIBILITIES[0] else []
    notes = problem_lines(document)
    results: dict[str, Any] = {
        "score": score,
        "execution_time": round(document["run"]["duration_s"], 3),
        "output": "\n".join([*points, *notes]),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(one, hidden) for one in checks_of(document)],
        "extra_data": {"layerwise": {**_provenance(document), "notes": notes}},
    }
    return json.dumps(results, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_gradescope(results: ClassResults) -> Iterator[tuple[str, str]]:
    """Write one file for each student whose mark is final; there is no way to say that one is not."""
    for one in standings(results.students, results.revision):
        document = results.card(one.student.id) if one.is_final else None
        if document is not None:
            yield f"{safe_id(one.student.id)}.json", render_gradescope(document, hidden_checks=results.hidden_checks, standing=one)


def not_written(results: ClassResults) -> Iterable[str]:
    """Say who has no file."""
    waiting = [one.student.id for one in standings(results.students, results.revision) if not one.is_final]
    if waiting:
        yield f"{len(waiting)} without a file, since their marks are not final"


def _points(document: Document, standing: Standing | None) -> Iterator[str]:
    if standing is None:
        yield f"{document['points']} of {document['max_points']} points"
    else:
        yield f"{brief(standing.total.points)} of {brief(standing.total.max_points)} points"
        yield from state_of(standing.marks.values())
    for exercise in document["exercises"]:
        yield f"{exercise['name']}: {exercise['points']} of {exercise['max_points']}"


def _test(one: Told, hidden: str) -> dict[str, Any]:
    check = one.check
    test: dict[str, Any] = {"name": safe_text(one.name), "number": one.number}
    # A check that could not be judged has no score: 0 of 0 would look like a failure.
    if check["verdict"] != Verdict.GRADER_ERROR:
        test |= {"score": check["points"], "max_score": check["max_points"]}
    tags = [one.exercise["name"], one.function["name"], check["kind"], check["verdict"], check["visibility"]]
    return test | {
        "status": "failed" if one.failed and check["verdict"] != Verdict.GRADER_ERROR else "passed",
        "output": "\n".join(one.lines),
        "output_format": "text",
        "name_format": "text",
        "tags": [safe_text(tag) for tag in tags],
        "visibility": VISIBILITIES[0] if check["visibility"] == Visibility.PUBLIC else hidden,
        "extra_data": {"check": safe_text(check["name"]), "comparisons": check["comparisons"], "failed": check["failed"]},
    }


def _provenance(document: Document) -> dict[str, str]:
    course = document["course"]
    return {
        "course": safe_text(course["name"]),
        "version": safe_text(course["version"]),
        "course_digest": safe_text(course["digest"]),
        "submission_digest": safe_text(document["submission"]["digest"]),
        "layerwise": safe_text(document["run"]["layerwise"]),
        "sandbox": safe_text(document["run"]["sandbox"]["sandbox"]),
    }
