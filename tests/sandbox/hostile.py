"""Hostile submissions to the tiny course: what they are made from, and what became of them.

The attacker knows everything: our code, the place of the reference, process ids, and where in the grader's memory the seed lies. What an
attack finds it puts into the message of an exception, which an instructor's scorecard keeps. That an attack is one at all is shown by
running the same code where it works: in a fork of the grader, in the plain sandbox, or against a comparison in the student's process.
"""

from __future__ import annotations

from grader.model import Limits, Verdict
from tests.conftest import HERE

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


def function(card, name):
    return next(one for one in card.exercises[0].functions if one.name == name)


def verdicts(card, name):
    return {check.verdict for check in function(card, name).checks if check.kind != "smoke"}


def limits_for(verdict):
    """Little time where it is time that is to run out, and enough where it is not."""
    return QUICK if verdict is Verdict.TIME_LIMIT_EXCEEDED else PATIENT


def zygote_of(sandbox):
    return sandbox._process.pid


def backward(body, above=""):
    """The right submission with another backward pass, whose body is one line or several."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return RIGHT[: RIGHT.index("def cube_backward")] + above + "\ndef cube_backward(dout, cache):\n" + lines
