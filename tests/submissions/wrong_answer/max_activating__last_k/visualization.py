import numpy as np


def max_activating(activations, k):
    return np.argsort(activations.max(axis=(2, 3)), axis=0)[-k:].T
