"""The tiny course under a secret seed, and the sandboxes in which hostile submissions to it are graded."""

from __future__ import annotations

import sys

import pytest

from grader.catalog import load_course
from grader.grading import Grader, grade_submission
from tests.sandbox.hostile import QUICK, SECRET, TINY


@pytest.fixture(scope="module")
def grader():
    """The tiny course under a secret seed, which stays in the environment as long as sandboxes are started here."""
    if not sys.platform.startswith("linux"):
        pytest.skip("the process sandbox needs Linux")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TINY_SEED", SECRET)
        course = load_course(TINY)
        assert course.seed_is_secret
        yield Grader(course)


@pytest.fixture(scope="module")
def box(grader):
    from grader.sandbox.process import ProcessSandbox

    with ProcessSandbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def plain(grader):
    from grader.sandbox.plain import PlainSandbox

    with PlainSandbox() as opened:
        yield opened


@pytest.fixture
def grade(grader, box, submit):
    def run(text, limits=QUICK, sandbox=box):
        return grade_submission(submit(power=text), sandbox, grader=grader, limits=limits)

    return run
