"""Kill the own process, so that it ends as if the machine had run out of memory.

works in: naive
seen as: dies
"""

import os
import signal


def cube_backward(dout, cache):
    os.kill(os.getpid(), signal.SIGKILL)
