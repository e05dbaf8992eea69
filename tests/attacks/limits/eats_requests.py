"""Read the requests oneself, so that the worker waits for ever for the next one.

ends: time_limit_exceeded
works in: naive
seen as: hangs
"""

import os


def cube_backward(dout, cache):
    while True:
        for descriptor in (3, 0):
            try:
                if os.read(descriptor, 1 << 20):
                    continue
            except OSError:
                pass
