"""A clock that jumps, forwards or backwards, before a batch, between two of them and in the middle of one: no mark hangs on it."""

from __future__ import annotations

import csv
import shutil
import time
from datetime import UTC, datetime, timedelta

import pytest

from grader.batch.marking import BatchPlan, keep, mark
from grader.batch.run import ClassRun
from grader.catalog import load_course
from grader.classwork import Policy
from grader.intake import find_handins
from grader.model import Limits
from grader.sandbox.progress import Progress
from grader.store import Store
from tests.bad_luck.runs import batch, grade, shown
from tests.batch.test_run import FakePool, Heard
from tests.sandbox import jobs

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
JUMPS = [timedelta(0), timedelta(days=4000), timedelta(days=-4000), timedelta(hours=-1)]
CLOCKS = ("store.history", "store.handed_in", "store.results", "batch.marking", "marks.stored", "grading")


class Clock:
    """Stands for the class datetime in our modules; it shows another time at every look."""

    min = datetime.min

    def __init__(self):
        self.looks = 0

    def now(self, zone=None):
        self.looks += 1
        return NOW + JUMPS[self.looks % len(JUMPS)]

    def __getattr__(self, name):
        return getattr(datetime, name)


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    for module in CLOCKS:
        monkeypatch.setattr(f"grader.{module}.datetime", made)
    return made


def test_with_a_clock_that_jumps_all_the_time_the_newest_revision_is_the_last_one_made(clock, tmp_path):
    plan = BatchPlan(course=load_course(), exercises=("dropout",), sandbox="process", limits=Limits())
    with Store.open(tmp_path / "layerwise.db") as store:
        for number in range(5):
            (tmp_path / "works" / "ann").mkdir(parents=True, exist_ok=True)
            (tmp_path / "works" / "ann" / "dropout.py").write_text(f"a = {number}\n")
            run = ClassRun(plan, store, Heard())
            run.run(find_handins(tmp_path / "works", layout="folders", scratch=tmp_path), FakePool())
            revision = keep(store, mark(store, run.keys, Policy(), command="batch"))

            assert store.revision() == revision
            assert [one.id for one in store.revisions()] == list(range(1, number + 2))
        counted = {mark.handin for mark in store.revision().marks}
        assert counted == {max(handin.id for handin in store.handins())}

    assert clock.looks > 20


def test_limits_of_submitted_code_are_kept_by_a_clock_that_cannot_be_set(monkeypatch):
    progress = Progress(job=jobs.job(jobs.ADD, ("add", 2, 3), limits=Limits(call_s=5.0)))
    monkeypatch.setattr(time, "time", lambda: 4e9)

    assert 4.0 < progress.left_s() <= 5.0
    assert progress.overstepped(lambda: 0.0) is None


@pytest.mark.parametrize("jump", ["-4000d", "+4000d"])
def test_another_date_gives_the_same_results_and_goes_on_with_those_of_today(works, undisturbed, tmp_path, jump):
    faketime = shutil.which("faketime")
    if faketime is None:
        pytest.skip("faketime is not installed")

    then = batch(works, tmp_path, "--jobs", "1", before=[faketime, "-m", "-f", jump])
    assert then.returncode == 0, then.stderr
    assert shown(tmp_path) == undisturbed
    before = (tmp_path / "scorecards" / "student00000.json").read_bytes()
    now = batch(works, tmp_path, "--jobs", "1")

    assert "6 known before" in now.stderr
    assert (tmp_path / "scorecards" / "student00000.json").read_bytes() == before
    assert grade("rescore", tmp_path, before=[faketime, "-m", "-f", jump]).returncode == 0
    assert shown(tmp_path) == undisturbed


def test_lateness_hangs_on_the_times_that_the_class_came_with_and_not_on_the_clock(works, tmp_path):
    faketime = shutil.which("faketime")
    if faketime is None:
        pytest.skip("faketime is not installed")
    times = tmp_path / "times.csv"
    with times.open("w", newline="") as file:
        csv.writer(file).writerows([["student", "submitted_at"], *([f"student0000{n}", f"2026-11-2{n}T12:00:00+00:00"] for n in range(6))])
    policy = ["--times", times, "--late", "10%/day", "--deadline", "2026-11-22T12:00:00+00:00", "--jobs", "1"]

    gradebooks = set()
    for name, before in (("now", []), ("later", [faketime, "-m", "-f", "+4000d"])):
        done = batch(works, tmp_path / name, *policy, before=before)
        assert done.returncode == 0, done.stderr
        gradebooks.add((tmp_path / name / "gradebook.csv").read_bytes())

    assert len(gradebooks) == 1
    assert b"late" in gradebooks.pop()
