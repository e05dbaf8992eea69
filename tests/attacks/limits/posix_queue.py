"""Leave a POSIX message queue behind.

host may forbid: yes
seen as: left
"""

import ctypes

from burglary import check, libc


def cube_backward(dout, cache):
    check(libc.mq_open(b"/layerwise-attack", ctypes.c_int(0o102), ctypes.c_uint(0o600), None))
    return np.zeros_like(dout)
