"""Mount a file system of one's own, in a mount namespace of one's own.

host may forbid: yes
"""

from burglary import call, worked


def cube_backward(dout, cache):
    call("unshare", 0x10000000 | 0x20000)
    call("mount", b"none", b"/proc", b"tmpfs", 0, 0)
    worked()
    return np.zeros_like(dout)
