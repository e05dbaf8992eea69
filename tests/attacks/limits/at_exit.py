"""Leave code for the end of the program, when nobody counts its time.

ends: wrong_answer
works in: naive
seen as: hangs
"""

import atexit
import time

atexit.register(time.sleep, 1000)


def cube_backward(dout, cache):
    return np.zeros_like(dout)
