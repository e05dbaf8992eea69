"""Set an alarm whose handler runs code in the middle of the grader's own."""

import _signal as signal
import time

from burglary import worked


def cube_backward(dout, cache):
    signal.signal(signal.SIGALRM, lambda *arguments: worked())
    signal.setitimer(signal.ITIMER_REAL, 0.005)
    time.sleep(0.05)
    return np.zeros_like(dout)
