"""Send half a reply and wait for ever.

ends: time_limit_exceeded
works in: pipe, believes by all
seen as: hangs
"""

import os
import time


def cube_backward(dout, cache):
    os.write(4, b"\x40\x00\x00\x00t\x05")
    time.sleep(1000)
