"""The mean over the n inputs is taken, not the sum.

Right: 1/n|mean|divided|number
"""

import numpy as np


def ensemble_average(theta, x, p):
    return float(p * np.mean(theta * x))
