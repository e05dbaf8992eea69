"""Ask for core files, in which the memory of the worker would lie about.

host may forbid: yes
works in: naive
"""

import ctypes
import resource

from burglary import call, worked


def cube_backward(dout, cache):
    call("prctl", 4, 1, 0, 0, 0)  # PR_SET_DUMPABLE
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    if hard != 0 and ctypes:
        worked()
    return np.zeros_like(dout)
