import numpy as np


def softplus(z):
    """log(1 + e^z) without overflow."""
    return np.logaddexp(0, z)


def logistic(z):
    return np.exp(-softplus(-z))
