"""Raise an exception with a chain of causes that is a circle by way of a property.

ends: runtime_error
works in: naive, tells by trace
seen as: never ends
"""


class Odd(Exception):
    @property
    def __cause__(self):
        return Odd()


def cube_backward(dout, cache):
    raise Odd
