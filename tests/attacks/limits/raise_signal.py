"""Send the own thread the signal of an arithmetic fault.

works in: naive
seen as: dies
"""

import signal


def cube_backward(dout, cache):
    signal.raise_signal(signal.SIGFPE)
