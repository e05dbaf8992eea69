"""All masks count alike: the mean over the 2^n masks.

Right: equal|alike|half|1/2|p is (not used|ignored)|weight
"""

import numpy as np


def ensemble_average(theta, x, p):
    n = len(x)
    values = [sum(theta[i] * x[i] for i in range(n) if mask >> i & 1) for mask in range(2 ** n)]
    return float(np.mean(values))
