import numpy as np


def kl_divergence(P, Q):
    return np.sum(P * np.log(P / Q))
