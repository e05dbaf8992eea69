"""Choose the processors on which this process runs, to take one from others."""

import os

from burglary import worked


def cube_backward(dout, cache):
    os.sched_setaffinity(0, os.sched_getaffinity(0))
    worked()
    return np.zeros_like(dout)
