"""Stop, as Control-Z does: a process that is stopped never times out by itself.

works in: naive
seen as: hangs
"""

import os
import signal


def cube_backward(dout, cache):
    os.kill(os.getpid(), signal.SIGSTOP)
