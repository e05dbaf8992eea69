"""Raise a group of a group of a group of exceptions, a thousand deep.

ends: runtime_error
works in: naive, tells by trace
seen as: breaks
"""


def cube_backward(dout, cache):
    error = ValueError("at the bottom")
    for _ in range(3000):
        error = ExceptionGroup("x", [error])
    raise error
