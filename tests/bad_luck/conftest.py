"""A small class, and what grading it comes to where nothing goes wrong."""

from __future__ import annotations

import pytest

from benchmarks.classes import Maker
from grader.catalog import load_course
from tests.bad_luck.runs import batch, shown


@pytest.fixture(scope="session")
def works(tmp_path_factory):
    """Six students: right, wrong, unfinished and crashing ones."""
    folder = tmp_path_factory.mktemp("works")
    mix = {"right": 2, "wrong": 2, "unfinished": 1, "crashing": 1}
    Maker(load_course(), ["dropout"], seed=3).write_class(folder, 6, mix)
    return folder


@pytest.fixture(scope="session")
def undisturbed(works, tmp_path_factory):
    """What grading them comes to where nothing goes wrong."""
    results = tmp_path_factory.mktemp("undisturbed")
    done = batch(works, results, "--jobs", "2")
    assert done.returncode == 0, done.stderr
    return shown(results)
