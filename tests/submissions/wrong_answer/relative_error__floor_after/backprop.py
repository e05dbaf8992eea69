import numpy as np


def relative_error(a, b):
    diff = np.abs(a - b)
    total = np.abs(a) + np.abs(b)
    total = total + 1e-8
    return (diff / total).max()
