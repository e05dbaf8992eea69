"""classroom50/result/v1, against its published schema and the rules that its validators add."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from grader.export import EXPORTS, ExportError, Setting, render_one
from tests.export.people import document, document_saying, hostile, make_class, mark, student

SCHEMA = json.loads((Path(__file__).parent / "classroom50-result-v1.json").read_text())
RUNNER = {
    "CLASSROOM": "cs",
    "ASSIGNMENT": "hw1",
    "USERNAME": "ada",
    "SUBMISSION_TAG": "submit/20250901T080000Z-abc1234",
    "COMMIT_URL": "https://github.com/org/cs-hw1-ada/commit/abc1234",
    "RELEASE_URL": "https://github.com/org/cs-hw1-ada/releases/tag/submit",
}


def checked(text):
    found = json.loads(text)
    Draft202012Validator(SCHEMA).validate(found)
    assert found["score"] <= found["max-score"]
    assert all(test["score"] <= test["max-score"] for test in found["tests"])
    return found


def test_inside_of_the_runner_the_submission_is_what_the_runner_says():
    found = checked(render_one("classroom50", document(), Setting(environ=RUNNER)))

    assert (found["owner"], found["submission"], found["review"]) == ("ada", RUNNER["SUBMISSION_TAG"], RUNNER["COMMIT_URL"])
    assert (found["score"], found["max-score"], found["assignment_type"]) == (0, 8, "individual")
    assert found["datetime"] == "2025-09-01T08:00:00Z"


def test_outside_of_the_runner_it_is_refused_in_a_sentence():
    with pytest.raises(ExportError, match="no COMMIT_URL"):
        render_one("classroom50", document(), Setting(environ={**RUNNER, "COMMIT_URL": ""}))


@given(hostile)
def test_whatever_a_student_writes_is_a_document_of_the_schema(text):
    checked(render_one("classroom50", document_saying(text), Setting(environ=RUNNER)))


def test_in_a_class_points_are_rounded_to_whole_ones_and_the_owner_is_the_login():
    people = [student(columns={"GitHub": "ada-l"})]
    at = {"ada": datetime(2025, 8, 31, 23, 59, 59, tzinfo=UTC)}
    results = make_class(people, [mark(final=Fraction(9, 2))], classroom="cs", assignment="hw1", submitted_at=at)

    [(_, text)] = EXPORTS["classroom50"].writer(results)

    found = checked(text)
    assert (found["owner"], found["score"], found["max-score"], found["datetime"]) == ("ada-l", 5, 8, "2025-08-31T23:59:59Z")
    assert found["submission"].startswith("submit/20250831T235959Z-aaaaaaa")


def test_a_class_without_a_classroom_is_refused():
    with pytest.raises(ExportError, match="names the classroom"):
        [*EXPORTS["classroom50"].writer(make_class([student()], [mark()]))]
