"""Make a timer of the kernel, which sends signals."""

import ctypes

from burglary import call, worked


def cube_backward(dout, cache):
    call("timer_create", 1, 0, ctypes.create_string_buffer(8))
    worked()
    return np.zeros_like(dout)
