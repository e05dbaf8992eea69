"""Become a daemon: fork twice, lead a session of one's own, and write a file when nobody looks any more.

seen as: left
"""

import os
import time


def cube_backward(dout, cache):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(0.1)
            open("@FOLDER@/layerwise-attack-daemon", "w").close()
            time.sleep(2)
        os._exit(0)
    time.sleep(0.05)
    return np.zeros_like(dout)
