"""Zygotes and workers that die or stop at any moment cost time, and never a mark."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest

from grader.batch.pool import LocalPool
from grader.batch.run import is_ours
from grader.batch.worker import SandboxGoneError, Worker, WorkerOptions
from grader.classwork import Task
from grader.errors import SandboxError
from grader.model import Ending, Limits
from grader.submission import load_submission
from tests.bad_luck.runs import SAMPLES, linux
from tests.sandbox import jobs

pytestmark = linux
TASK = Task(number=0, submission=load_submission(SAMPLES / "typical_mistakes"), exercises=("dropout",))


@pytest.fixture
def sandbox():
    from grader.sandbox.process import ProcessSandbox

    with ProcessSandbox() as opened:
        assert opened.versions
        yield opened


@pytest.fixture(scope="module")
def expected():
    worker = Worker(WorkerOptions())
    try:
        return worker.grade(TASK).outcomes
    finally:
        worker.close()


def zygotes():
    return [child for child in psutil.Process().children(recursive=True) if is_zygote(child)]


def is_zygote(process):
    try:
        return "zygote.main" in " ".join(process.cmdline())
    except psutil.Error:
        # It has just gone.
        return False


def later(seconds, act):
    timer = threading.Timer(seconds, act)
    timer.start()
    return timer


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_zygote_that_dies_between_two_jobs_is_a_loss_and_not_an_answer(sandbox, number):
    assert jobs.values(sandbox.run(jobs.job(jobs.ADD, ("add", 2, 3)))) == [5]

    os.kill(sandbox._process.pid, number)
    sandbox._process.wait()
    lost = sandbox.run(jobs.job(jobs.ADD, ("add", 2, 3)))
    sandbox.restart()

    assert lost.ending is Ending.LOST
    assert jobs.values(sandbox.run(jobs.job(jobs.ADD, ("add", 2, 3)))) == [5]


def test_a_zygote_that_dies_in_the_middle_of_a_job_takes_its_worker_along(sandbox):
    pid = sandbox._process.pid
    seen = []
    timer = later(0.3, lambda: (seen.extend(jobs.children_of(pid)), os.kill(pid, signal.SIGKILL)))

    run = sandbox.run(jobs.job(jobs.SLEEPS, ("rest", 20)))

    timer.join()
    assert run.ending is Ending.LOST
    assert seen
    assert not any(jobs.is_there(child) for child in seen)


def test_a_zygote_that_stops_for_ever_is_given_up_after_the_time_of_the_call(sandbox, monkeypatch):
    # To the grader, this is what a worker is like that hangs in the kernel: it was killed, and is never reported as gone.
    monkeypatch.setattr("grader.sandbox.client.OBEY_S", 1.0)
    pid = sandbox._process.pid
    timer = later(0.2, lambda: os.kill(pid, signal.SIGSTOP))

    begun = time.monotonic()
    run = sandbox.run(jobs.job(jobs.SLEEPS, ("rest", 20), limits=Limits(call_s=1.0)))

    timer.join()
    assert run.ending is Ending.LOST
    assert time.monotonic() - begun < 6
    sandbox.restart()
    assert jobs.values(sandbox.run(jobs.job(jobs.ADD, ("add", 2, 3)))) == [5]
    assert not jobs.is_there(pid)


def test_a_worker_that_is_stopped_runs_out_of_time_as_one_that_sleeps_does(sandbox):
    pid = sandbox._process.pid
    timer = later(0.2, lambda: [os.kill(child, signal.SIGSTOP) for child in jobs.children_of(pid)])

    run = sandbox.run(jobs.job(jobs.SLEEPS, ("rest", 20), limits=Limits(call_s=1.0)))

    timer.join()
    assert run.ending is Ending.OUT_OF_TIME
    assert jobs.children_of(pid) == []


HOARDS = """
import time
import numpy as np

def hoard(mib):
    time.sleep(0.5)
    return np.ones(mib << 17).sum()
"""


@pytest.fixture
def small_group():
    """A group of processes that may have 48 MiB together: to the kernel, which ends one of them for it, what a full machine is."""
    group = Path("/sys/fs/cgroup/memory") / f"layerwise-test-{os.getpid()}"
    if not (group.parent / "memory.limit_in_bytes").exists():
        group = Path("/sys/fs/cgroup") / group.name
    limit = "memory.limit_in_bytes" if "memory/" in str(group) else "memory.max"
    try:
        group.mkdir()
        (group / limit).write_text(str(48 << 20))
    except OSError as error:
        pytest.skip(f"no group with a bound on memory can be made here: {error}")
    yield group
    group.rmdir()


def test_a_worker_that_is_ended_since_the_machine_has_no_memory_left_is_a_loss_and_not_its_students_fault(sandbox, small_group):
    pid = sandbox._process.pid
    timer = later(0.2, lambda: [(small_group / "cgroup.procs").write_text(str(child)) for child in jobs.children_of(pid)])

    sacrificed = sandbox.run(jobs.job(HOARDS, ("hoard", 256)))

    timer.join()
    assert (sacrificed.ending, sacrificed.signal) == (Ending.LOST, signal.SIGKILL)
    assert jobs.values(sandbox.run(jobs.job(HOARDS, ("hoard", 256)))) == [256 << 17]


def test_a_worker_that_is_killed_on_a_machine_with_memory_to_spare_has_died(sandbox):
    pid = sandbox._process.pid
    timer = later(0.2, lambda: [os.kill(child, signal.SIGKILL) for child in jobs.children_of(pid)])

    run = sandbox.run(jobs.job(HOARDS, ("hoard", 1)))

    timer.join()
    assert (run.ending, run.signal) == (Ending.DIED, signal.SIGKILL)


def test_a_shortage_of_long_ago_excuses_the_next_death_and_no_other(sandbox, monkeypatch):
    # A shortage that hit somebody else looks the same; whoever gains by it is asked again, and gains nothing.
    kills = iter([7, 7])
    monkeypatch.setattr("grader.sandbox.client.count_shortages", lambda: next(kills))
    sandbox._client._shortages = 6
    pid = sandbox._process.pid
    endings = []
    for _again in range(2):
        timer = later(0.2, lambda: [os.kill(child, signal.SIGKILL) for child in jobs.children_of(pid)])
        endings.append(sandbox.run(jobs.job(HOARDS, ("hoard", 1))).ending)
        timer.join()

    assert endings == [Ending.LOST, Ending.DIED]


def test_zygotes_that_die_all_the_time_cost_no_result_of_a_batch(expected):
    found, killed = [], 0
    with LocalPool(WorkerOptions(), 2) as pool:
        for done in pool.run(Task(number=number, submission=TASK.submission, exercises=("dropout",)) for number in range(24)):
            found.append(done)
            if len(found) % 4 == 0:
                for zygote in zygotes()[:1]:
                    zygote.kill()
                    killed += 1

    assert killed >= 4
    assert sorted(done.number for done in found) == list(range(24))
    sound = [done for done in found if not done.lost and not any(map(is_ours, done.outcomes))]
    # One that lost two sandboxes running is left open, and asked for again by the batch; none has another mark.
    assert len(sound) >= 20
    assert all(done.outcomes == expected for done in sound)


def test_a_sandbox_that_is_away_for_a_while_is_waited_for(expected, monkeypatch):
    monkeypatch.setattr("grader.batch.worker.RETRY_S", 0.05)
    worker = Worker(WorkerOptions())
    try:
        real, refusals = worker._sandbox._inner.restart, iter([SandboxError("no engine answers")] * 3)

        def restart():
            for refusal in refusals:
                raise refusal
            real()

        monkeypatch.setattr(worker._sandbox._inner, "restart", restart)
        worker._sandbox.suspicious = True
        done = worker.grade(TASK)
    finally:
        worker.close()

    assert done.outcomes == expected
    assert next(refusals, None) is None


def test_a_sandbox_that_stays_away_ends_the_worker_and_not_one_submission_after_the_other(monkeypatch):
    monkeypatch.setattr("grader.batch.worker.ABSENCE_S", 0.2)
    monkeypatch.setattr("grader.batch.worker.RETRY_S", 0.05)
    worker = Worker(WorkerOptions())
    try:
        monkeypatch.setattr(worker._sandbox._inner, "restart", _raise(SandboxError("no engine answers", remedy="Start it.")))
        worker._sandbox.suspicious = True
        with pytest.raises(SandboxGoneError, match="no engine answers") as gone:
            worker.grade(TASK)
    finally:
        worker.close()

    assert gone.value.exit_code == 6
    assert "What was graded is kept" in gone.value.remedy


def test_a_worker_that_finds_no_room_in_the_middle_says_so_and_marks_nothing(monkeypatch):
    worker = Worker(WorkerOptions())
    try:
        monkeypatch.setattr("grader.batch.worker.find_outcomes", _raise(OSError(24, "Too many open files")))
        done = worker.grade(TASK)
    finally:
        worker.close()

    assert done.outcomes == ()
    assert done.lost.startswith("Too many open files. Allow more open files")


def _raise(error):
    def fail(*_arguments, **_named):
        raise error

    return fail
