r"""Raise an exception with a message that cannot be written as UTF-8.

ends: runtime_error
works in: naive
seen as: breaks
"""


def cube_backward(dout, cache):
    raise ValueError("\ud800" * 100)
