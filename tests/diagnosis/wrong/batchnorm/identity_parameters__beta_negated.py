"""beta is minus the mean.

Right: negat|sign|minus
"""

import numpy as np


def identity_parameters(x, eps):
    return np.sqrt(x.var(axis=0) + x.dtype.type(eps)), -x.mean(axis=0)
