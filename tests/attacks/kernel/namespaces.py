"""Become root in a user namespace of one's own.

host may forbid: yes
"""

from burglary import call, worked


def cube_backward(dout, cache):
    call("unshare", 0x10000000)
    worked()
    return np.zeros_like(dout)
