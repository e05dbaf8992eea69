import numpy as np


def kl_divergence(P, Q):
    m = P > 0
    return np.sum(P[m] * np.log2(P[m] / Q[m]))
