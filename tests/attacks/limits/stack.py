"""Recurse in C until the stack overflows, with Python's own limit taken away.

ends: runtime_error
works in: naive
seen as: dies
"""

import sys


def deeper(_):
    return list(map(deeper, [0]))


def cube_backward(dout, cache):
    sys.setrecursionlimit(10**9)
    if sys.version_info >= (3, 12):
        # From here on Python counts the stack of C itself, whatever its limit; a library does not.
        __import__("ctypes").string_at(1)
    return deeper(0)
