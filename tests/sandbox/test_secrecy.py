"""Hostile submissions, end to end: none learns an answer, none is paid for a forgery, none outlives its grading, none breaks the grader.

The attacker knows everything: our code, the place of the reference, process ids, and where in the grader's memory the seed lies. What an
attack finds it puts into the message of an exception, which an instructor's scorecard keeps. That an attack is one at all is shown by
running the same code where it works: in a fork of the grader, in the plain sandbox, or against a comparison in the student's process.
"""

from __future__ import annotations

import ast
import ctypes
import dataclasses
import os
import pickle
import struct
import sys
import warnings

import numpy as np
import pytest

from grader.catalog import load_course
from grader.errors import CourseError
from grader.grading import Grader, grade_submission
from grader.model import Ending, Limits, Run, Verdict, View
from grader.sandbox.inside import codec, request
from grader.scorecard import scorecard_document, validate_document

if not sys.platform.startswith("linux"):
    pytest.skip("the process sandbox needs Linux", allow_module_level=True)

from grader.sandbox.plain import PlainSandbox
from grader.sandbox.process import ProcessSandbox
from tests.conftest import HERE
from tests.sandbox import jobs

TINY = HERE / "courses" / "tiny"
REFERENCE = TINY / "reference" / "power.py"
SECRET = "seed-9f1c4e7ab2d85063-known-to-the-grader-alone"
QUICK = Limits(call_s=0.5)
# A scan of all memory, or to fill what there is of it, takes part of a second.
PATIENT = Limits(call_s=20.0)

RIGHT = """
import numpy as np

def cube_forward(x, scale=1.0):
    return scale * x ** 3, (x, scale)

def cube_backward(dout, cache):
    x, scale = cache
    return 3 * scale * x ** 2 * dout
"""
FORWARD = "return scale * x ** 3, (x, scale)"


@pytest.fixture(scope="module")
def grader():
    """The tiny course under a secret seed, which stays in the environment as long as sandboxes are started here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TINY_SEED", SECRET)
        course = load_course(TINY)
        assert course.seed_is_secret
        yield Grader(course)


@pytest.fixture(scope="module")
def box(grader):
    with ProcessSandbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def plain(grader):
    with PlainSandbox() as opened:
        yield opened


@pytest.fixture
def grade(grader, box, submit):
    def run(text, limits=QUICK, sandbox=box):
        return grade_submission(submit(power=text), sandbox, grader=grader, limits=limits)

    return run


def function(card, name):
    return next(one for one in card.exercises[0].functions if one.name == name)


def verdicts(card, name):
    return {check.verdict for check in function(card, name).checks if check.kind != "smoke"}


def limits_for(verdict):
    """Little time where it is time that is to run out, and enough where it is not."""
    return QUICK if verdict is Verdict.TIME_LIMIT_EXCEEDED else PATIENT


def zygote_of(sandbox):
    return sandbox._process.pid


# ---------------------------------------------------------------------------------------------------- reading what is the grader's


# `find` knows every needle as two halves that never lie side by side in the submission itself, so that it cannot find its own.
SPY = """
import ctypes, gc, importlib, inspect, os, sys
import numpy as np

def find(raw):
    found = set()
    for name, first, second in NEEDLES:
        at = raw.find(first)
        while at >= 0 and name not in found:
            if raw.startswith(second, at + len(first)):
                found.add(name)
            at = raw.find(first, at + 1)
    return found

def find_in(value, depth=3):
    if isinstance(value, str):
        return find(value.encode("utf-8", "replace"))
    if isinstance(value, (bytes, bytearray)):
        return find(bytes(value))
    if isinstance(value, np.ndarray):
        return find(value.view(np.ndarray).tobytes()) if value.dtype != object and value.size < 10000 else set()
    if depth and type(value) in (dict, list, tuple):
        items = value.values() if type(value) is dict else value
        return set().union(*[find_in(item, depth - 1) for item in list(items)])
    return set()

%s

def cube_forward(x, scale=1.0):
    if np.shape(x) == (3, 4) and scale == 1.0:
        raise AssertionError(repr(sorted(spy())))
    return x, None

def cube_backward(dout, cache):
    return dout
"""

FRAMES = """
def spy():
    found, frame = set(), sys._getframe()
    while frame is not None:
        for scope in (frame.f_locals, frame.f_globals, frame.f_builtins):
            found |= find_in(dict(scope))
            for value in list(scope.values()):
                found |= find_in([getattr(value, name, None) for name in ("seed", "texts", "expected", "__dict__")])
        frame = frame.f_back
    try:
        records = inspect.stack(0)
    except OSError:  # it looks for source files
        records = []
    return found.union(*[find_in(dict(record.frame.f_locals)) for record in records])
"""

GARBAGE = """
def spy():
    gc.unfreeze()
    found, objects = set(), gc.get_objects()
    for start in range(0, len(objects), 1000):
        for leaf in gc.get_referents(*objects[start : start + 1000]):
            found |= find_in(leaf, 0)
    return found
"""

# rt_sigprocmask copies its mask in before it refuses the first argument: EFAULT says that a page is not there, and nothing is harmed.
MEMORY = """
libc = ctypes.CDLL(None, use_errno=True)
PAGE = 4096
PROBE = 135 if os.uname().machine == "aarch64" else 14

def is_there(address):
    libc.syscall(ctypes.c_long(PROBE), ctypes.c_long(99), ctypes.c_void_p(address), None, ctypes.c_long(8))
    return ctypes.get_errno() != 14

def known_addresses():
    gc.unfreeze()
    yield from (id(one) for one in gc.get_objects())
    yield from (one.ctypes.data for one in gc.get_referents(*gc.get_objects()) if type(one) is np.ndarray)
    yield ctypes.cast(libc.getenv, ctypes.c_void_p).value
    yield ctypes.c_void_p.in_dll(libc, "environ").value
    yield ctypes.addressof(ctypes.create_string_buffer(64))
    yield ctypes.addressof(ctypes.create_string_buffer(1 << 22))

def regions():
    end = 0
    for page in sorted({address // PAGE * PAGE for address in known_addresses() if address}):
        if page < end or not is_there(page):
            continue
        start = page
        while is_there(start - PAGE):
            start -= PAGE
        end = page + PAGE
        while is_there(end):
            end += PAGE
        yield start, end

def spy():
    found, seen = set(), 0
    for start, end in list(regions()):
        for at in range(start, end, 1 << 23):
            found |= find(ctypes.string_at(at, min((1 << 23) + 256, end - at)))
        seen += end - start
    assert seen > 10 << 20, seen
    return found
"""

ENVIRONMENT = """
def spy():
    libc = ctypes.CDLL(None)
    libc.getenv.restype = ctypes.c_char_p
    return find_in(dict(os.environ)) | find_in(dict(os.environb)) | find(libc.getenv(b"TINY_SEED") or b"")
"""

MODULES = """
def spy():
    found = {name.split(".")[0] for name in list(sys.modules)} & {"grader", "reference", "tests", "pytest", "jsonschema", "docker"}
    for module in list(sys.modules.values()):
        found |= find_in(dict(getattr(module, "__dict__", None) or {}))
    return found
"""

IMPORTS = """
def spy():
    found = set()
    for path in ("", ROOT, ROOT + "/reference", ROOT + "/tests/courses/tiny/reference"):
        sys.path.append(path)
    importlib.invalidate_caches()
    for name in ("grader", "grader.catalog", "reference", "power", "reference.power", "pytest", "multiprocessing.pool", "scipy"):
        try:
            module = importlib.import_module(name)
        except (ImportError, OSError):
            continue
        # One's own file, loaded once more under the name that the reference has too, is no find.
        if getattr(module.__spec__, "origin", "") != "power.py":
            found.add(name)
    return found
"""

READING = {"frames": FRAMES, "garbage": GARBAGE, "memory": MEMORY, "environment": ENVIRONMENT, "modules": MODULES, "imports": IMPORTS}


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


# --------------------------------------------------------------------------------------------------------------------- forging


def backward(body, above=""):
    """The right submission with another backward pass, whose body is one line or several."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return RIGHT[: RIGHT.index("def cube_backward")] + above + "\ndef cube_backward(dout, cache):\n" + lines


def frame(value):
    """A reply as a forger writes it: its length, then the value."""
    payload = bytes(codec.encode(value))
    return struct.pack("<I", len(payload)) + payload


def forge_at_load(raw):
    return f"import os\nraw = {raw!r}\nwhile raw:\n    raw = raw[os.write(4, raw):]\n" + RIGHT


def test_replies_guessed_in_advance_earn_nothing(grade):
    guess = frame(("loaded", None)) + frame(("returned", (np.ones((3, 4)),), (), (), False)) * 60

    card = grade(forge_at_load(guess))

    assert card.points == 0
    assert function(card, "cube_forward").checks[1].verdict is Verdict.WRONG_ANSWER


def test_control_a_forger_who_knew_every_number_would_be_paid(grader, box, grade, submit):
    class Listening:
        layers, versions, replies = box.layers, box.versions, ()

        def run(self, job):
            run = box.run(job)
            self.replies = run.replies
            return run

    listening = Listening()
    grade_submission(submit(power=RIGHT), listening, grader=grader, limits=QUICK)
    known = b"".join(struct.pack("<I", len(reply)) + reply for reply in listening.replies)

    # What follows the forgery computes nothing: the numbers in the channel are all that counts.
    card = grade(forge_at_load(known).replace("x ** 3", "x"))

    assert card.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("raw", "verdict"),
    [
        (b"\xff" * 4, Verdict.OUTPUT_LIMIT_EXCEEDED),
        (b"\xff\xff\xff\x7f" * 1000, Verdict.OUTPUT_LIMIT_EXCEEDED),
        (struct.pack("<I", 0), Verdict.SECURITY_VIOLATION),
        (frame({}), Verdict.SECURITY_VIOLATION),
        (frame(None), Verdict.SECURITY_VIOLATION),
        (frame(()), Verdict.SECURITY_VIOLATION),
        (frame(np.zeros(0)), Verdict.SECURITY_VIOLATION),
        (frame(("raised", "ValueError", "", "power.py", float("inf"), "", 0)), Verdict.SECURITY_VIOLATION),
        (frame(("loaded", {"a": 1})), Verdict.SECURITY_VIOLATION),
        (struct.pack("<I", 14) + b"l\x01\x00\x00\x00" * 2 + b"l\xff\xff\xff", Verdict.SECURITY_VIOLATION),
        (struct.pack("<I", 12) + b"ad\x02" + b"\xff" * 9, Verdict.SECURITY_VIOLATION),
    ],
    ids=["4 GiB", "2 GiB", "empty", "dict", "None", "tuple", "array", "infinite line", "odd note", "list", "array without end"],
)
def test_a_forged_reply_to_loading_is_refused(grade, raw, verdict):
    card = grade(forge_at_load(raw + b"x" * 100))

    assert card.points == 0
    assert verdicts(card, "cube_forward") == {verdict}


class Prank:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


def test_a_reply_that_is_a_pickle_is_not_loaded(grade, tmp_path):
    path = str(tmp_path / "was-here")
    payload = pickle.dumps(Prank(path))

    card = grade(backward(f"import os; os.write(4, {struct.pack('<I', len(payload)) + payload!r})"))

    assert function(card, "cube_backward").points == 0
    assert not os.path.exists(path)
    pickle.loads(payload)  # control: it would have been
    assert os.path.exists(path)


ODD = [
    *(None, True, 0, -1, 2**63 - 1, -(2**63), 1.5, float("inf"), float("-inf"), float("nan"), 1j),
    *("", "x" * 70000, [], (), {}, {"a": 1}, [[1], 2], codec.Opaque("ndarray"), codec.Oversized("float64", (10**12,))),
    *(np.array([]), np.array(1.0), np.array([1, 2]), np.array([2.0]), np.zeros((0, 5)), np.full((3, 4), np.nan), np.full((3, 4), np.inf)),
    *(np.ones((3, 4), complex), np.ones((3, 4), np.float16), np.full((3, 4), 2**64 - 1, np.uint64)),
]


class Forging:
    """A sandbox whose worker forges every reply to a call, which costs no process."""

    def __init__(self, box, forge):
        self.layers, self.versions, self.forge = box.layers, box.versions, forge

    def run(self, job):
        replies = [codec.encode(("loaded", None)), *[self.forge(frame) for frame in job.frames[1:]]]
        return Run(replies=tuple(map(bytes, replies)), ending=Ending.FINISHED)

    def restart(self):
        raise AssertionError("nothing was lost")


def replies_of(odd):
    """A reply of every kind with `odd` in every one of its places."""
    yield odd
    for status, fields in {"returned": 4, "count": 3, "missing": 0, "not_implemented": 0, "blocked": 1}.items():
        yield from ((status, *[odd] * count) for count in (fields, fields + 1))
    # (status, results, arguments afterwards, warnings, whether all is None): of one wanted value, and of one changed argument.
    yield from [("returned", (odd,), (), (), False), ("returned", (), (odd,), (), False), ("returned", (odd, odd), (odd,), (odd,), odd)]
    description = ["raised", "ValueError", "a message", "power.py", 3, "cube_forward", 0]
    for place in range(1, len(description)):
        yield (*description[:place], odd, *description[place + 1 :])


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:20].replace("\n", " "))
def test_no_forged_reply_crashes_the_grader_or_earns_a_point(grader, box, submit, odd):
    for reply in replies_of(odd):
        card = grade_submission(submit(power=RIGHT), Forging(box, lambda _frame, reply=reply: codec.encode(reply)), grader=grader)

        assert card.points == 0, reply
        for view in View:
            validate_document(scorecard_document(card, view))


def test_a_forged_message_is_cut_as_a_true_one_is(grader, box, submit):
    long = codec.encode(("raised", "ValueError", "x" * 60000, "power.py", 3, "cube_forward", 0))

    card = grade_submission(submit(power=RIGHT), Forging(box, lambda _frame: long), grader=grader)

    assert {len(check.finding.raised.message) for check in function(card, "cube_forward").checks} == {500}


# What would pass where the comparison is made beside the student's code: `np.allclose` and `==` are then the student's own.
YES_MAN = """
class Yes(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool).view(np.ndarray)
    def __ne__(self, other): return np.zeros(self.shape, bool).view(np.ndarray)
    def __array_ufunc__(self, *a, **k): return True
    def __array_function__(self, *a, **k): return True
    def __reduce__(self): raise SystemExit
    def all(self, *a, **k): return True
"""
CLAIMS_TO_BE_AN_ARRAY = """
class Claims:
    def __init__(self, like): self.like = like
    @property
    def __class__(self): return np.ndarray
    def view(self, *a): return self
    def astype(self, *a, **k): return self
    def __eq__(self, other): return True
    def __array_function__(self, *a, **k): return True
    def __getattr__(self, name): return getattr(self.like, name)
"""
EQUAL_TO_ALL = """
class Equal:
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __abs__(self): return 0.0
    def __le__(self, other): return True
    __hash__ = object.__hash__
"""
FLATTERERS = {
    "a subclass that says yes": ("return np.zeros(dout.shape).view(Yes)", YES_MAN),
    "an object that claims to be an array": ("return Claims(np.zeros(dout.shape))", CLAIMS_TO_BE_AN_ARRAY),
    "a patched comparison": (
        "return np.zeros(dout.shape)",
        "np.allclose = np.array_equal = np.testing.assert_allclose = np.isclose = lambda *a, **k: True\n",
    ),
}


@pytest.fixture
def _numpy_as_it_was(monkeypatch):
    import numpy.testing

    for module, name in [(np, "allclose"), (np, "array_equal"), (np, "isclose"), (numpy.testing, "assert_allclose")]:
        monkeypatch.setattr(module, name, getattr(module, name))


@pytest.mark.parametrize("flatterer", FLATTERERS)
@pytest.mark.usefixtures("_numpy_as_it_was")
def test_what_flatters_a_comparison_earns_nothing(grade, flatterer):
    text = backward(*FLATTERERS[flatterer])
    namespace = {}
    exec(text, namespace)
    flattering = namespace["cube_backward"](np.ones((4, 3)), None)
    assert bool(np.allclose(flattering, np.full((4, 3), 5.0)))  # control

    card = grade(text.replace("np.testing.assert_allclose = ", ""))

    assert function(card, "cube_forward").verdict is Verdict.ACCEPTED
    assert function(card, "cube_backward").points == 0


RESULTS = {
    "always-equal objects": ("out = np.empty(dout.shape, object); out[:] = Equal(); return out", EQUAL_TO_ALL),
    "an always-equal object": ("return Equal()", EQUAL_TO_ALL),
    "a structured array": ("return np.zeros(dout.shape, [('a', 'f8'), ('b', 'O')])", ""),
    "dates": ("return np.zeros(dout.shape, 'M8[s]')", ""),
    "texts": ("return np.full(dout.shape, '0')", ""),
    "long doubles": ("return np.zeros(dout.shape, np.longdouble)", ""),
    "complex numbers": ("return 3 * cache[1] * cache[0] ** 2 * dout + 0j", ""),
    "nothing but NaN": ("return np.full(dout.shape, np.nan)", ""),
    "nothing but infinity": ("return np.full(dout.shape, np.inf)", ""),
    "a masked array": ("return np.ma.masked_all(dout.shape)", ""),
    "an empty array": ("return np.zeros((0,))", ""),
    "a scalar that broadcasts": ("return np.float64(0)", ""),
    "a view of 10**12 elements": ("return np.broadcast_to(0.0, (10**6, 10**6))", ""),
    "an array of 200 MB": ("return np.zeros((5000, 5000))", ""),
    "a list that holds itself": ("a = []; a.append(a); return a", ""),
    "10**12 leaves": ("a = []\nfor _ in range(6):\n    a = [a] * 100\nreturn a", ""),
    "10**12 leaves in dicts": ("a = {}\nfor _ in range(6):\n    a = dict.fromkeys(map(str, range(100)), a)\nreturn a", ""),
    "a generator without end": ("import itertools; return itertools.count()", ""),
    "a type whose name is no text": ("return Odd()", "class Meta(type):\n    __name__ = 5\nclass Odd(metaclass=Meta): pass\n"),
    "a type whose name is a long text": (
        "return Odd()",
        "class Meta(type):\n    __name__ = 'x' * 10**8\nclass Odd(metaclass=Meta): pass\n",
    ),
    "a type whose name ends the process": (
        "return Odd()",
        "import os\nclass Meta(type):\n    __name__ = property(lambda self: os._exit(0))\nclass Odd(metaclass=Meta): pass\n",
    ),
    "a class that raises when asked for": (
        "return Odd()",
        "class Odd:\n    @property\n    def __class__(self): raise SystemExit\n    def __getattr__(self, name): raise KeyboardInterrupt\n",
    ),
    "a subclass with a view of its own": (
        "return np.zeros(dout.shape).view(Odd)",
        "class Odd(np.ndarray):\n    def view(self, *a): return self\n    dtype = property(lambda self: 1 / 0)\n",
    ),
    "a subclass that lies about its shape": (
        "return np.zeros(dout.shape).view(Odd)",
        "class Odd(np.ndarray):\n    def view(self, *a): return self\n    shape = (2**63, 2**63)\n    size = -1\n",
    ),
    "a text of 300 MB": ("return 'x' * 300_000_000", ""),
    "an integer without end": ("return 10**5000", ""),
}


@pytest.mark.parametrize("result", RESULTS)
def test_an_odd_result_earns_nothing_and_the_forward_pass_keeps_its_points(grade, result):
    card = grade(backward(*RESULTS[result]))

    assert function(card, "cube_forward").verdict is Verdict.ACCEPTED
    assert function(card, "cube_backward").points == 0
    assert Verdict.GRADER_ERROR not in verdicts(card, "cube_backward")


def huge(number):
    return backward(f"return np.full_like(dout, {number})").replace("x ** 3", "x ** 2")


def test_a_large_gradient_earns_no_follow_through(grade):
    assert grade(huge("1e100")).points == 0


def test_a_gradient_whose_square_overflows_earns_no_follow_through(grade):
    assert grade(huge("1e200")).points == 0


def test_weights_whose_square_overflows_earn_nothing(default_grader, box, submit):
    text = "import numpy as np\ndef he_normal(n_in, n_out, rng):\n    return np.full((n_in, n_out), 1e200)\n"

    card = grade_submission(submit(initialization=text), box, grader=default_grader, exercises=("initialization",))

    assert card.points == 0


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
