"""Raise an exception of a type that says that it is called otherwise, and divides by zero when asked.

ends: runtime_error
works in: naive
seen as: breaks
"""


class Meta(type):
    __name__ = property(lambda self: 1 / 0)


class Odd(Exception, metaclass=Meta):
    pass


def cube_backward(dout, cache):
    raise Odd
