"""Compute one number so large that no bytecode, and so no signal handler of Python's, runs for a long time.

ends: time_limit_exceeded
works in: naive
seen as: hangs
"""


def cube_backward(dout, cache):
    return 7 ** (10**8)
