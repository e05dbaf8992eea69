"""The penalty is differentiated without its half: 2 lam w.

Right: 2|twice|half|lam
"""

import numpy as np


def weight_decay_step(w, dw, lr, lam):
    return w - lr * (dw + 2 * lam * w)
