"""Take memory, a few megabytes at a time, far beyond what is allowed.

ends: memory_limit_exceeded
works in: naive
"""

from burglary import worked


def cube_backward(dout, cache):
    taken = []
    while len(taken) < 300:
        taken.append(np.empty(1 << 18))
    worked()
    return np.zeros_like(dout)
