"""Wait for a lock that this thread holds itself.

ends: time_limit_exceeded
works in: naive
seen as: hangs
"""

import threading


def cube_backward(dout, cache):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
