"""Abort, which would leave a core file of the grader's memory.

ends: runtime_error
works in: naive
seen as: dies
"""

import os


def cube_backward(dout, cache):
    os.abort()
