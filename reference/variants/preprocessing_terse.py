import numpy as np


def standardize_fit(x):
    n = len(x)
    m = sum(x) / n
    d = x - m
    return m, np.sqrt(np.diag(d.T @ d) / n) + 1e-8


standardize = lambda x, mean, std: (x - mean) / std


def min_max_fit(x):
    return np.minimum.reduce(x), np.maximum.reduce(x)


def min_max(x, lo, hi):
    w = hi - lo
    with np.errstate(all="ignore"):
        factor = np.where(w == 0, 0, 1 / w)
    return ((x.T - lo[:, None]) * factor[:, None]).T


def subtract_mean_image(train, x):
    m = np.zeros_like(train[0])
    for k, image in enumerate(train):
        m = m + (image - m) / (k + 1)
    return x - m[None]


def subtract_channel_mean(train, x):
    return np.stack([x[..., c] - train[..., c].mean() for c in range(x.shape[-1])], axis=-1)
