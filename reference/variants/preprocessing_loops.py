import math

import numpy as np


def standardize_fit(x):
    N, D = x.shape
    mean = np.zeros(D, dtype=x.dtype)
    std = np.zeros(D, dtype=x.dtype)
    for j in range(D):
        total = 0.0
        for i in range(N):
            total += float(x[i, j])
        m = total / N
        squares = 0.0
        for i in range(N):
            squares += (float(x[i, j]) - m) ** 2
        mean[j] = m
        std[j] = math.sqrt(squares / N)
    return mean, std


def standardize(x, mean, std):
    out = np.zeros_like(x)
    for i in range(len(x)):
        for j in range(x.shape[1]):
            if std[j] == 0:
                continue
            out[i, j] = (x[i, j] - mean[j]) / std[j]
    return out


def min_max_fit(x):
    lo = x[0].copy()
    hi = x[0].copy()
    for row in x[1:]:
        for j, value in enumerate(row):
            if value < lo[j]:
                lo[j] = value
            if value > hi[j]:
                hi[j] = value
    return lo, hi


def min_max(x, lo, hi):
    out = np.empty_like(x)
    for j in range(x.shape[1]):
        span = hi[j] - lo[j]
        if span == 0:
            out[:, j] = 0
        else:
            out[:, j] = (x[:, j] - lo[j]) / span
    return out


def subtract_mean_image(train, x):
    total = np.zeros(train.shape[1:])
    for image in train:
        total += image
    mean = (total / len(train)).astype(x.dtype)
    return np.array([image - mean for image in x])


def subtract_channel_mean(train, x):
    out = x.copy()
    for c in range(x.shape[3]):
        values = [float(v) for v in train[:, :, :, c].ravel()]
        out[..., c] -= sum(values) / len(values)
    return out
