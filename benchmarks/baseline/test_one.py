"""The baseline by pytest: the student's module in the process of the tests, one test per check."""

from __future__ import annotations

import types
from pathlib import Path

from grader.catalog import load_course
from grader.diagnosis import run_trusted
from grader.grading import plan_exercise
from grader.judging import judge_check


def pytest_generate_tests(metafunc):
    course = load_course()
    cases = []
    for name in metafunc.config.getoption("--exercises").split(","):
        path = Path(metafunc.config.getoption("--submission")) / f"{name}.py"
        module = types.ModuleType(name)
        module.__file__ = str(path)
        exec(compile(path.read_text(), str(path), "exec"), module.__dict__)
        cases += [(module, planned) for planned in plan_exercise(course, course.exercise(name)).checks]
    metafunc.parametrize(("module", "planned"), cases, ids=[f"{planned.check.function}-{planned.check.name}" for _, planned in cases])


def test_check(module, planned):
    answers = run_trusted(module, [planned])

    assert [one.finding for one in judge_check(planned, answers)] == [None] * len(planned.expectations)
