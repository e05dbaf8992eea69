"""Hostile submissions, end to end: none is paid for a forgery, and none breaks the grader by what it returns."""

from __future__ import annotations

import os
import pickle
import struct

import numpy as np
import pytest

from grader.grading import grade_submission
from grader.model import Ending, Run, Verdict, View
from grader.sandbox.inside import codec
from grader.scorecard import scorecard_document, validate_document
from tests.sandbox.hostile import QUICK, RIGHT, backward, function, verdicts


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
