"""Open one's own pipe anew through /proc/self/fd, the other way round: Landlock makes an exception of pipes."""

import os

from burglary import worked


def cube_backward(dout, cache):
    os.close(os.open("/proc/self/fd/1", os.O_RDONLY | os.O_NONBLOCK))
    worked()
    return np.zeros_like(dout)
