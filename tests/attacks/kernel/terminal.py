"""Type into the terminal of whoever started the grader.

ends: security_violation, runtime_error
works in: plain
host may forbid: yes
"""

import os

from burglary import worked


def cube_backward(dout, cache):
    os.close(os.open("/dev/ptmx", os.O_RDWR))
    worked()
    return np.zeros_like(dout)
