"""Return an integer of a million digits, which takes long to write down.

ends: wrong_answer
works in: naive, compares by text
seen as: hangs
"""

import sys

if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)


def cube_backward(dout, cache):
    return 1 << 4_000_000
