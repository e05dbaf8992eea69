"""p is under a root.

Right: root|sqrt
"""

import numpy as np


def ensemble_average(theta, x, p):
    return float(np.sqrt(p) * theta @ x)
