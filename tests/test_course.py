"""A course is read whole or refused with one sentence; the default course is proven."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.catalog import load_checks, load_course, load_mistakes, load_reference
from grader.errors import CourseError
from grader.grading import Grader
from grader.verify import verify_exercise

TINY = Path(__file__).parent / "courses" / "tiny"
EXERCISES = [exercise.name for exercise in load_course().exercises]


@pytest.fixture
def copy(tmp_path):
    return Path(shutil.copytree(TINY, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__")))


@pytest.mark.parametrize("name", EXERCISES)
def test_the_default_course_is_proven_through_the_sandbox(name, default_grader, sandbox):
    proof = verify_exercise(default_grader, default_grader.course.exercise(name), sandbox)

    assert [(claim.text, claim.broken) for claim in proof.claims if claim.broken] == []
    assert proof.mistakes >= proof.functions
    assert proof.variants >= 3


def test_the_default_course_grades_the_whole_catalogue_of_its_modules(default_course):
    counts = {exercise.name: len(exercise.functions) for exercise in default_course.exercises}

    assert counts == {
        "activations": 17,
        "losses": 5,
        "backprop": 9,
        "preprocessing": 6,
        "initialization": 11,
        "optim": 10,
        "batchnorm": 10,
        "dropout": 4,
        "regularization": 10,
        "pretraining": 4,
        "rnn": 5,
        "visualization": 7,
    }


def test_an_exercise_with_the_name_of_a_library_is_refused(copy):
    for suffix in (".py", ".toml"):
        (copy / "exercises" / f"power{suffix}").rename(copy / "exercises" / f"statistics{suffix}")
    (copy / "course.toml").write_text((copy / "course.toml").read_text().replace("power = ", "statistics = "))

    with pytest.raises(CourseError, match="has the name of a library"):
        load_course(copy)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("course.toml", "[layout]", "[layuot]", "unknown key 'layuot'"),
        ("course.toml", "name = ", "name ", "cannot be read"),
        ("course.toml", "power = ", "powr = ", "names 'powr'"),
        ("exercises/power.toml", "returns", "retruns", "unknown key 'retruns'"),
    ],
)
def test_a_slip_in_a_table_is_named(copy, file, old, new, words):
    path = copy / file
    path.write_text(path.read_text().replace(old, new, 1))

    with pytest.raises(CourseError, match=words):
        load_course(copy)


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("reference/checks/power.py", "x = 1\n", "has no check"),
        ("reference/checks/power.py", "def broken(:\n", "cannot be imported: SyntaxError"),
        ("reference/checks/power.py", "import nothing_of_the_kind\n", "cannot be imported: ModuleNotFoundError"),
    ],
)
def test_checks_that_cannot_be_used_are_the_courses_fault(copy, file, text, words):
    (copy / file).write_text(text)
    course = load_course(copy)

    with pytest.raises(CourseError, match=words):
        load_checks(course, course.exercise("power"))


def test_a_mistake_whose_edit_does_not_fit_the_reference_is_refused(copy):
    from grader.checks.mistakes import mistaken_source

    course = load_course(copy)
    exercise = course.exercise("power")
    mistake = load_mistakes(course, exercise)[0]

    with pytest.raises(CourseError, match="stands 0 times"):
        mistaken_source("def cube_forward(x):\n    return x\n", mistake)


def test_two_courses_with_an_exercise_of_the_same_name_do_not_meet(copy):
    (copy / "reference" / "power.py").write_text("MARK = 1\n")
    one, other = load_course(TINY), load_course(copy)

    assert not hasattr(load_reference(one, one.exercise("power")), "MARK")
    assert load_reference(other, other.exercise("power")).MARK == 1


def test_the_digest_changes_with_anything_that_marks_depend_on(copy):
    before = load_course(copy).digest
    path = copy / "reference" / "checks" / "power.py"
    path.write_text(path.read_text().replace("points=2", "points=3"))

    assert load_course(copy).digest != before


def test_a_seed_file_comes_before_the_environment(copy, monkeypatch):
    (copy / "course.toml").write_text((copy / "course.toml").read_text().replace("[seed]", '[seed]\nfile = "seed.txt"'))
    (copy / "seed.txt").write_text("0123456789abcdef-from-the-file\n")
    monkeypatch.setenv("TINY_SEED", "0123456789abcdef-from-the-environment")

    course = load_course(copy)

    assert course.seed == b"0123456789abcdef-from-the-file"
    assert course.mark.seed == "secret"


def test_without_a_seed_the_public_one_is_used_and_said(copy):
    assert load_course(copy).mark.seed == "public"


def test_a_variant_that_comes_near_a_tolerance_breaks_the_proof(copy, sandbox):
    # A relative error of 5e-8 is within 1e-7, the tolerance, but not within a tenth of it.
    near = "def cube_forward(x, scale=1.0):\n    return scale * x**3 * (1 + 5e-8), (x, scale)\n\n\n"
    near += "def cube_backward(dout, cache):\n    x, scale = cache\n    return 3 * scale * x**2 * dout\n"
    (copy / "reference" / "variants" / "power_near.py").write_text(near)
    course = load_course(copy)

    proof = verify_exercise(Grader(course), course.exercise("power"), sandbox)

    (broken,) = [claim for claim in proof.claims if claim.broken]
    assert broken.text == "no variant uses more than 10% of a tolerance"
    assert broken.broken[0].startswith("cube_forward: power_near uses ")
