"""Hostile submissions, end to end: none breaks the grader, none outlives its grading, and none leaves a trace for the next."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from grader.catalog import load_course
from grader.errors import CourseError
from grader.model import Verdict
from tests.sandbox import jobs
from tests.sandbox.hostile import FORWARD, PATIENT, RIGHT, TINY, backward, function, limits_for, verdicts, zygote_of

# ------------------------------------------------------------------------------------------------------------ hostile exceptions


EXCEPTIONS = {
    "a message without end": (
        "raise Odd",
        "class Odd(Exception):\n    def __str__(self):\n        while True: pass\n",
        Verdict.TIME_LIMIT_EXCEEDED,
    ),
    "a message of 600 MB": ("raise ValueError(long)", "long = 'x' * 600_000_000\n", Verdict.RUNTIME_ERROR),
    "a message that is no text": ("raise Odd", "class Odd(Exception):\n    def __str__(self): return 5\n", Verdict.RUNTIME_ERROR),
    "a message that raises": ("raise Odd", "class Odd(Exception):\n    def __str__(self): raise SystemExit\n", Verdict.RUNTIME_ERROR),
    "a message that ends the process": (
        "raise Odd",
        "import os\nclass Odd(Exception):\n    def __str__(self): os._exit(0)\n",
        Verdict.RUNTIME_ERROR,
    ),
    "lone surrogates": ("raise ValueError('\\ud800' * 100)", "", Verdict.RUNTIME_ERROR),
    "a name that lies": (
        "raise Odd",
        "class Meta(type):\n    __name__ = property(lambda self: 1 / 0)\n    __getattribute__ = lambda self, name: 'Accepted'\n"
        "class Odd(Exception, metaclass=Meta): pass\n",
        Verdict.RUNTIME_ERROR,
    ),
    "a type that is everybody's": (
        "raise Odd",
        "class Meta(type):\n    __instancecheck__ = __subclasscheck__ = lambda self, other: True\n    mro = lambda self: type.mro(self)\n"
        "class Odd(Exception, metaclass=Meta): pass\n",
        Verdict.RUNTIME_ERROR,
    ),
    "a trace that is none": (
        "raise Odd",
        "class Odd(Exception):\n    __traceback__ = property(lambda self: 5, lambda self, value: None)\n",
        Verdict.RUNTIME_ERROR,
    ),
    "a trace without end": (
        "raise Odd",
        "import sys\nclass Trace:\n    tb_lineno = 1\n    tb_frame = property(lambda self: sys._getframe())\n"
        "    tb_next = property(lambda self: self)\n"
        "class Odd(Exception):\n    __traceback__ = property(lambda self: Trace())\n",
        Verdict.TIME_LIMIT_EXCEEDED,
    ),
    "the interrupt of a user": ("raise KeyboardInterrupt", "", Verdict.RUNTIME_ERROR),
    "the end of a program": ("import sys; sys.exit(0)", "", Verdict.RUNTIME_ERROR),
    "a group of exceptions": ("raise BaseExceptionGroup('x', [SystemExit(0), ValueError()])", "", Verdict.RUNTIME_ERROR),
    "a syntax error at no line": ("raise SyntaxError('x', ('power.py', 10**30, None, None))", "", Verdict.RUNTIME_ERROR),
}


@pytest.mark.parametrize("exception", EXCEPTIONS)
def test_a_hostile_exception_costs_its_own_function(grade, exception):
    body, above, verdict = EXCEPTIONS[exception]

    card = grade(backward(body, above), limits_for(verdict))

    assert function(card, "cube_forward").verdict is Verdict.ACCEPTED
    assert verdicts(card, "cube_backward") <= {verdict, Verdict.SKIPPED}
    assert verdict in verdicts(card, "cube_backward")
    assert function(card, "cube_backward").points == 0


# -------------------------------------------------------------------------------------------------------------------- survival


ENDS = {
    "fork": ("import os; os.fork()", Verdict.SECURITY_VIOLATION),
    "forkpty": ("import os; os.forkpty()", Verdict.SECURITY_VIOLATION),
    "exec": ("import os; os.execv('/bin/true', ['true'])", Verdict.SECURITY_VIOLATION),
    "thread": ("import threading; threading.Thread(target=print, daemon=True).start()", Verdict.RUNTIME_ERROR),
    "signal to the zygote": ("import os; os.kill(os.getppid(), 0)", Verdict.SECURITY_VIOLATION),
    "signal to everybody": ("import os; os.killpg(0, 0)", Verdict.SECURITY_VIOLATION),
    "stop": ("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", Verdict.SECURITY_VIOLATION),
    "timer": (
        "import signal; signal.signal(signal.SIGALRM, lambda *a: None); signal.setitimer(signal.ITIMER_REAL, 0.01)",
        Verdict.SECURITY_VIOLATION,
    ),
    "deaf to signals": (
        "import signal\nfor number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:\n    signal.signal(number, signal.SIG_IGN)\n"
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        Verdict.TIME_LIMIT_EXCEEDED,
    ),
    "more limits": ("import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (999, 999))", Verdict.RUNTIME_ERROR),
    "no descriptors left": ("import os; os.closerange(0, 100)", Verdict.RUNTIME_ERROR),
    "too many descriptors": ("import os\nwhile True: os.pipe()", Verdict.SECURITY_VIOLATION),
    "recursion": ("return cube_backward(dout, cache)", Verdict.RUNTIME_ERROR),
    "recursion in C": (
        "import sys; sys.setrecursionlimit(10**9)\ndef deeper(_): return list(map(deeper, [0]))\ndeeper(0)",
        Verdict.RUNTIME_ERROR,
    ),
    "segmentation fault": ("import ctypes; ctypes.string_at(1)", Verdict.RUNTIME_ERROR),
    "abort": ("import os; os.abort()", Verdict.RUNTIME_ERROR),
    "exit that claims success": ("import os; print('100/100', flush=True); os._exit(0)", Verdict.RUNTIME_ERROR),
    "memory": ("a = []\nwhile True: a.append(np.zeros(1 << 22))", Verdict.MEMORY_LIMIT_EXCEEDED),
    "memory by one text": ("'x' * (1 << 40)", Verdict.MEMORY_LIMIT_EXCEEDED),
    "printing": ("while True: print('x' * 100000)", Verdict.OUTPUT_LIMIT_EXCEEDED),
    "printing errors": ("import os\nwhile True: os.write(2, b'x' * 100000)", Verdict.OUTPUT_LIMIT_EXCEEDED),
    "sleep": ("import time; time.sleep(1000)", Verdict.TIME_LIMIT_EXCEEDED),
    "one long operation in C": ("return 7 ** (10 ** 8)", Verdict.TIME_LIMIT_EXCEEDED),
    "waiting for more requests": ("import os, time\nwhile True: os.read(3, 1 << 20)", Verdict.TIME_LIMIT_EXCEEDED),
    "a reply a byte at a time": (
        "import os, time\nos.write(4, b'\\x00\\x10\\x00\\x00')\nwhile True: os.write(4, b'x'); time.sleep(0.1)",
        Verdict.TIME_LIMIT_EXCEEDED,
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_whatever_ends_a_worker_has_its_verdict_and_leaves_the_sandbox_as_it_was(grade, box, end):
    body, verdict = ENDS[end]

    card = grade(backward(body), limits_for(verdict))

    assert function(card, "cube_forward").verdict is Verdict.ACCEPTED
    assert verdict in verdicts(card, "cube_backward")
    assert verdicts(card, "cube_backward") <= {verdict, Verdict.SKIPPED}
    assert function(card, "cube_backward").points == 0
    assert jobs.children_of(zygote_of(box)) == []
    assert grade(RIGHT).verdict is Verdict.ACCEPTED


PERSISTENT = {
    "daemon": "    try:\n        if os.fork() == 0: os.setsid(); os.fork(); time.sleep(60)\n    except OSError: pass\n",
    "thread": "    try: threading.Thread(target=time.sleep, args=(60,)).start()\n    except RuntimeError: pass\n",
    "shell": "    try: os.posix_spawn('/bin/sleep', ['sleep', '60'], {})\n    except OSError: pass\n",
    "at exit": "    atexit.register(lambda: (print('late', flush=True), time.sleep(60)))\n",
    "at collection": "    Late.kept = getattr(Late, 'kept', None) or Late()\n",
}


@pytest.mark.parametrize("way", PERSISTENT)
def test_nothing_runs_on_after_the_last_answer(grade, box, way):
    late = "class Late:\n    def __del__(self): print('late', flush=True); time.sleep(60)\n"
    head = "import atexit, os, threading, time\n" + late
    text = head + RIGHT.replace("    x, scale = cache\n", PERSISTENT[way] + "    x, scale = cache\n")

    card = grade(text)

    assert card.verdict is Verdict.ACCEPTED  # whoever does not complain of the refusal has computed the right thing
    assert "late" not in card.exercises[0].printed
    assert jobs.children_of(zygote_of(box)) == []


def test_control_a_process_of_its_own_outlives_an_answer_in_the_plain_sandbox(grade, plain):
    started = "import os\nif os.fork() == 0:\n    print('a second process', flush=True)\n    os._exit(0)\nos.wait()\n"

    card = grade(started + RIGHT, PATIENT, plain)

    assert "a second process" in card.exercises[0].printed


# ----------------------------------------------------------------------------------------------------------------------- state


POISONED = """
import ctypes, sys
import numpy as np
np.add = np.multiply = np.square = np.power = np.asarray = np.isfinite = np.allclose = lambda *a, **k: True
np.ndarray_was_here = sys.modules["numpy.linalg"].was_here = True
sys.modules["numpy.random"] = None
np.random.default_rng = lambda *a: None
sys.modules["__main__"].was_here = True
# Past Python itself: the digits of a constant, and a small integer that every module shares.
ctypes.c_double.from_address(id(np.pi) + 16).value = 4.0
"""
UNTOUCHED = """
import sys
import numpy as np
assert not hasattr(np, "ndarray_was_here") and not hasattr(np.linalg, "was_here") and not hasattr(sys.modules["__main__"], "was_here")
assert np.pi * 1 < 3.2 and np.add(1, 2) == 3 and np.random.default_rng(1).random() < 1
"""


def test_what_a_submission_does_to_numpy_reaches_neither_the_next_one_nor_the_grader(grade):
    before = {name: getattr(np, name) for name in ("add", "multiply", "square", "power", "asarray", "isfinite", "allclose")}

    poisoned = grade(POISONED + RIGHT.replace("import numpy as np", "assert np.pi == 4.0 and np.add(1, 2) is True"))
    card = grade(UNTOUCHED + RIGHT)

    assert poisoned.verdict is Verdict.ACCEPTED  # it did poison itself, and needs none of it to be right
    assert card.verdict is Verdict.ACCEPTED
    assert {name: getattr(np, name) for name in before} == before
    assert np.pi < 3.2
    assert not hasattr(np, "ndarray_was_here")


def test_the_input_of_the_next_call_is_no_answer_to_this_one(grade):
    text = """
import os
import numpy as np

waiting = b""

def cube_forward(x, scale=1.0):
    global waiting
    waiting += os.read(3, 1 << 16) if not waiting else b""
    at = waiting.find(np.asarray(x).shape[-1].to_bytes(8, "little"))
    values = np.frombuffer(waiting[at + 8 : at + 8 + x.nbytes].ljust(x.nbytes, b"\\0"), x.dtype).reshape(x.shape)
    return values, x

def cube_backward(dout, cache):
    return dout
"""

    assert grade(text).points == 0


def test_the_input_of_the_call_before_is_no_answer_to_this_one(grade):
    answer = "seen.append(x); return seen[-2] if len(seen) > 1 else x, (x, scale)"
    remembers = RIGHT.replace(FORWARD, answer)

    card = grade("seen = []\n" + remembers)

    assert function(card, "cube_forward").points == 0


def test_arguments_that_were_changed_do_not_reach_the_next_call(grade):
    changes = RIGHT.replace(FORWARD, "out, kept = scale * x ** 3, x.copy()\n    x[...] = np.nan\n    return out, (kept, scale)")

    card = grade(changes)

    lost = [check.name for check in function(card, "cube_forward").checks if check.verdict is not Verdict.ACCEPTED]
    assert lost == ["leaves_its_arguments_alone"]
    assert function(card, "cube_backward").verdict is Verdict.ACCEPTED


def test_an_argument_that_was_kept_and_changed_later_does_not_reach_the_next_call(grade):
    # Every argument ever seen is spoilt again at every call; the new ones are copies of their own.
    spoils = RIGHT.replace(FORWARD, "for old in seen: old[...] = 0\n    seen.append(x); return scale * x ** 3, (x.copy(), scale)")

    assert grade("seen = []\n" + spoils).verdict is Verdict.ACCEPTED


def test_the_order_in_which_submissions_are_graded_does_not_matter(grade):
    alone = grade(RIGHT)

    for body, _verdict in (ENDS["fork"], ENDS["segmentation fault"], ENDS["memory"], ENDS["no descriptors left"]):
        grade(backward(body))
    after = grade(RIGHT)

    assert dataclasses.replace(alone, run=after.run) == after


def test_a_seed_that_can_be_guessed_is_refused(monkeypatch):
    monkeypatch.setenv("TINY_SEED", "short")

    with pytest.raises(CourseError, match="guessed"):
        load_course(TINY)
