"""Raise an exception whose message is not text.

ends: runtime_error
works in: naive
seen as: breaks
"""


class Odd(Exception):
    def __str__(self):
        return 5


def cube_backward(dout, cache):
    raise Odd
