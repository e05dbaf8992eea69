import numpy as np


def kl_divergence(P, Q):
    m = Q > 0
    return np.sum(Q[m] * np.log(Q[m] / np.maximum(P[m], 1e-12)))
