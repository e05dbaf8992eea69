import numpy as np


def max_activating(activations, k):
    return np.argsort(-activations.sum(axis=(2, 3)), axis=0, kind="stable")[:k].T
