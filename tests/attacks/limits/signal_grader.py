"""Send the grader a signal, by its process id; this one is ignored by everybody (SIGURG)."""

import os

from burglary import worked


def cube_backward(dout, cache):
    os.kill(int("@GRADER@"), 23)
    worked()
    return np.zeros_like(dout)
