"""Take memory for a text of a terabyte.

ends: memory_limit_exceeded
works in: naive
seen as: shown
raw: 'MemoryError'
"""


def cube_backward(dout, cache):
    return "x" * (1 << 40)
