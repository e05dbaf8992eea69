"""Return a list of lists of lists, each a hundred times the same: small in memory, and without end for whoever walks through it.

ends: wrong_answer, security_violation, output_limit_exceeded
works in: naive
seen as: hangs
"""


def cube_backward(dout, cache):
    nested = 0.0
    for _ in range(6):
        nested = [nested] * 60
    return nested
