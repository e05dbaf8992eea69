import numpy as np


def max_activating(activations, k):
    return np.argpartition(-activations.max(axis=(2, 3)), k - 1, axis=0)[:k].T
