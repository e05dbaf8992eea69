"""The syllabus: every function has its place in it, nothing is in it that is not there, and what comes first is learned first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.catalog import load_checks, load_course, load_mistakes

PAGE = (Path(__file__).parent.parent / "docs" / "syllabus.md").read_text(encoding="utf-8")
COURSE = load_course()
FUNCTIONS = {function.name for exercise in COURSE.exercises for function in exercise.functions}


def part(title):
    """The text below a heading of second order."""
    return re.split(r"^## ", PAGE.split(f"\n## {title}\n")[1], maxsplit=1, flags=re.M)[0]


def test_every_function_is_mapped_to_where_it_is_taught():
    named = set(re.findall(r"`([a-z0-9_]+)`", part("Note by note")))

    assert named - FUNCTIONS - {exercise.name for exercise in COURSE.exercises} == set()
    assert FUNCTIONS - named == set()


def test_the_order_of_learning_is_that_of_the_course():
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \|([^|]*)\|$", part("The order of learning"), flags=re.M)

    assert [name for name, _needs in rows] == [exercise.name for exercise in COURSE.exercises]
    assert [tuple(filter(None, needs.strip().split(", "))) for _name, needs in rows] == [exercise.requires for exercise in COURSE.exercises]


def test_what_an_exercise_builds_on_comes_before_it():
    seen = set()
    for exercise in COURSE.exercises:
        assert set(exercise.requires) <= seen, exercise.name
        seen.add(exercise.name)


# Each row of the table of slips, by its first cell, with the mistakes of whoever follows the notes there: function, mistake.
SLIPS = {
    "Xavier": {("xavier_normal", "lecuns_variance"), ("xavier_uniform", "lecuns_variance"), ("lecun_normal", "glorots_variance")},
    "ReLU's factor": {("he_normal", "two_below_the_line")},
    "leaky ReLU": {("leaky_relu_forward", "another_default"), ("prelu_forward", "larger_of_two_lines")},
    "ELU": {("elu_forward", "bracket_forgotten")},
    "dropout's `p`": {("dropout_forward", "p_taken_for_the_share_dropped")},
    "dropout at inference": {("dropout_forward", "zeros_at_test_time")},
    "momentum's step": {("sgd_momentum", "ascent")},
    "batch norm's σ": {("batchnorm_forward", "no_eps_anywhere"), ("batchnorm_forward", "eps_outside_both_roots")},
    "binary cross-entropy": {("binary_cross_entropy", "sign_dropped")},
}


def test_every_slip_of_the_notes_is_a_known_mistake():
    known = {(mistake.function, mistake.name) for exercise in COURSE.exercises for mistake in load_mistakes(COURSE, exercise)}

    assert re.findall(r"^\| (?!topic|---)([^|]+?) \|", part("Where the notes slip"), flags=re.M) == list(SLIPS)
    assert set().union(*SLIPS.values()) <= known


@pytest.mark.parametrize("exercise", COURSE.exercises, ids=lambda exercise: exercise.name)
def test_every_function_has_hints_in_order(exercise):
    for function in exercise.functions:
        assert 2 <= len(function.hints) <= 5, function.name
        assert len(set(function.hints)) == len(function.hints), function.name
        assert all(hint.rstrip(")").endswith((".", "?")) for hint in function.hints), function.name


@pytest.mark.parametrize("exercise", COURSE.exercises, ids=lambda exercise: exercise.name)
def test_every_exercise_says_what_one_can_explain_after_it(exercise):
    assert 2 <= len(exercise.explain) <= 4


@pytest.mark.parametrize("exercise", COURSE.exercises, ids=lambda exercise: exercise.name)
def test_what_a_check_requires_is_one_line(exercise):
    # On a page, the end of a line within a sentence would be shown as the control character that it is.
    assert [check.name for check in load_checks(COURSE, exercise) if check.requirement != " ".join(check.requirement.split())] == []


@pytest.mark.parametrize("exercise", COURSE.exercises, ids=lambda exercise: exercise.name)
def test_every_function_has_known_mistakes(exercise):
    assert {mistake.function for mistake in load_mistakes(COURSE, exercise)} == {function.name for function in exercise.functions}


@pytest.mark.parametrize("exercise", COURSE.exercises, ids=lambda exercise: exercise.name)
def test_every_exercise_says_where_it_is_taught(exercise):
    assert any(re.search(r"00[0-4]", source) for source in exercise.sources), exercise.sources
