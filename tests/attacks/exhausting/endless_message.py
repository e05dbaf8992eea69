"""Raise an exception whose message never ends.

ends: time_limit_exceeded
works in: naive
seen as: hangs
"""


class Odd(Exception):
    def __str__(self):
        while True:
            pass


def cube_backward(dout, cache):
    raise Odd
