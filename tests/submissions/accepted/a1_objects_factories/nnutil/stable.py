import numpy as np


def logistic(z):
    """exp(-log(1 + e^-z)): neither end can overflow."""
    return np.exp(-np.logaddexp(0, -z))
