"""The previous state is added to the new one.

Right: prev_h|previous state
"""

import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = prev_h + np.tanh(x @ Wx + prev_h @ Wh + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)
