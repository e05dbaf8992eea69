"""Ask for the size of the kernel's log, which holds addresses.

host may forbid: yes
"""

from burglary import call, worked


def cube_backward(dout, cache):
    call("syslog", 10, 0, 0)
    worked()
    return np.zeros_like(dout)
