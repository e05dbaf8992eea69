"""Raise an exception with a message of fifty megabytes.

ends: runtime_error
works in: naive
seen as: floods
"""


def cube_backward(dout, cache):
    raise ValueError("x" * 50_000_000)
