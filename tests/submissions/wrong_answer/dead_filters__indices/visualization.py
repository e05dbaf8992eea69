import numpy as np


def dead_filters(activations):
    return np.where(np.all(activations == 0, axis=(0, 2, 3)))[0]
