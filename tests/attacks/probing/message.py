"""Carry hidden inputs out in the message of an exception.

ends: runtime_error
works in: naive
seen as: leaks
"""


def cube_backward(dout, cache):
    raise ValueError("pro" + "bed " + repr(cache[0].tolist()))
