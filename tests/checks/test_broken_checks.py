"""A check that breaks down while it is planned is the author's to mend: one sentence says which, where and why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.catalog import load_course
from grader.cli import run
from grader.errors import CourseError
from grader.grading import plan_exercise

TINY = Path(__file__).parent.parent / "courses" / "tiny"


@pytest.fixture
def plan(tmp_path):
    """Plans the tiny course with one more check, whose body is given."""

    def make(body):
        root = Path(shutil.copytree(TINY, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__")))
        with (root / "reference" / "checks" / "power.py").open("a") as file:
            file.write("from collections import namedtuple\nfrom grader.checks import Recipe\n\n\n")
            file.write(f'@check("cube_forward", Kind.VALUE, points=1)\ndef asks(student, rng):\n    """Ask."""\n    {body}\n')
        course = load_course(root)
        return plan_exercise(course, course.exercise("power"))

    return make


@pytest.mark.parametrize(
    ("call", "what", "kind"),
    [
        ("student.cube_forward({1, 2})", "cube_forward(), but argument 1", "set"),
        ("student.cube_forward(np.ones(2), lambda x: x)", "cube_forward(), but argument 2", "function"),
        ("student.cube_forward(np.ones(2), scale={1.0})", "cube_forward(), but scale", "set"),
        ("student.cube_forward([{'deep': (1.0, b'bytes')}])", "cube_forward(), but argument 1", "bytes"),
        ("student.cube_forward(np.array([None]))", "cube_forward(), but argument 1", "array of object"),
        ("student.cube_forward(namedtuple('Pair', 'a b')(1.0, 2.0))", "cube_forward(), but argument 1", "Pair"),
        ("student(Recipe('lambda c: lambda x: x', ({1, 2},)), 1.0)", "the recipe 'lambda c: lambda x: x', but one of its constants", "set"),
        ("student(Recipe('lambda c: lambda x: x', (1.0,)), {1})", "the recipe 'lambda c: lambda x: x', but argument 1", "set"),
    ],
)
def test_an_argument_that_cannot_be_sent_is_named_with_its_check_and_its_place(plan, call, what, kind):
    with pytest.raises(CourseError) as caught:
        plan(f"yield compare({call}[0])")

    assert str(caught.value).startswith(f"the check asks of cube_forward calls {what} cannot be sent: ")
    assert kind in str(caught.value)
    assert "Recipe" in caught.value.remedy


def test_a_type_error_of_the_reference_is_not_blamed_on_the_arguments(plan):
    with pytest.raises(CourseError, match=r"asks of cube_forward breaks down at reference/power.py, line \d+: TypeError: .*'str'"):
        plan("yield compare(student.cube_forward('text')[0])")


def test_an_error_in_the_body_of_a_check_comes_with_its_line(plan):
    lines = (TINY / "reference" / "checks" / "power.py").read_text().count("\n")

    with pytest.raises(CourseError, match=rf"breaks down at reference/checks/power.py, line {lines + 8}: ZeroDivisionError"):
        plan("yield compare(student.cube_forward(np.ones(2), 1 / 0)[0])")


def test_a_body_that_yields_nothing_is_told_so(plan):
    with pytest.raises(CourseError, match=r"asks of cube_forward breaks down: TypeError: 'NoneType' object is not iterable"):
        plan("student.cube_forward(np.ones(2))")


def test_the_author_reads_a_sentence_and_no_traceback(plan, tmp_path, capsys):
    with pytest.raises(CourseError):
        plan("yield compare(student.cube_forward({1, 2})[0])")

    assert run(["check", str(tmp_path), "--course", str(tmp_path / "course")]) == 5

    error = capsys.readouterr().err
    assert error.startswith("grade: the check asks of cube_forward calls cube_forward(), but argument 1 cannot be sent")
    assert "Traceback" not in error
