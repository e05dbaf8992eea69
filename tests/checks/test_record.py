"""What a check records: calls of the student's functions, and of callables made from recipes."""

import types

import numpy as np
import pytest

from grader.checks import Own, Recipe, Student
from grader.checks.plan import encode_calls
from grader.checks.record import Recorder
from grader.errors import CourseError
from grader.sandbox.inside import child, codec


@pytest.fixture
def reference():
    module = types.ModuleType("reference")
    module.__file__ = "reference.py"
    module.double = lambda x: 2 * x
    module.apply = lambda f, x: f(x)
    return module


def answer(recorder, module, aliases=None):
    """What `module` answers to what was recorded, as a worker would."""
    session = child.Session(lambda name: getattr(module, name, None), ())
    calls = encode_calls(recorder.calls, (), aliases or {}, 0)
    return [codec.decode(session.answer(call.frame)) for call in calls], session


def test_a_recipe_with_its_constants_arrives_as_a_callable(reference):
    recorder = Recorder(module=reference, labels={})
    A = np.array([1.0, 10.0])

    call = Student(recorder).apply(Recipe("lambda A: lambda x: np.sum(A * x)", (A,)), np.array([3.0, 4.0]))
    replies, session = answer(recorder, reference)

    assert call.result.expected == 43.0  # 1 * 3 + 10 * 4
    assert replies[0][0] == "returned"
    assert session.results[0] == (43.0,)


def test_a_recipe_may_use_the_students_own_functions(reference):
    recorder = Recorder(module=reference, labels={}, under_test="double")

    call = Student(recorder)(Recipe("lambda f: lambda x: f(f(x))", (Own("double"),)), 5.0)
    student = types.SimpleNamespace(double=lambda x: 3 * x)
    _replies, session = answer(recorder, student)

    assert call.spec.function == "double"
    assert call.result.expected == 20.0
    assert session.results[0] == (45.0,)


def test_a_recipe_finds_a_function_under_its_alias(reference):
    recorder = Recorder(module=reference, labels={})

    Student(recorder)(Recipe("lambda f: f", (Own("double"),)), 5.0)
    _replies, session = answer(recorder, types.SimpleNamespace(twice=lambda x: 2 * x), {"double": ("twice",)})

    assert session.results[0] == (10.0,)


def test_a_function_that_a_recipe_needs_and_the_student_lacks_is_missing(reference):
    recorder = Recorder(module=reference, labels={})

    Student(recorder)(Recipe("lambda f: f", (Own("double"),)), 5.0)
    replies, _session = answer(recorder, types.SimpleNamespace())

    assert replies == [("missing",)]


def test_a_recipe_of_a_function_that_the_reference_lacks_breaks_the_course(reference):
    recorder = Recorder(module=reference, labels={})

    with pytest.raises(CourseError, match="triple"):
        Student(recorder)(Recipe("lambda f: f", (Own("triple"),)), 5.0)


def test_the_reference_gets_the_constants_of_a_recipe_in_double_precision(reference):
    recorder = Recorder(module=reference, labels={})
    A = np.array([0.1], np.float32)

    call = Student(recorder).apply(Recipe("lambda A: lambda x: A", (A,)), 1.0)

    assert call.result.expected.dtype == np.float64
