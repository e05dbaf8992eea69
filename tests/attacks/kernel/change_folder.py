"""Change the folder that the worker is in, for whatever resolves a path later."""

import os

from burglary import worked


def cube_backward(dout, cache):
    os.chdir("/tmp")
    worked()
    return np.zeros_like(dout)
