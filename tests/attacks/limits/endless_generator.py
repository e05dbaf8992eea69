"""Return a generator without end, for whoever makes a list of it.

ends: wrong_answer
works in: naive, compares by list
seen as: hangs
"""

import time


def zeros():
    while True:
        time.sleep(0.001)
        yield 0.0


def cube_backward(dout, cache):
    return zeros()
