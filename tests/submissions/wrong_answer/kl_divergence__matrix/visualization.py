import numpy as np


def kl_divergence(P, Q):
    return np.where(P > 0, P * np.log(np.maximum(P, 1e-12) / np.maximum(Q, 1e-12)), 0)
