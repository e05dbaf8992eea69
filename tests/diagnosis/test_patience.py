"""What the search for a mistake runs with arguments that nobody has tried may never end; the search does."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from grader.catalog import reference_source
from grader.grading import Grader
from grader.model import Evidence, Limits
from grader.patience import Exhausted, Patience
from grader.supposing import LARGEST, _of_a_number
from grader.verify import as_submission


def loop(times):
    count = 0
    while count != times:
        count += 1
    return count


def test_what_ends_in_time_is_not_disturbed():
    with Patience(1000) as patience:
        assert loop(100) == 100

    assert not patience.is_over


def test_what_does_not_end_is_ended():
    with pytest.raises(Exhausted), Patience(1000) as patience:
        loop(-1)

    assert patience.is_over


def test_it_ends_at_the_same_place_every_time():
    def forever(counts):
        while True:
            counts.append(loop(3))

    def reached():
        counts = []
        with pytest.raises(Exhausted), Patience(1000):
            forever(counts)
        return len(counts)

    assert reached() == reached() > 1


def test_whoever_traced_before_traces_again():
    before = sys.gettrace()
    seen = []

    def tracer(*_what):
        seen.append(1)

    sys.settrace(tracer)
    try:
        with Patience(10_000):
            loop(3)
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)


def test_lines_of_numpy_are_not_counted_one_by_one():
    with Patience(100) as patience:
        np.linalg.pinv(np.eye(20))

    assert not patience.is_over


def test_a_reference_that_never_ends_with_a_parameter_left_out_keeps_nobody_waiting(default_course, sandbox):
    # With a period of 0 the loop of cosine_restarts never moves on: "period is left out" is supposed of whoever is wrong here.
    exercise = default_course.exercise("optim")
    source = reference_source(default_course, exercise)
    wrong = source.replace("t, length = step, period", "t, length = step + 1, period").replace("length *= mult", "length *= 1")
    assert wrong.count("length *= 1") == wrong.count("step + 1, period") == 1
    grader = Grader(default_course)

    outcome = grader.grade_exercise(exercise, as_submission(exercise, wrong), sandbox, Limits())

    function = next(one for one in outcome.functions if one.function == "cosine_restarts")
    assert [one.evidence for one in function.diagnoses] == [Evidence.NOT_RECOGNISED]
    endless = [known for known in grader.plan(exercise).diagnostician._known.values() if known.is_endless]
    assert endless


def test_the_size_of_something_is_not_supposed_to_be_enormous():
    squared = next(one for one in _of_a_number("count", {}) if one.name == "parameter_squared")

    assert squared.change(60, {}) == 3600
    assert squared.change(LARGEST, {}) == LARGEST
    assert squared.change(100.0, {}) == 10_000.0
