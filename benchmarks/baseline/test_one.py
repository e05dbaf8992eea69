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
        checks = plan_exercise(course, course.exercise(name)).checks
        made_by = {call.number: planned for planned in checks for call in planned.calls}
        for planned in checks:
            # A check that looks at the calls of another one has that one's answers as a fixture.
            looked_at = {made_by[result.call].check.name: made_by[result.call] for one in planned.expectations for result in one.wants}
            cases.append((module, planned, list(looked_at.values())))
    ids = [f"{planned.check.function}-{planned.check.name}" for _, planned, _ in cases]
    metafunc.parametrize(("module", "planned", "looked_at"), cases, ids=ids)


ANSWERS = {}


def test_check(module, planned, looked_at):
    key = (module.__name__, *(f"{one.check.function}.{one.check.name}" for one in looked_at))
    if key not in ANSWERS:
        ANSWERS[key] = run_trusted(module, looked_at)

    assert [one.finding for one in judge_check(planned, ANSWERS[key])] == [None] * len(planned.expectations)
