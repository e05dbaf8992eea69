"""Raise an exception below Exception, which `except Exception` lets through.

ends: runtime_error
works in: naive
seen as: breaks
"""


def cube_backward(dout, cache):
    raise GeneratorExit("not for you")
