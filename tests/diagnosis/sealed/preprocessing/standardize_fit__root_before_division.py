r"""The root is taken of the sum of squares and N divides afterwards, outside the root: the deviation is too small by a factor sqrt(N).

Right: (?i)(root|sqrt).{0,60}(divid|before|outside|inside|under|N\b|sum)|(divid|outside|inside|under|N\b|before|after).{0,60}(root|sqrt)|sqrt\(N\)|norm\b|standard error
"""
import numpy as np


def standardize_fit(x):
    N, D = x.shape
    mean = np.sum(x, axis=0) / N
    centered = x - mean
    sq = np.sum(centered * centered, axis=0)
    std = np.sqrt(sq) / N
    return mean, std


def standardize(x, mean, std):
    safe = np.where(std == 0, np.ones_like(std), std)
    z = (x - mean) / safe
    return z


def min_max_fit(x):
    return np.min(x, axis=0), np.max(x, axis=0)


def min_max(x, lo, hi):
    span = hi - lo
    span = np.where(span == 0, np.ones_like(span), span)
    return (x - lo) / span
