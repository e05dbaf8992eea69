"""Values above 6 are cut to 6.

Right: \b6\b|cut|cap|large
"""

import numpy as np


def relu_forward(x):
    return np.clip(x, 0, 6), x
