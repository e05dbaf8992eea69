from __future__ import annotations

import os
import sys
import threading
import time

import numpy as np
import pytest

from grader.errors import SandboxError
from grader.model import Ending, Layers, Limits
from grader.sandbox.plain import PlainSandbox
from tests.sandbox import jobs

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit and no such signal")


@pytest.fixture(scope="module")
def sandbox():
    with PlainSandbox() as opened:
        yield opened


def test_an_answer_comes_back_from_a_finished_run(sandbox):
    run = sandbox.run(jobs.job(jobs.ADD, ("add", np.arange(3.0), 1.0), ("add", 2, 3)))

    first, second = jobs.values(run)
    assert run.ending is Ending.FINISHED
    np.testing.assert_array_equal(first, [1.0, 2.0, 3.0])
    assert second == 5


def test_the_next_job_knows_nothing_of_the_one_before(sandbox):
    source = "import numpy as np\ndef mark():\n    np.mark = 1\n    return 1\ndef look():\n    return hasattr(np, 'mark')\n"

    marked, seen, fresh = (sandbox.run(jobs.job(source, *calls)) for calls in ([("mark",), ("look",)], [("mark",)], [("look",)]))

    assert jobs.values(marked) == [1, True]
    assert jobs.values(seen) == [1]
    assert jobs.values(fresh) == [False]


def test_an_endless_loop_runs_out_of_time_and_keeps_the_answers_before_it(sandbox):
    run = sandbox.run(jobs.job(jobs.ADD + jobs.ENDLESS, ("add", 2, 3), ("spin",), limits=Limits(call_s=0.3)))

    assert run.ending is Ending.OUT_OF_TIME
    assert jobs.values(run) == [5]


def test_calls_that_are_each_quick_enough_run_out_of_the_time_of_the_exercise(sandbox):
    run = sandbox.run(jobs.job(jobs.SLEEPS, *[("rest", 0.2)] * 5, limits=Limits(call_s=5.0, exercise_s=0.5)))

    assert run.ending is Ending.OUT_OF_TIME
    assert 1 <= len(jobs.values(run)) <= 2  # two rests of 0.2 s fit into 0.5 s, three do not


@POSIX
def test_processor_time_is_limited_by_the_kernel(sandbox):
    run = sandbox.run(jobs.job(jobs.ENDLESS, ("spin",), limits=Limits(call_s=30.0, cpu_s=1)))

    assert run.ending is Ending.OUT_OF_CPU


@LINUX
def test_too_much_memory_is_a_memory_error_in_the_students_code(sandbox):
    run = sandbox.run(jobs.job(jobs.HOARDS, ("hoard", 16), ("hoard", 1024), limits=Limits(memory_mib=128)))

    few, many = jobs.values(run)
    assert few == 2.0**21  # 16 MiB are 2^21 ones of 8 bytes
    assert many[1] in ("MemoryError", "_ArrayMemoryError")


def test_printing_without_end_is_stopped(sandbox):
    run = sandbox.run(jobs.job(jobs.FLOODS, ("flood",), limits=Limits(output_bytes=100_000)))

    assert run.ending is Ending.TOO_MUCH_OUTPUT
    assert 0 < len(run.printed) <= 64 * 1024


@POSIX
@pytest.mark.parametrize(("call", "signal_number", "exit_code"), [(("crash",), 11, 0), (("leave", 7), 0, 7)], ids=["segfault", "os._exit"])
def test_a_worker_that_dies_says_of_what(sandbox, call, signal_number, exit_code):
    run = sandbox.run(jobs.job(jobs.CRASHES, call))

    assert (run.ending, run.signal, run.exit_code) == (Ending.DIED, signal_number, exit_code)


def test_a_forged_length_beyond_what_was_asked_for_is_a_bad_reply(sandbox):
    # The number of the reply pipe is not fixed here; to write to descriptors that are not there harms nobody.
    source = """
import os, time
def forge():
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, b"\\xff" * 4)
        except OSError:
            pass
    time.sleep(30)
"""

    run = sandbox.run(jobs.job(source, ("forge",)))

    assert run.ending is Ending.BAD_REPLY
    assert jobs.values(run) == []


def test_what_is_printed_is_kept_and_does_not_disturb_the_replies(sandbox):
    run = sandbox.run(jobs.job(jobs.PRINTS, ("shout", 3), ("shout", 2)))

    assert jobs.values(run) == [3, 2]
    assert sorted(run.printed.split()) == ["note", "note", "xx", "xxx"]


def test_input_is_empty_and_does_not_eat_the_requests(sandbox):
    run = sandbox.run(jobs.job(jobs.READS_INPUT, ("ask",), ("add", 2, 3)))

    asked, five = jobs.values(run)
    assert asked[:2] == ("raised", "EOFError")
    assert five == 5


def test_large_arrays_cross_both_ways_at_once(sandbox):
    array = np.random.default_rng(5).normal(size=(300, 400))

    run = sandbox.run(jobs.job("def same(x):\n    return x\n", *[("same", array)] * 8))

    assert all(np.array_equal(value, array) for value in jobs.values(run))


def test_what_is_not_on_the_allow_list_cannot_be_imported_as_in_the_other_sandboxes(sandbox):
    run = sandbox.run(jobs.job(jobs.SNEAKS, ("bring",)))

    assert jobs.values(run)[0][:2] == ("raised", "ModuleNotFoundError")


def test_files_can_be_read_so_it_claims_no_seal(sandbox):
    run = sandbox.run(jobs.job(jobs.SNEAKS, ("peek", __file__)))

    assert jobs.values(run)[0].startswith("from __future__")
    assert sandbox.layers == Layers(sandbox="plain", rlimits=sys.platform != "win32")


@LINUX
@pytest.mark.parametrize("call", [("add", 2, 3), ("spin",), ("crash",)], ids=["returned", "out of time", "crashed"])
def test_no_process_is_left_after_a_run(sandbox, call):
    before = jobs.children_of(os.getpid())
    sandbox.run(jobs.job(jobs.ADD + jobs.ENDLESS + jobs.CRASHES, call, limits=Limits(call_s=0.3)))

    assert set(jobs.children_of(os.getpid())) <= set(before)


@LINUX
def test_a_process_that_the_code_has_started_ends_with_it(sandbox):
    source = "import os, time\ndef split():\n    pid = os.fork()\n    if pid == 0:\n        time.sleep(60)\n    return pid\n"

    started = time.monotonic()
    run = sandbox.run(jobs.job(source, ("split",)))

    assert run.ending is Ending.FINISHED
    assert not jobs.is_there(jobs.values(run)[0])
    assert time.monotonic() - started < 5


@LINUX
def test_many_jobs_leave_no_open_file_and_no_thread(sandbox):
    sandbox.run(jobs.job(jobs.ADD, ("add", 1, 2)))
    files, threads = len(os.listdir("/proc/self/fd")), threading.active_count()

    for source, call in [(jobs.ADD, ("add", 1, 2)), (jobs.CRASHES, ("crash",))] * 5:
        sandbox.run(jobs.job(source, call))

    assert len(os.listdir("/proc/self/fd")) == files
    assert threading.active_count() == threads


@LINUX
def test_closing_ends_the_process_that_waits_for_a_job():
    before = set(jobs.children_of(os.getpid()))
    opened = PlainSandbox()
    assert opened.versions == opened.versions
    waiting = set(jobs.children_of(os.getpid())) - before

    opened.close()

    assert len(waiting) == 1
    assert set(jobs.children_of(os.getpid())) <= before


def test_the_versions_are_those_of_this_python(sandbox):
    assert sandbox.versions == (sys.version.split()[0], np.__version__)


def test_the_order_of_a_set_is_the_same_in_every_process(sandbox):
    first, second = (jobs.values(sandbox.run(jobs.job(jobs.ORDER, ("order",)))) for _ in range(2))

    assert len(first[0]) == 5
    assert first == second


def test_a_module_that_the_course_needs_and_that_is_not_there_is_an_error_of_ours():
    with pytest.raises(SandboxError, match="no_such_module"), PlainSandbox(("no_such_module",)) as opened:
        opened.run(jobs.job(jobs.ADD, ("add", 1, 2)))


def test_a_python_that_does_not_start_is_an_error_that_says_what_it_said(monkeypatch):
    monkeypatch.setattr("grader.sandbox.plain.command", lambda *_, **__: ["-c", "raise SystemExit('no such thing')"])

    with pytest.raises(SandboxError, match="no such thing"), PlainSandbox() as opened:
        opened.run(jobs.job(jobs.ADD, ("add", 1, 2)))
