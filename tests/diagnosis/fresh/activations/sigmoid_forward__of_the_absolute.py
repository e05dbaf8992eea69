r"""The absolute value that keeps exp small is never undone: sigmoid(|x|).

Right: negative|sign|abs|\|x\|
"""

import numpy as np


def sigmoid_forward(x):
    out = 1 / (1 + np.exp(-np.abs(x)))
    return out, out
