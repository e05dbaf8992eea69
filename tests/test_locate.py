"""Which file of a submission is graded."""

from __future__ import annotations

import dataclasses

import pytest

from grader.locate import locate
from grader.model import Problem

POWERS = "def cube_forward(x):\n    return x\n"


@pytest.fixture
def exercise(tiny_course):
    return tiny_course.exercise("power")


def test_the_first_path_of_the_layout_that_is_there_is_graded(exercise, submit):
    submission = submit({"power.py": POWERS, "hw1/powers.py": POWERS})

    assert locate(exercise, submission)[0] == "power.py"


def test_a_later_path_of_the_layout_is_found_too(exercise, submit):
    assert locate(exercise, submit({"hw1/powers.py": POWERS}))[0] == "hw1/powers.py"


def test_a_path_of_the_layout_is_found_below_other_folders(exercise, submit):
    assert locate(exercise, submit({"alice/late/hw1/powers.py": POWERS}))[0] == "alice/late/hw1/powers.py"


def test_a_file_of_the_layout_that_holds_something_else_does_not_hide_the_right_one(exercise, submit):
    submission = submit({"hw1/powers.py": "x = 1\n", "other.py": POWERS})

    assert locate(exercise, submission)[0] == "other.py"


def test_the_only_file_that_defines_a_function_is_graded_whatever_its_name(exercise, submit):
    assert locate(exercise, submit({"homework.py": POWERS, "notes.py": "y = 2\n"}))[0] == "homework.py"


def test_a_function_that_is_assigned_counts_as_defined(exercise, submit):
    assert locate(exercise, submit({"homework.py": "cube_forward = lambda x: x\n"}))[0] == "homework.py"


def test_two_files_that_both_could_be_meant_are_a_question_to_the_student(exercise, submit):
    path, reason = locate(exercise, submit({"a.py": POWERS, "b.py": POWERS}))

    assert path is None
    assert "a.py and b.py" in reason


def test_nothing_there_is_said_by_the_name_of_the_file_that_is_missing(exercise, submit):
    assert locate(exercise, submit({})) == (None, "There is no power.py in the submission.")


def test_a_file_that_could_not_be_read_is_the_reason(exercise, submit):
    submission = dataclasses.replace(submit({}), problems=(Problem(path="power.py", message="is a symbolic link"),))

    assert locate(exercise, submission) == (None, "power.py is a symbolic link.")


def test_a_function_written_for_another_exercise_is_not_handed_in(exercise, submit):
    submission = submit({"hw2/roots.py": POWERS})

    assert locate(exercise, submission, others=["roots.py"]) == (None, "There is no power.py in the submission.")
    assert locate(exercise, submission)[0] == "hw2/roots.py"


def test_two_functions_in_the_file_of_another_exercise_are_handed_in(exercise, submit):
    submission = submit({"roots.py": POWERS + "def cube_backward(dout, cache):\n    return dout\n"})

    assert locate(exercise, submission, others=["roots.py"])[0] == "roots.py"


def test_a_file_that_two_exercises_share_counts_for_each(exercise, submit):
    assert locate(exercise, submit({"hw1/powers.py": POWERS}), others=["hw1/powers.py"])[0] == "hw1/powers.py"
