r"""Brackets are missing in the denominator: x - lo is divided by hi alone, and lo is subtracted from the quotient.

Right: (?i)bracket|parenthes|precedence|(divid\w*|denominator|divisor|quotient).{0,50}(\bhi\b|max|largest|alone|range|span|width)|range|\bspan\b|hi ?- ?lo|(\blo\b|minimum).{0,40}(subtract|twice|denominator)
"""
import numpy as np


def min_max_fit(x):
    lo = x.min(axis=0)
    hi = x.max(axis=0)
    return lo, hi


def min_max(x, lo, hi):
    out = np.zeros_like(x)
    for j in range(x.shape[1]):
        if hi[j] == lo[j]:
            continue                      # constant column stays 0
        out[:, j] = (x[:, j] - lo[j]) / hi[j] - lo[j]
    return out


def standardize_fit(x):
    mu = x.mean(axis=0)
    sigma = x.std(axis=0)
    return mu, sigma


def standardize(x, mean, std):
    out = np.zeros_like(x)
    for j in range(x.shape[1]):
        if std[j] > 0:
            out[:, j] = (x[:, j] - mean[j]) / std[j]
    return out
