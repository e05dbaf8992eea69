"""Make a timer that is a descriptor."""

import os

from burglary import call, worked


def cube_backward(dout, cache):
    os.close(call("timerfd_create", 1, 0))
    worked()
    return np.zeros_like(dout)
