r"""np.argpartition finds the right k inputs, but leaves them unsorted: they do not come in descending order of their score.

Right: (?i:order|sort|descend|ascend|partition|rank|arrang|(right|correct|same) (set|inputs|k\b|indices)|sequence)
"""
import numpy as np


def dead_filters(activations):
    return ~np.any(activations, axis=(0, 2, 3))


def max_activating(activations, k):
    N, F = activations.shape[:2]
    score = activations.reshape(N, F, -1).max(axis=-1).T      # (F, N)
    # k largest per filter, argpartition is faster than a full sort
    idx = np.argpartition(score, N - k, axis=1)
    return idx[:, N - k:]


def kl_divergence(P, Q):
    nz = P > 0
    return float(np.sum(P[nz] * np.log(P[nz] / Q[nz])))
