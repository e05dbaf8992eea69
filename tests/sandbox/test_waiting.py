"""On a machine with more to do than processors, limits count what a submission does and not what it waits for others."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time

import pytest

from grader.model import Ending, Job, Limits
from grader.sandbox.process import ProcessSandbox
from grader.sandbox.progress import Progress
from grader.sandbox.waiting import Waiting
from tests.sandbox import jobs

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="processes cannot be bound to a processor here")
BUSY = """
import time

def work(seconds):
    while time.thread_time() < seconds:
        pass
    return seconds
"""
SHORT = Limits(call_s=0.6)


@contextlib.contextmanager
def crowded(processor, neighbours=5):
    """So many endless loops on one processor."""
    bound = f"import os\nos.sched_setaffinity(0, {{{processor}}})\nprint(flush=True)\nwhile True: pass"
    command = [sys.executable, "-c", bound]
    # Each in a session of its own: Linux may share processors among sessions first, and a sandbox is in its own, too.
    others = [subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) for _ in range(neighbours)]
    try:
        for other in others:
            assert other.stdout.readline()
        yield
    finally:
        for other in others:
            other.kill()
            other.communicate()


@pytest.fixture(scope="module")
def crowd():
    """A sandbox that shares its only processor with five others."""
    processor = min(os.sched_getaffinity(0))
    with ProcessSandbox() as sandbox:
        assert sandbox.versions
        os.sched_setaffinity(sandbox._process.pid, {processor})
        with crowded(processor):
            yield sandbox


def test_work_within_its_time_is_answered_however_long_it_waits_for_a_processor(crowd):
    begun = time.monotonic()
    run = crowd.run(jobs.job(BUSY, ("work", 0.3), limits=SHORT))

    assert run.ending is Ending.FINISHED
    # Else it was not crowded, and nothing was shown.
    assert time.monotonic() - begun > SHORT.call_s


def test_without_the_excuse_the_same_work_runs_out_of_time(crowd, monkeypatch):
    monkeypatch.setattr(Waiting, "news_s", lambda self: 0.0)

    assert crowd.run(jobs.job(BUSY, ("work", 0.3), limits=SHORT)).ending is Ending.OUT_OF_TIME


def test_an_endless_loop_ends_on_a_crowded_machine_too(crowd):
    assert crowd.run(jobs.job(BUSY, ("work", 1000.0), limits=SHORT)).ending is Ending.OUT_OF_TIME


def test_who_sleeps_waits_for_no_processor_and_is_not_excused(crowd):
    begun = time.monotonic()
    run = crowd.run(jobs.job(jobs.SLEEPS, ("rest", 30), limits=SHORT))

    assert run.ending is Ending.OUT_OF_TIME
    assert time.monotonic() - begun < 5


def test_an_excuse_moves_both_clocks_and_one_that_is_too_short_neither():
    progress = Progress(job=Job(frames=(b"",), reply_bytes=(0,), limits=Limits(call_s=1.0, exercise_s=2.0)))
    progress.started -= 2.5
    progress.last_reply -= 1.25

    assert progress.overstepped(lambda: 0.0) is Ending.OUT_OF_TIME
    assert progress.overstepped(lambda: 0.001) is Ending.OUT_OF_TIME
    assert progress.overstepped(lambda: 0.75) is None
    assert progress.left_s() == pytest.approx(0.25, abs=0.2)


def test_what_has_been_waited_is_told_once():
    processor = min(os.sched_getaffinity(0))
    before = os.sched_getaffinity(0)
    with crowded(processor, neighbours=2):
        waiting = Waiting(0)
        os.sched_setaffinity(0, {processor})
        try:
            begun = time.thread_time()
            while time.thread_time() < begun + 0.1:
                pass
            told = waiting.news_s()
        finally:
            os.sched_setaffinity(0, before)
        again = waiting.news_s()

    assert told > 0.05
    assert again < told


def test_where_the_kernel_says_nothing_nobody_has_waited(monkeypatch):
    monkeypatch.setattr("grader.sandbox.waiting.OURS", "/proc/none")

    assert Waiting(2**30).news_s() == 0.0
