r"""-sum P log Q: the entropy of P is left out.

Right: entropy|log P|P\b
"""

import numpy as np


def kl_divergence(P, Q):
    m = P > 0
    return float(-(P[m] * np.log(Q[m])).sum())
