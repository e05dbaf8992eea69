import numpy as np


def dead_filters(activations):
    return np.isclose(activations, 0).all(axis=(0, 2, 3))
