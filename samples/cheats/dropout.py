"""What does not work here: looking for the answers, forging a reply, returning something that equals everything."""

import gc
import os
import sys

import numpy as np


class EqualToEverything(np.ndarray):
    def __eq__(self, other):
        return True

    def __array_ufunc__(self, *arguments, **options):
        return True


def dropout_forward(x, dropout_param):
    frame = sys._getframe()
    while frame is not None:
        for value in frame.f_locals.values():
            if isinstance(value, dict) and "expected" in value:
                return value["expected"]
        frame = frame.f_back
    return x.view(EqualToEverything), None


def dropout_backward(dout, cache):
    for thing in gc.get_objects():
        if type(thing).__name__ in ("Expectation", "PlannedCheck"):
            return thing.expected
    os.write(4, b"\x06\x00\x00\x00passed")
    return dout


def dropout_forward_unscaled(x, dropout_param):
    with open("/course/reference/dropout.py") as file:
        exec(file.read(), globals())
    return dropout_forward_unscaled(x, dropout_param)


def ensemble_average(theta, x, p):
    import reference.dropout

    return reference.dropout.ensemble_average(theta, x, p)
