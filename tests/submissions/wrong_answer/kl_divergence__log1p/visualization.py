import numpy as np


def kl_divergence(P, Q):
    return np.sum(P * np.log1p(P) - P * np.log1p(Q))
