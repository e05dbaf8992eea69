"""Make the grader the owner of a pipe, so that the kernel itself sends it signals."""

import ctypes
import os

from burglary import check, libc, worked


def cube_backward(dout, cache):
    check(libc.fcntl(1, 8, ctypes.c_long(os.getpid())))  # F_SETOWN
    worked()
    return np.zeros_like(dout)
