import numpy as np

EPS = 1e-8


def standardize_fit(x):
    N = x.shape[0]
    ones = np.ones(N, dtype=x.dtype)
    mean = ones @ x / N
    dev = x - mean
    std = np.sqrt(np.einsum("nd,nd->d", dev, dev) / N)
    return mean, std


def standardize(x, mean, std):
    return (x - mean[np.newaxis, :]) / (std[np.newaxis, :] + EPS)


def min_max_fit(x):
    return np.quantile(x, 0, axis=0).astype(x.dtype), np.quantile(x, 1, axis=0).astype(x.dtype)


def min_max(x, lo, hi):
    return (x - lo) / (hi - lo + EPS)


def subtract_mean_image(train, x):
    flat = train.reshape(len(train), -1)
    return (x.reshape(len(x), -1) - flat.mean(0)).reshape(x.shape)


def subtract_channel_mean(train, x):
    C = train.shape[-1]
    return (x.reshape(-1, C) - train.reshape(-1, C).mean(0)).reshape(x.shape)
