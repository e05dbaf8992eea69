"""Start twenty threads, each of which would start more.

ends: runtime_error
"""

import threading

from burglary import worked


def cube_backward(dout, cache):
    threads = [threading.Thread(target=int) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    worked()
    return np.zeros_like(dout)
