"""Ask where in the machine this process's memory lies.

host may forbid: yes
"""

import ctypes

from burglary import call, worked


def cube_backward(dout, cache):
    call("get_mempolicy", ctypes.create_string_buffer(4), 0, 0, 0, 0)
    worked()
    return np.zeros_like(dout)
