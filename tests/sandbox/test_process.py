from __future__ import annotations

import errno
import gc
import os
import signal
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from grader.errors import SandboxError
from grader.model import Ending, Limits
from tests.sandbox import jobs

if not sys.platform.startswith("linux"):
    pytest.skip("the process sandbox needs Linux", allow_module_level=True)

from grader.sandbox.process import ProcessSandbox

QUICK = Limits(call_s=0.3, exercise_s=10.0)


@pytest.fixture(scope="module")
def sandbox():
    with ProcessSandbox() as opened:
        yield opened


def zygote_of(sandbox: ProcessSandbox) -> int:
    return sandbox._process.pid


# Endings


def test_an_answer_comes_back_from_a_finished_run(sandbox):
    run = sandbox.run(jobs.job(jobs.ADD, ("add", np.arange(3.0), 1.0), ("add", 2, 3)))

    first, second = jobs.values(run)
    assert run.ending is Ending.FINISHED
    np.testing.assert_array_equal(first, [1.0, 2.0, 3.0])
    assert second == 5


def test_an_exception_is_an_answer_and_the_next_call_is_made(sandbox):
    source = jobs.ADD + "def fail():\n    raise KeyError('gamma')\n"

    run = sandbox.run(jobs.job(source, ("fail",), ("add", 2, 3)))

    raised, five = jobs.values(run)
    # Type, message, file, line and function of the student's own code, errno.
    assert raised == ("raised", "KeyError", "'gamma'", jobs.PATH, 4, "fail", 0)
    assert five == 5
    assert run.ending is Ending.FINISHED


def test_an_endless_loop_runs_out_of_time_and_keeps_the_answers_before_it(sandbox):
    run = sandbox.run(jobs.job(jobs.ADD + jobs.ENDLESS, ("add", 2, 3), ("spin",), ("add", 1, 1), limits=QUICK))

    assert run.ending is Ending.OUT_OF_TIME
    assert jobs.values(run) == [5]


def test_calls_that_are_each_quick_enough_run_out_of_the_time_of_the_exercise(sandbox):
    limits = Limits(call_s=5.0, exercise_s=0.5)

    run = sandbox.run(jobs.job(jobs.SLEEPS, *[("rest", 0.2)] * 5, limits=limits))

    assert run.ending is Ending.OUT_OF_TIME
    assert 1 <= len(jobs.values(run)) <= 2  # two rests of 0.2 s fit into 0.5 s, three do not


def test_processor_time_is_limited_by_the_kernel(sandbox):
    run = sandbox.run(jobs.job(jobs.ENDLESS, ("spin",), limits=Limits(call_s=30.0, cpu_s=1)))

    assert run.ending is Ending.OUT_OF_CPU
    assert run.signal == signal.SIGKILL


def test_too_much_memory_is_a_memory_error_in_the_students_code(sandbox):
    limits = Limits(memory_mib=128)

    run = sandbox.run(jobs.job(jobs.HOARDS, ("hoard", 16), ("hoard", 1024), ("hoard", 16), limits=limits))

    few, many, few_again = jobs.values(run)
    # 16 MiB are 2^21 ones of 8 bytes.
    assert few == few_again == 2.0**21
    assert many[:2] == ("raised", "MemoryError") or many[1] == "_ArrayMemoryError"
    assert run.ending is Ending.FINISHED


def test_printing_without_end_is_stopped(sandbox):
    run = sandbox.run(jobs.job(jobs.FLOODS, ("flood",), limits=Limits(output_bytes=100_000)))

    assert run.ending is Ending.TOO_MUCH_OUTPUT
    assert 0 < len(run.printed) <= 64 * 1024


@pytest.mark.parametrize(
    ("call", "signal_number", "exit_code"), [(("crash",), signal.SIGSEGV, 0), (("leave", 7), 0, 7)], ids=["segfault", "os._exit"]
)
def test_a_worker_that_dies_says_of_what(sandbox, call, signal_number, exit_code):
    run = sandbox.run(jobs.job(jobs.CRASHES, call))

    assert (run.ending, run.signal, run.exit_code) == (Ending.DIED, signal_number, exit_code)
    assert jobs.values(run) == []


def test_a_forged_length_beyond_what_was_asked_for_is_a_bad_reply(sandbox):
    # Descriptor 4 is the reply pipe; the header says 4 GiB less one byte.
    source = "import os, time\ndef forge():\n    os.write(4, b'\\xff' * 4)\n    time.sleep(30)\n"

    run = sandbox.run(jobs.job(source, ("forge",)))

    assert run.ending is Ending.BAD_REPLY
    assert jobs.values(run) == []


def test_more_replies_than_calls_are_not_read(sandbox):
    source = "import os\ndef forge():\n    for _ in range(3):\n        os.write(4, b'\\x01\\x00\\x00\\x00N')\n    return 1\n"

    run = sandbox.run(jobs.job(source, ("forge",)))

    assert run.ending is Ending.FINISHED
    assert run.replies[1:] == (b"N",)  # the first forged one, which is data as any other


def test_closing_the_requests_ends_the_worker(sandbox):
    source = "import os\ndef shut(descriptor, _more=None):\n    os.close(descriptor)\n    return 1\n"
    # More than is read at once, so that this request is still to be read when the descriptor is gone.
    more = np.zeros(1 << 20)

    run = sandbox.run(jobs.job(source, ("shut", 3), ("shut", 3, more)))

    assert run.ending is Ending.DIED
    assert jobs.values(run) == [1]


def test_closing_the_replies_ends_the_worker(sandbox):
    source = "import os\ndef shut(descriptor):\n    os.close(descriptor)\n    return 1\n"

    run = sandbox.run(jobs.job(source, ("shut", 4)))

    assert run.ending is Ending.DIED
    assert jobs.values(run) == []


# Streams


def test_what_is_printed_is_kept(sandbox):
    run = sandbox.run(jobs.job(jobs.PRINTS, ("shout", 3)))

    assert sorted(run.printed.splitlines()) == ["note", "xxx"]


def test_input_is_empty_and_does_not_eat_the_requests(sandbox):
    run = sandbox.run(jobs.job(jobs.READS_INPUT, ("ask",), ("add", 2, 3)))

    asked, five = jobs.values(run)
    assert asked[:2] == ("raised", "EOFError")
    assert five == 5


def test_large_arrays_cross_both_ways_at_once(sandbox):
    array = np.random.default_rng(5).normal(size=(300, 400))  # 0.96 MB, of the 1 MiB that a reply may hold

    run = sandbox.run(jobs.job("def same(x):\n    return x\n", *[("same", array)] * 8))

    assert all(np.array_equal(value, array) for value in jobs.values(run))


# Isolation


def test_a_file_that_everybody_may_read_is_refused(sandbox):
    assert "root" in Path("/etc/passwd").read_text()

    run = sandbox.run(jobs.job(jobs.SNEAKS, ("peek", "/etc/passwd"), ("bring",)))

    refused, missing = jobs.values(run)
    assert (refused[1], refused[-1]) == ("PermissionError", errno.EPERM)
    assert missing[:2] == ("raised", "ModuleNotFoundError")


def test_a_helper_module_may_have_the_name_of_one_of_ours(sandbox):
    # A single file, so its import of a sibling `codec` finds nothing, ours neither.
    run = sandbox.run(jobs.job("def bring():\n    import codec\n    return 1\n", ("bring",)))

    assert jobs.values(run)[0][:2] == ("raised", "ModuleNotFoundError")


# Nothing is left


@pytest.mark.parametrize("call", [("add", 2, 3), ("spin",), ("crash",)], ids=["returned", "out of time", "crashed"])
def test_no_process_is_left_after_a_run(sandbox, call):
    sandbox.run(jobs.job(jobs.ADD + jobs.ENDLESS + jobs.CRASHES, call, limits=QUICK))

    assert jobs.children_of(zygote_of(sandbox)) == []


def run_many(sandbox: ProcessSandbox, count: int) -> None:
    for source, call in [(jobs.ADD, ("add", 1, 2)), (jobs.CRASHES, ("crash",))] * (count // 2):
        sandbox.run(jobs.job(source, call))


def test_many_jobs_leave_no_open_file_in_the_grader(sandbox):
    run_many(sandbox, 2)
    gc.collect()
    before = os.listdir("/proc/self/fd")

    run_many(sandbox, 50)

    assert len(os.listdir("/proc/self/fd")) == len(before)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look into a zygote")
def test_many_jobs_leave_no_open_file_in_the_zygote(sandbox):
    run_many(sandbox, 2)
    before = os.listdir(f"/proc/{zygote_of(sandbox)}/fd")

    run_many(sandbox, 50)

    assert len(os.listdir(f"/proc/{zygote_of(sandbox)}/fd")) == len(before)


def test_closing_leaves_no_zygote():
    opened = ProcessSandbox()
    assert opened.versions[1]
    pid = zygote_of(opened)

    opened.close()

    assert not jobs.is_there(pid)


def test_a_zygote_that_is_killed_loses_the_job_and_can_be_replaced():
    with ProcessSandbox() as opened:
        assert opened.layers.seccomp
        lost = zygote_of(opened)
        killer = threading.Timer(0.3, os.kill, (lost, signal.SIGKILL))
        killer.start()

        run = opened.run(jobs.job(jobs.SLEEPS, ("rest", 20)))
        killer.join()
        again = opened.run(jobs.job(jobs.ADD, ("add", 2, 3)))
        opened.restart()
        after = opened.run(jobs.job(jobs.ADD, ("add", 2, 3)))

    assert (run.ending, again.ending, after.ending) == (Ending.LOST, Ending.LOST, Ending.FINISHED)
    assert jobs.values(after) == [5]


# The same every time


def test_the_order_of_a_set_is_the_same_in_every_sandbox(sandbox):
    with ProcessSandbox() as other:
        first, second = (jobs.values(each.run(jobs.job(jobs.ORDER, ("order",)))) for each in (sandbox, other))

    assert len(first[0]) == 5
    assert first == second


def test_global_random_numbers_depend_on_the_seed_of_the_call_alone(sandbox):
    first, same, other = (jobs.values(sandbox.run(jobs.job(jobs.DRAWS, ("draw",), ("draw",), seed=seed)))[0] for seed in (7, 7, 8))

    assert first == same
    assert first != other
    assert first[0] == np.random.RandomState(7).rand()


def test_a_module_that_the_course_needs_and_that_is_not_there_is_an_error_of_ours():
    with ProcessSandbox(("no_such_module",)) as opened, pytest.raises(SandboxError, match="no_such_module") as caught:
        opened.run(jobs.job(jobs.ADD, ("add", 1, 2)))

    assert caught.value.remedy
