"""Write to standard error without end, past Python.

ends: output_limit_exceeded
works in: naive
seen as: floods
"""

import os


def cube_backward(dout, cache):
    while True:
        os.write(2, b"x" * 100000)
