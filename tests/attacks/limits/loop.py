"""Never return.

ends: time_limit_exceeded
works in: naive
seen as: hangs
"""


def cube_backward(dout, cache):
    while True:
        pass
