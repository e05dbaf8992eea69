"""Print a single line of fifty megabytes.

ends: output_limit_exceeded
works in: naive
seen as: floods
"""


def cube_backward(dout, cache):
    print("x" * 50_000_000, flush=True)
    return np.zeros_like(dout)
