"""Start a program by posix_spawn, which needs no fork that Python could forbid."""

import os


def cube_backward(dout, cache):
    os.waitpid(os.posix_spawn("/bin/sh", ["sh", "-c", "echo the attack worked >&2"], {}), 0)
    return np.zeros_like(dout)
