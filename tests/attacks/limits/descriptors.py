"""Open pipes until there are no descriptors left."""

import os

from burglary import worked


def cube_backward(dout, cache):
    opened = []
    while len(opened) < 500:
        opened += os.pipe()
    for descriptor in opened:
        os.close(descriptor)
    worked()
    return np.zeros_like(dout)
