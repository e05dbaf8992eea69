"""Send a reply a byte at a time, each before a reader loses its patience with the next.

ends: time_limit_exceeded
works in: pipe, believes by all
seen as: hangs
"""

import os
import time


def cube_backward(dout, cache):
    os.write(4, b"\x00\x10\x00\x00")
    while True:
        os.write(4, b"x")
        time.sleep(0.05)
