"""tanh is taken of the input and of the state separately.

Right: separate|tanh|two
"""

import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    return np.tanh(x @ Wx + b) + np.tanh(prev_h @ Wh), None
