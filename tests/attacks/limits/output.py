"""Print without end.

ends: output_limit_exceeded
works in: naive
seen as: floods
"""


def cube_backward(dout, cache):
    while True:
        print("x" * 100000)
