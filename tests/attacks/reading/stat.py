"""Ask how large a hidden file is and when it was changed: Landlock alone would tell."""

import os

from burglary import worked


def cube_backward(dout, cache):
    os.stat("@REFERENCE@")
    worked()
    return np.zeros_like(dout)
