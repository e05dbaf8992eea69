"""Raise the interrupt of a user, which few graders catch.

ends: runtime_error
works in: naive
seen as: dies
"""


def cube_backward(dout, cache):
    raise KeyboardInterrupt
