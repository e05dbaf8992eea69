r"""The bias is added after tanh.

Right: bias|\bb\b
"""

import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    return np.tanh(x @ Wx + prev_h @ Wh) + b, None
