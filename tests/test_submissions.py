"""Students' code, sorted by the verdict that it must get: ``accepted/NAME`` and ``wrong_answer/FUNCTION__SLIP``.

The files are in the styles that students write in; each wrong one has a single slip, in the function that its folder is named for. Those of
activations, initialization, batchnorm and dropout were written from the catalogue alone, without sight of the reference, its checks or its
known mistakes; of the others some were written after them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.grading import grade_submission
from grader.model import Verdict
from grader.submission import load_submission

SUBMISSIONS = Path(__file__).parent / "submissions"
ACCEPTED = sorted(path.name for path in (SUBMISSIONS / "accepted").iterdir())
WRONG_ANSWER = sorted(path.name for path in (SUBMISSIONS / "wrong_answer").iterdir())


@pytest.fixture
def points_lost(default_grader, sandbox):
    """The points that each function of the submission in a folder loses, as far as the submission has something for it."""

    def grade(folder):
        card = grade_submission(load_submission(folder), sandbox, grader=default_grader)
        functions = [function for exercise in card.exercises for function in exercise.functions]
        return {each.name: each.max_points - each.points for each in functions if each.verdict is not Verdict.NOT_IMPLEMENTED}

    return grade


def backward_of(function):
    """Whoever is handed the cache of this function, and may rightly lose with it what the cache has no more."""
    stem = function.removesuffix("_forward")
    return set() if stem == function else {f"{stem}_backward", f"{stem}_backward_alt"}


@pytest.mark.parametrize("name", ACCEPTED)
def test_right_work_in_any_style_loses_nothing(points_lost, name):
    lost = points_lost(SUBMISSIONS / "accepted" / name)

    assert lost
    assert not any(lost.values()), lost


@pytest.mark.parametrize("name", WRONG_ANSWER)
def test_a_slip_costs_points_where_it_was_made_and_nowhere_else(points_lost, name):
    function = name.split("__")[0]

    lost = points_lost(SUBMISSIONS / "wrong_answer" / name)

    assert lost[function] > 0
    assert {other for other, points in lost.items() if points} <= {function} | backward_of(function)
