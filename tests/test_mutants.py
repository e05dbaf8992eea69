"""Mutants of a reference: what is changed, what is left alone, and what is told of those that no check notices."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

from grader.catalog import load_course
from grader.errors import CourseError
from grader.mutants import make_mutants
from grader.survivors import survey_course

TINY = Path(__file__).parent / "courses" / "tiny"


def changed_lines(body, head="def f(x, w, axis):"):
    """The mutated form of the one line of a function's body, for each mutant."""
    source = f"import numpy as np\n\n\n{head}\n    {body}\n"
    return {mutant.after for mutant in make_mutants(source)}


@pytest.mark.parametrize(
    ("line", "change"),
    [
        ("return x + w", "return ((x) - (w))"),
        ("return x + w", "return (w)"),
        ("return x - w", "return ((w) - (x))"),
        ("return x / w", "return ((x) * (w))"),
        ("return x ** 2", "return x ** 3"),
        ("return -x", "return (x)"),
        ("return x > w", "return (x >= w)"),
        ("return x and w", "return (x or w)"),
        ("return np.sum(x, axis=0)", "return np.sum(x, axis=-1)"),
        ("return np.sum(x, axis=0)", "return np.sum(x)"),
        ("return np.sum(x, axis=0)", "return np.mean(x, axis=0)"),
        ("return x.sum(keepdims=True)", "return x.sum(keepdims=False)"),
        ("return x.sum(keepdims=True)", "return x.sum()"),
        ("return np.dot(x, w)", "return np.dot(w, x)"),
        ("return x @ w", "return ((w) @ (x))"),
        ("return x.T", "return x"),
        ("return x.copy()", "return (x)"),
        ("return np.exp(x)", "return (x)"),
        ("x += w", "x = w"),
        ("x += w", "x -= w"),
        ("x[0] = w", "pass"),
        ("return x if axis else w", "return (w)"),
        ("return 0.5 * x", "return 1.0 * x"),
    ],
)
def test_one_thing_is_changed(line, change):
    assert change in changed_lines(line)


def test_a_default_is_changed_too():
    lines = {mutant.after for mutant in make_mutants("def f(x, eps=1e-5):\n    return x\n")}

    assert "def f(x, eps=2e-05):" in lines


@pytest.mark.parametrize("line", ['"""Say 1 + 1."""', "raise ValueError('1 + 1' * 2)", "y: Array[1] = x", "assert x > 1"])
def test_words_annotations_and_refusals_are_left_alone(line):
    assert changed_lines(line) == set()


def test_arguments_that_commute_are_not_swapped():
    assert changed_lines("return np.maximum(x, w)") == {"return np.minimum(x, w)"}


def test_every_mutant_is_another_module_that_compiles():
    source = (TINY / "reference" / "power.py").read_text()

    mutants = list(make_mutants(source))

    assert len({mutant.source for mutant in mutants} | {source}) == len(mutants) + 1
    assert len({mutant.key for mutant in mutants}) == len(mutants)
    for mutant in mutants:
        ast.parse(mutant.source)


@pytest.fixture
def copy(tmp_path):
    return Path(shutil.copytree(TINY, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__")))


def test_a_mutant_that_costs_no_point_survives(copy):
    # Only the smoke check, which is worth nothing, calls with the default scale.
    (survey,) = survey_course(copy, jobs=1)

    assert [(mutant.function, mutant.after) for mutant in survey.survivors] == [("cube_forward", "def cube_forward(x, scale=2.0):")]
    assert survey.made == survey.killed + 1
    assert not survey.holds


def explain(course, **entry):
    folder = course / "reference" / "equivalents"
    folder.mkdir()
    lines = "\n".join(f"{key} = {value!r}" for key, value in entry.items())
    (folder / "power.toml").write_text(f"[[mutant]]\n{lines}\n")


def test_a_survivor_with_a_reason_is_equivalent(copy):
    before, after = "def cube_forward(x, scale=1.0):", "def cube_forward(x, scale=2.0):"
    explain(copy, function="cube_forward", before=before, after=after, reason="The default is never used.")

    (survey,) = survey_course(copy, jobs=1)

    assert survey.holds
    assert survey.equivalent == 1


def test_a_reason_for_a_mutant_that_does_not_survive_is_stale(copy):
    explain(copy, function="cube_backward", before="dx = 3 * scale", after="dx = 2 * scale", reason="It was so once.")

    (survey,) = survey_course(copy, jobs=1)

    assert [key[0] for key in survey.stale] == ["cube_backward"]
    assert not survey.holds


def test_an_equivalent_mutant_needs_a_reason(copy):
    explain(copy, function="cube_backward", before="a", after="b")

    with pytest.raises(CourseError, match="no reason"):
        list(survey_course(copy, jobs=1))


def test_every_mutant_of_the_default_course_is_killed_or_explained():
    surveys = list(survey_course(None))

    assert [(one.exercise, [mutant.key for mutant in one.survivors], one.stale) for one in surveys if not one.holds] == []
    assert [one.exercise for one in surveys] == [exercise.name for exercise in load_course().exercises]
    assert all(one.killed > 0.9 * one.made for one in surveys)
