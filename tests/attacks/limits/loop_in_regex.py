"""Match a regular expression that backtracks exponentially.

ends: time_limit_exceeded
works in: naive
seen as: hangs
"""

import re


def cube_backward(dout, cache):
    return re.match(r"(a+)+$", "a" * 60 + "b")
