"""Loop, deaf to every signal that can be ignored.

ends: time_limit_exceeded
works in: naive
seen as: hangs
"""

import signal


def cube_backward(dout, cache):
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    while True:
        pass
