"""Hostile submissions, end to end: none learns an answer."""

from __future__ import annotations

import ast
import ctypes
import os
import warnings

import numpy as np
import pytest

from grader.model import View
from grader.sandbox.inside import request
from grader.scorecard import scorecard_document
from tests.conftest import HERE
from tests.sandbox.hostile import PATIENT, REFERENCE, SECRET, function
from tests.sandbox.spies import FRAMES, READING, SPY


@pytest.fixture(scope="module")
def hidden(grader):
    """The input and the expected result of the first hidden case."""
    planned = next(one for one in grader.plan(grader.course.exercise("power")).checks if one.check.name == "scales_the_cube")
    given = request.read(request.decode(planned.calls[0].frame)[3][0])
    expected = planned.expectations[0].wants[0].expected
    assert np.array_equal(expected, given**3)
    return given, expected


@pytest.fixture(scope="module")
def spy(grader, hidden):
    """Make a submission of a spy, with all that an attacker may know written above it."""
    given, expected = hidden
    buffer = ctypes.create_string_buffer(SECRET.encode())
    secrets = {
        "seed": (SECRET.encode(), 20),
        "input": (given.tobytes()[:16], 8),
        "expected": (expected.tobytes()[:16], 8),
        "reference": (b"out = scale * x**3\n    return out, (x, scale)", 14),
    }
    assert secrets["reference"][0].decode() in REFERENCE.read_text()
    known = {
        "NEEDLES": [(name, raw[:cut], raw[cut:]) for name, (raw, cut) in secrets.items()],
        "GRADER": os.getpid(),
        "REFERENCE": str(REFERENCE),
        "ROOT": str(HERE.parent),
        "SEED_AT": (ctypes.addressof(buffer), len(SECRET)),
    }

    def make(code):
        return "\n".join(f"{name} = {value!r}" for name, value in known.items()) + SPY % code

    make.kept_alive = buffer
    return make


def found(card):
    """What a spy has put into the message of its exception."""
    check = next(check for check in function(card, "cube_forward").checks if check.name == "scales_the_cube")
    assert check.finding is not None
    assert check.finding.raised is not None, check.finding.message
    assert check.finding.raised.type_name == "AssertionError", check.finding.raised
    return ast.literal_eval(check.finding.raised.message)


def found_in_a_fork_of_the_grader(text, given):
    """What the same code finds where the worker is forked from the grader, as many graders do."""
    receiving, sending = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of a fork beside NumPy's threads
        pid = os.fork()
    if pid == 0:
        try:
            namespace = {}
            exec(compile(text, "power.py", "exec", dont_inherit=True), namespace)
            namespace["cube_forward"](given)
        except AssertionError as error:
            os.write(sending, str(error).encode()[:4000])
        finally:
            os._exit(0)
    os.close(sending)
    with open(receiving, encoding="utf-8") as stream:
        said = stream.read()
    os.waitpid(pid, 0)
    return ast.literal_eval(said)


# What a worker cannot help knowing is the input of the call that it answers: that it is found shows that the search is one.
WHAT_IS_THERE = {"frames": ["input"], "garbage": ["input"], "memory": ["input"], "environment": [], "modules": [], "imports": []}


@pytest.mark.parametrize("attack", READING)
def test_no_answer_is_found_in_the_workers_own_process(grade, spy, attack):
    card = grade(spy(READING[attack]), PATIENT)

    assert found(card) == WHAT_IS_THERE[attack]


@pytest.mark.parametrize(
    ("attack", "there"),
    [
        ("frames", {"seed", "input", "expected"}),
        ("garbage", {"seed", "input", "expected"}),
        ("memory", {"seed", "input", "expected", "reference"}),
        ("environment", {"seed"}),
        ("modules", {"grader", "tests", "pytest"}),
        ("imports", {"grader", "grader.catalog", "pytest", "reference"}),
    ],
)
def test_control_the_same_search_finds_the_answers_in_a_fork_of_the_grader(grader, spy, hidden, attack, there):
    given, expected = hidden
    assert expected is not None  # in a frame on the way up, as in a grader that compares where the student's code runs
    seed = grader.course.seed
    assert seed

    assert there <= set(found_in_a_fork_of_the_grader(spy(READING[attack]), given))


FILES = """
def by_libc():
    libc = ctypes.CDLL(None)
    descriptor = libc.open(REFERENCE.encode(), 0)
    if descriptor < 0:
        raise OSError("refused")

def seed_of(pid):
    # Where the seed lies is known; what is missing is the way there.
    class Piece(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
    address, size = SEED_AT
    mine = ctypes.create_string_buffer(size)
    libc = ctypes.CDLL(None, use_errno=True)
    ours, theirs = Piece(ctypes.addressof(mine), size), Piece(address, size)
    read = libc.process_vm_readv(pid, ctypes.byref(ours), ctypes.c_ulong(1), ctypes.byref(theirs), ctypes.c_ulong(1), ctypes.c_ulong(0))
    if read != size or not find(mine.raw):
        raise OSError(ctypes.get_errno(), "refused")

def memory_of(pid):
    with open(f"/proc/{pid}/mem", "rb", 0) as file:
        file.seek(SEED_AT[0])
        if not find(file.read(SEED_AT[1])):
            raise OSError("another process")

ATTEMPTS = {
    "open": lambda: open(REFERENCE).read(),
    "os.open": lambda: os.open(REFERENCE, os.O_RDONLY),
    "libc open": by_libc,
    "fromfile": lambda: np.fromfile(REFERENCE, np.uint8),
    "loadtxt": lambda: np.genfromtxt(REFERENCE, str, delimiter=";"),
    "stat": lambda: os.stat(REFERENCE),
    "access": lambda: os.access(REFERENCE, os.R_OK) or int("refused"),
    "listdir": lambda: os.listdir(os.path.dirname(REFERENCE)),
    "scandir": lambda: list(os.scandir("/")),
    "chdir": lambda: os.chdir("/"),
    "getcwd": __import__("posix").getcwd,
    "readlink": lambda: os.readlink("/proc/self/exe"),
    "own environment": lambda: open("/proc/self/environ").read(),
    "own memory map": lambda: open("/proc/self/maps").read(),
    "own root": lambda: open("/proc/self/root" + REFERENCE).read(),
    "own pipes": lambda: os.open("/proc/self/fd/1", os.O_WRONLY),
    "environment of the parent": lambda: open(f"/proc/{os.getppid()}/environ").read(),
    "environment of the grader": lambda: open(f"/proc/{GRADER}/environ").read(),
    "descriptors of the grader": lambda: os.listdir(f"/proc/{GRADER}/fd"),
    "memory of the grader": lambda: memory_of(GRADER),
    "process_vm_readv": lambda: seed_of(GRADER),
    "write": lambda: open("/tmp/.layerwise-was-here", "w").close() or os.unlink("/tmp/.layerwise-was-here"),
}

def spy():
    found = set()
    for name, attempt in ATTEMPTS.items():
        try:
            attempt()
            found.add(name)
        except (ImportError, OSError, ValueError):
            pass
    return found
"""
# Whether these work elsewhere is up to the host: Yama and containers may forbid them to everybody.
HOSTS_MAY_FORBID = {"memory of the grader", "process_vm_readv"}


def test_no_file_no_other_process_and_not_even_a_name_is_reached(grade, spy):
    card = grade(spy(FILES), PATIENT)

    assert found(card) == []


def test_control_the_plain_sandbox_lets_code_read_whatever_its_user_may(grade, spy, plain):
    card = grade(spy(FILES), PATIENT, plain)

    namespace = {}
    exec(spy(FILES), namespace)
    assert set(namespace["ATTEMPTS"]) - set(found(card)) <= HOSTS_MAY_FORBID


DESCRIPTORS = """
def spy():
    found = []
    for descriptor in range(1024):
        try:
            # By fcntl and lseek, because fstat() may be a call that takes a path, which is refused for every descriptor.
            os.get_inheritable(descriptor)
            os.lseek(descriptor, 0, os.SEEK_CUR)
            found.append((descriptor, "file"))
        except OSError as error:
            if error.errno == 29:
                found.append((descriptor, "pipe"))
    return found
"""


def test_the_worker_holds_its_three_streams_and_its_two_pipes_alone(grade, spy):
    card = grade(spy(DESCRIPTORS), PATIENT)

    # 0: the null device; 1 and 2: what is printed; 3: requests; 4: replies.
    assert found(card) == [(0, "file"), (1, "pipe"), (2, "pipe"), (3, "pipe"), (4, "pipe")]


def test_control_a_fork_of_the_grader_inherits_its_descriptors(spy, hidden):
    with open(REFERENCE) as kept_open:
        inherited = found_in_a_fork_of_the_grader(spy(DESCRIPTORS), hidden[0])

        assert (kept_open.fileno(), "file") in inherited


DIRECTIONS = """
def spy():
    found = []
    for descriptor, name, attempt in [
        (0, "read", lambda: os.read(0, 10) or int("nothing")),
        (1, "read", lambda: os.read(1, 10)),
        (2, "read", lambda: os.read(2, 10)),
        (4, "read", lambda: os.read(4, 10)),
        (3, "write", lambda: os.write(3, b"x")),
        (0, "duplicate", lambda: os.dup(0)),
        (4, "duplicate", lambda: os.dup2(4, 9)),
        (0, "look around", lambda: os.listdir(0)),
        (3, "look around", lambda: os.open("power.py", os.O_RDONLY, dir_fd=3)),
    ]:
        try:
            attempt()
            found.append((descriptor, name))
        except (OSError, ValueError):
            pass
    return found
"""


def test_no_descriptor_can_be_used_the_other_way_round_or_to_get_another(grade, spy):
    card = grade(spy(DIRECTIONS), PATIENT)

    assert found(card) == []


READ_AHEAD = """
def spy():
    frame = sys._getframe()
    while frame.f_code.co_name != "serve":
        frame = frame.f_back
    raw = frame.f_locals["frames"].gi_frame.f_locals["buffer"]
    assert len(raw) > 1000
    return find(raw)

keep_for_later = spy
def spy():
    return keep_for_later() | set(["read"])
"""


def test_the_requests_still_to_come_hold_inputs_and_no_answers(grade, spy, hidden):
    # Read at the call before the hidden case, whose input must then be among what is read.
    text = spy(READ_AHEAD).replace("np.shape(x) == (3, 4) and scale == 1.0", "np.shape(x) == (1,)")

    card = grade(text, PATIENT)

    message = next(check.finding.raised.message for check in function(card, "cube_forward").checks if check.name == "cubes_two")
    assert ast.literal_eval(message) == ["input", "read"]


def test_neither_view_of_a_spys_scorecard_holds_the_seed_or_the_reference(grade, spy):
    card = grade("print(__file__)\n" + spy(FRAMES), PATIENT)

    for view in View:
        text = repr(scorecard_document(card, view))
        assert "power.py" in text
        assert SECRET not in text
        assert "scale * x**3" not in text
