"""Ask the kernel whether two processes share something, which tells that they exist.

host may forbid: yes
"""

from burglary import call, worked


def cube_backward(dout, cache):
    call("kcmp", int("@GRADER@"), int("@GRADER@"), 1, 0, 0)
    worked()
    return np.zeros_like(dout)
