from functools import lru_cache, partial, reduce
import numpy as np
from numpy import newaxis as _
from common import *


def welford(x):
    mean, m2 = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for n, row in enumerate(x, 1):
        delta = row - mean
        mean = mean + delta / n
        m2 += delta * (row - mean)
    return mean, m2 / len(x)


def standardize_fit(x):
    mean, var = welford(x)
    std = np.sqrt(var)
    std[std == 0] = 1
    return [mean.astype(x.dtype), std.astype(x.dtype)]


def standardize(x, mean, std):
    return (x - mean) / (std + 1e-8)


def min_max_fit(x):
    lo = reduce(np.minimum, x)
    hi = reduce(np.maximum, x)
    return lo, np.where(hi == lo, np.inf, hi).astype(x.dtype)     # division by infinity gives 0


def min_max(x, lo, hi):
    return np.array([np.interp(0, [0], [0]) + (c - l) / (u - l) for c, l, u in zip(x.T, lo, hi)], dtype=x.dtype).T


def subtract_mean_image(train, x):
    N = train.shape[0]
    weights = np.full(N, 1. / N)
    mean = np.tensordot(weights, train, 1)
    return np.ascontiguousarray(np.subtract(x, mean[_], dtype=np.float64), dtype=x.dtype)


def subtract_channel_mean(train, x):
    pixels = train.reshape(-1, train.shape[-1])
    mean = np.ones(len(pixels)) @ pixels / len(pixels)
    return x + (-mean).astype(x.dtype)
