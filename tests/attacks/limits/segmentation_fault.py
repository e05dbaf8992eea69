"""Read an address where nothing is.

ends: runtime_error
works in: naive
seen as: dies
"""

import ctypes


def cube_backward(dout, cache):
    ctypes.string_at(1)
