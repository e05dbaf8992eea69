"""results.json: what the specification allows, and never more than its view may tell."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from grader.export import EXPORTS, render_one
from grader.export.gradescope import VISIBILITIES, render_gradescope
from grader.model import View
from tests.export.people import CANVAS, document, document_saying, hostile, make_class, mark, student

SCHEMA = json.loads((Path(__file__).parent / "gradescope-results.json").read_text())


def checked(text):
    found = json.loads(text)
    Draft202012Validator(SCHEMA).validate(found)
    return found


def test_the_score_is_that_of_the_scorecard_and_of_the_tests():
    found = checked(render_one("gradescope", document()))

    assert found["score"] == 0 == sum(test["score"] for test in found["tests"])
    assert sum(test["max_score"] for test in found["tests"]) == 8


@given(hostile)
def test_every_text_is_shown_as_text(text):
    found = checked(render_one("gradescope", document_saying(text)))

    assert {found["output_format"], found["test_output_format"], found["test_name_format"]} == {"text"}
    assert {test[key] for test in found["tests"] for key in ("output_format", "name_format")} == {"text"}


def test_a_hidden_check_tells_a_student_no_number_of_the_case():
    text = render_one("gradescope", document())

    # In the facts of the hidden check, and in what the submission printed.
    assert "1.0899269" not in text
    assert "too many indices" not in text


def test_in_the_instructors_view_students_never_see_a_hidden_check_and_no_points_in_words():
    found = checked(render_one("gradescope", document(View.INSTRUCTOR)))

    hidden = [test for test in found["tests"] if test["tags"][-1] == "hidden"]
    assert {test["visibility"] for test in hidden} == {"hidden"}
    assert "points" not in found["output"]
    assert found["stdout_visibility"] == "hidden"


@pytest.mark.parametrize("when", VISIBILITIES)
def test_hidden_checks_are_shown_when_the_instructor_says(when):
    found = checked(render_gradescope(document(), hidden_checks=when))

    assert {test["visibility"] for test in found["tests"] if test["tags"][-1] == "hidden"} == {when}
    assert {test["visibility"] for test in found["tests"] if test["tags"][-1] == "public"} == {"visible"}
    assert ("of 8 points" in found["output"]) == (when == "visible")


def test_a_check_that_could_not_be_judged_has_no_score():
    found = document()
    found["exercises"][0]["functions"][0]["checks"][0] |= {"verdict": "grader_error", "max_points": 0}

    test = checked(render_one("gradescope", found))["tests"][0]

    assert "score" not in test
    assert test["status"] == "passed"


def test_in_a_class_the_score_is_what_counts_and_says_why():
    late = mark(points=6, final=Fraction(11, 2), late_days=1, late_factor=Fraction(11, 12))
    results = make_class([student(columns=CANVAS)], [late])

    [(name, text)] = EXPORTS["gradescope"].writer(results)

    assert name == "ada.json"
    assert checked(text)["score"] == 5.5
    assert "power: 1 day late, 5.50 of the 6 points count." in checked(text)["output"]


def test_a_mark_that_is_not_final_has_no_file():
    results = make_class([student(columns=CANVAS)], [mark(pending=True)])

    assert [*EXPORTS["gradescope"].writer(results)] == []
    assert [*EXPORTS["gradescope"].notes(results)] == ["1 without a file, since their marks are not final"]


def test_it_has_the_fields_that_gradescopes_own_library_writes():
    runner = pytest.importorskip("gradescope_utils.autograder_utils.json_test_runner")
    import io
    import unittest

    stream = io.StringIO()
    runner.JSONTestRunner(stream=stream, visibility="visible", stdout_visibility="hidden").run(
        unittest.TestSuite([unittest.FunctionTestCase(int)])
    )
    theirs = json.loads(stream.getvalue())
    ours = json.loads(render_one("gradescope", document()))

    assert set(theirs) - {"leaderboard"} <= set(ours)
    assert {"name", "status"} <= set(ours["tests"][0])
