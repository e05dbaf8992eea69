"""Workers of a batch: whatever happens to them, every task comes back once, and none with a mark that nobody gave."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from grader.batch.pool import LocalPool, WorkerError
from grader.batch.worker import WorkerOptions
from grader.classwork import Task
from grader.model import Limits, Verdict
from grader.submission import load_submission

SAMPLES = Path(__file__).parent.parent.parent / "samples"
RIGHT = load_submission(SAMPLES / "complete")


def tasks(count, submission=RIGHT):
    return [Task(number=number, submission=submission, exercises=("dropout",)) for number in range(count)]


def verdicts(done):
    return {check.verdict for outcome in done.outcomes for function in outcome.functions for check in function.checks}


def workers():
    return [child for child in psutil.Process().children() if "spawn_main" in command_of(child)]


def command_of(process):
    """The command line of a process, empty for one that has ended and is not reaped yet."""
    try:
        return " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""


def test_every_task_comes_back_once():
    with LocalPool(WorkerOptions(), 2) as pool:
        found = list(pool.run(tasks(9)))

    assert sorted(done.number for done in found) == list(range(9))
    assert all(verdicts(done) == {Verdict.ACCEPTED} for done in found)


def test_no_more_workers_are_started_than_there_is_work():
    with LocalPool(WorkerOptions(), 4) as pool:
        before = len(workers())
        list(pool.run(tasks(1)))

        assert len(workers()) - before == 1


def test_tasks_are_taken_as_they_can_be_done():
    taken = []

    def source():
        for task in tasks(40):
            taken.append(task.number)
            yield task

    with LocalPool(WorkerOptions(), 1) as pool:
        for returned, _done in enumerate(pool.run(source()), 1):
            assert len(taken) - returned <= 2


def test_a_worker_that_is_killed_costs_no_result():
    killed = []
    with LocalPool(WorkerOptions(), 2) as pool:
        found = []
        for done in pool.run(tasks(12)):
            found.append(done)
            if len(found) in (2, 6):
                victim = workers()[0]
                victim.send_signal(signal.SIGKILL)
                killed.append(victim.pid)

    assert len(killed) == 2
    assert sorted(done.number for done in found) == list(range(12))
    assert all(verdicts(done) == {Verdict.ACCEPTED} for done in found)


def test_a_submission_that_ends_the_worker_every_time_is_set_aside_without_a_mark(monkeypatch):
    # Nothing that a submission can do ends a worker; this stands for a fault of ours that one submission brings out.
    poisoned = load_submission(SAMPLES / "typical_mistakes")
    options = WorkerOptions()
    with LocalPool(options, 1) as pool:
        monkeypatch.setattr(pool._context, "Process", Killing(pool._context.Process, poisoned.digest))
        found = {done.number: done for done in pool.run([*tasks(2), Task(number=7, submission=poisoned, exercises=("dropout",))])}

    assert "no mark was given" in found[7].lost
    assert found[7].outcomes == ()
    assert verdicts(found[0]) == verdicts(found[1]) == {Verdict.ACCEPTED}


class Killing:
    """Makes worker processes that end themselves when they are sent the submission with this digest."""

    def __init__(self, process, digest):
        self.process, self.digest = process, digest

    def __call__(self, target, args, daemon):
        return self.process(target=serve_until, args=(target, self.digest, *args), daemon=daemon)


class _Line:
    def __init__(self, line, digest):
        self.line, self.digest = line, digest

    def send(self, word):
        self.line.send(word)

    def recv(self):
        task = self.line.recv()
        if task.submission.digest == self.digest:
            os.kill(os.getpid(), signal.SIGKILL)
        return task


def serve_until(target, digest, line, options):
    target(_Line(line, digest), options)


def test_a_worker_that_hangs_is_replaced(monkeypatch):
    monkeypatch.setattr("grader.batch.pool.PATIENCE_S", 1.0)
    with LocalPool(WorkerOptions(limits=Limits(exercise_s=0.5)), 1) as pool:
        found = []
        for done in pool.run(tasks(4)):
            found.append(done)
            if len(found) == 1:
                workers()[0].send_signal(signal.SIGSTOP)

    assert sorted(done.number for done in found) == list(range(4))
    assert all(verdicts(done) == {Verdict.ACCEPTED} for done in found)


def test_closing_leaves_no_process_behind():
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    pool = LocalPool(WorkerOptions(), 2)
    results = pool.run(tasks(30))
    next(results)

    pool.close()

    time.sleep(0.3)
    assert {child.pid for child in psutil.Process().children(recursive=True)} - before <= resource_tracker()


def resource_tracker():
    """What multiprocessing itself keeps as long as the process lives."""
    return {child.pid for child in psutil.Process().children() if "resource_tracker" in command_of(child)}


def test_a_worker_that_cannot_begin_says_why(tmp_path):
    with LocalPool(WorkerOptions(course_root=tmp_path), 1) as pool, pytest.raises(WorkerError, match=r"course\.toml"):
        list(pool.run(tasks(1)))


def test_a_sandbox_is_replaced_after_so_many_submissions():
    with LocalPool(WorkerOptions(fresh_after=2), 1) as pool:
        seen = []
        for _done in pool.run(tasks(6)):
            seen += [child.pid for worker in workers() for child in worker.children()]

    assert len(set(seen)) >= 2
