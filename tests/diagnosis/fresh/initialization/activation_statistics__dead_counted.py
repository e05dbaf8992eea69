"""The number of dead units, not their share.

Right: dead
"""

import numpy as np


def _act(a, activation):
    if activation == 'relu':
        return np.maximum(0, a)
    if activation == 'tanh':
        return np.tanh(a)
    if activation == 'sigmoid':
        e = np.exp(-np.abs(a))
        return np.where(a >= 0, 1 / (1 + e), e / (1 + e))
    raise ValueError(activation)


def _saturated(h, activation):
    if activation == 'relu':
        return 0.0
    low = {'sigmoid': 0, 'tanh': -1}[activation]
    return float(np.mean((np.abs(h - low) < 1e-2) | (np.abs(h - 1) < 1e-2)))


def activation_statistics(x, weights, activation):
    h, statistics = x, []
    for W, b in weights:
        h = _act(h @ W + b, activation)
        statistics.append({'mean': float(h.mean()), 'std': float(h.std()), 'saturated': _saturated(h, activation),
                           'dead': float((h == 0).all(axis=0).sum())})
    return statistics
