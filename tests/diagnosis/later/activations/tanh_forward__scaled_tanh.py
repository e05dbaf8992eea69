"""1.7159 tanh(2x/3), as LeCun has it.

Right: 1\.7|LeCun
"""

import numpy as np


def tanh_forward(x):
    return (1.7159 * np.tanh(2 * x / 3)).astype(x.dtype), x
