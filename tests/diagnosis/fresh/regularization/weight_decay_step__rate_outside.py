"""The learning rate does not scale the decay: w - lr dw - lam w.

Right: lr|learning rate
"""

import numpy as np


def weight_decay_step(w, dw, lr, lam):
    return w - lr * dw - lam * w
