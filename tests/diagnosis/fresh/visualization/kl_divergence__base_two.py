"""In bits.

Right: bit|log2|base 2|ln 2
"""

import numpy as np


def kl_divergence(P, Q):
    m = P > 0
    return float((P[m] * np.log2(P[m] / Q[m])).sum())
