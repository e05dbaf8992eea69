import numpy as np


def kl_divergence(P, Q):
    return np.sum(np.where(P > 0, P * np.log(P / Q), 0))
