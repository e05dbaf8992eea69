"""Choose another scheduler for this process."""

import os

from burglary import worked


def cube_backward(dout, cache):
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    worked()
    return np.zeros_like(dout)
