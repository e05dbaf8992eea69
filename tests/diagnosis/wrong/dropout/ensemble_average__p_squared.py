"""p is multiplied in twice.

Right: \bp\b
"""

import numpy as np


def ensemble_average(theta, x, p):
    return float(p * theta @ (p * x))
