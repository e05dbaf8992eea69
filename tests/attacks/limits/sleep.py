"""Sleep, which costs no processor time that a limit could count.

ends: time_limit_exceeded
works in: naive
seen as: hangs
"""

import time


def cube_backward(dout, cache):
    time.sleep(1000)
