"""beta is minus the mean, as if it were to be taken off.

Right: sign|negat|minus
"""

import numpy as np


def identity_parameters(x, eps):
    return np.sqrt(x.var(axis=0) + eps).astype(x.dtype), -x.mean(axis=0)
