"""One more hint at a time: never twice the same, never a solution, and remembered."""

from __future__ import annotations

import pytest

from grader.catalog import load_course
from grader.cli import run
from tests.loop import HINTS, RIGHT, STUB, WRONG, make_work, other


@pytest.fixture
def hint(two_exercises, capsys):
    def call(*arguments, code=0):
        assert run(["hint", *arguments, "--course", str(two_exercises)]) == code
        return capsys.readouterr()

    return call


def test_every_call_gives_one_more_hint(work, hint):
    make_work(work, power=STUB)

    first, second = hint("cube_forward").out, hint("cube_forward").out

    assert HINTS[0] in first
    assert HINTS[1] not in first
    assert HINTS[1] in second
    assert HINTS[0] not in second
    assert "hint 2 of 2" in second


def test_when_all_are_given_it_says_so_and_shows_them_again(work, hint):
    make_work(work, power=STUB)
    for _ in HINTS:
        hint("cube_forward")

    out = hint("cube_forward").out

    assert "all 2 hints have been given" in out
    assert all(text in out for text in HINTS)


@pytest.mark.parametrize("name", ["cube_forward", "power.cube_forward", "third_power", "power.third_power"])
def test_a_function_has_the_names_that_it_has_elsewhere(work, hint, name):
    make_work(work, power=STUB)

    assert hint(name).out.startswith("power.cube_forward, hint 1 of 2")


def test_without_a_name_it_is_about_the_first_thing_to_mend(work, hint):
    make_work(work, power=WRONG, root=other(STUB))

    out = hint().out

    assert out.startswith("first: cube_forward (power.py) fails the check “")
    assert HINTS[0] in out


def test_with_the_name_of_an_exercise_it_is_about_the_first_thing_in_it(work, hint):
    make_work(work, power=WRONG, root=other(WRONG))

    assert "first: root_forward" in hint("root").out


def test_a_file_that_cannot_be_loaded_needs_no_hint_but_a_look(work, hint):
    make_work(work, power="def cube_forward(:\n")

    out = hint("power").out

    assert "power.py cannot be loaded: line 1" in out
    assert "Correct that first." in " ".join(out.split())
    assert HINTS[0] not in out


def test_a_function_in_a_file_that_cannot_be_loaded_needs_no_hint_either(work, hint):
    make_work(work, power="def cube_forward(:\n")

    for _ in range(2):
        out = " ".join(hint("cube_forward").out.split())
        assert out.startswith("first: power.py cannot be loaded: line 1")
        assert out.endswith("Correct that first.")

    make_work(work, power=STUB)
    assert "hint 1 of 2" in hint("cube_forward").out


def test_a_missing_file_is_to_be_started(work, hint):
    assert "`grade start .` writes the stubs" in hint("power").out


def test_who_has_finished_is_told_so(work, hint):
    make_work(work, power=RIGHT, root=other(RIGHT))

    assert hint().out == "Nothing is left to correct.\n"


def test_a_function_without_hints_leads_to_what_is_required(work, hint):
    make_work(work, root=other(STUB))

    assert "no hints for root.root_backward" in " ".join(hint("root_backward").out.split())


def test_outside_of_the_work_the_first_hint_is_given_and_nothing_is_written(work, hint):
    for _ in range(2):
        captured = hint("cube_forward")
        assert HINTS[0] in captured.out
        assert "there is no work of this course in this folder" in captured.err

    assert list(work.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cube_forwrd", "did you mean cube_forward?"),
        ("power.cube_forwrd", "did you mean cube_forward?"),
        ("powr.cube_forward", "did you mean power?"),
        ("zzz", "`grade list` and `grade show` have the names"),
    ],
)
def test_a_slip_in_a_name_is_met_with_the_nearest_one(work, hint, name, words):
    assert words in hint(name, code=2).err


def test_no_hint_is_a_finished_function():
    assert not [text for exercise in load_course().exercises for spec in exercise.functions for text in spec.hints if "def " in text]
