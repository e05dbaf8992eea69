"""Make a link to the reference in a folder of one's own, and open that."""

import os

from burglary import worked


def cube_backward(dout, cache):
    os.symlink("@REFERENCE@", "@FOLDER@/layerwise-attack-link")
    if "scale * x**3" in open("@FOLDER@/layerwise-attack-link").read():
        worked()
    return np.zeros_like(dout)
