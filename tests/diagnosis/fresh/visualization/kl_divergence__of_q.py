"""The other way round: Q log(Q / P).

Right: exchang|each other|Q|other way
"""

import numpy as np


def kl_divergence(P, Q):
    m = (P > 0) & (Q > 0)
    return float((Q[m] * np.log(Q[m] / P[m])).sum())
