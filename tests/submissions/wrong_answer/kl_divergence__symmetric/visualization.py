import numpy as np


def kl_divergence(P, Q):
    return np.sum((P - Q) * np.log(np.maximum(P, 1e-12) / np.maximum(Q, 1e-12))) / 2
