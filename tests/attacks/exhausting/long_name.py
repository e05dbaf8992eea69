"""Raise an exception of a type whose name is fifty megabytes long.

ends: runtime_error
works in: naive
seen as: floods
"""


def cube_backward(dout, cache):
    raise type("x" * 50_000_000, (Exception,), {})
