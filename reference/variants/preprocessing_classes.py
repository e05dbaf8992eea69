import numpy as np


class Scaler:
    """Maps shift to 0 and shift + scale to 1."""

    def __init__(self, shift, scale):
        self.shift = np.asarray(shift)
        self.scale = np.asarray(scale)

    def transform(self, x):
        out = np.array(x, copy=True)
        out -= self.shift
        alive = self.scale != 0
        np.divide(out, self.scale, out=out, where=alive)
        out[..., ~alive] = 0
        return out


def standardize_fit(x):
    # Welford, one row at a time
    mean = np.zeros(x.shape[1])
    m2 = np.zeros(x.shape[1])
    for k, row in enumerate(x, start=1):
        delta = row - mean
        mean = mean + delta / k
        m2 = m2 + delta * (row - mean)
    return mean.astype(x.dtype), np.sqrt(m2 / len(x)).astype(x.dtype)


def standardize(x, mean, std):
    return Scaler(mean, std).transform(x)


def min_max_fit(x):
    columns = list(zip(*x))
    return (np.array([min(c) for c in columns], dtype=x.dtype), np.array([max(c) for c in columns], dtype=x.dtype))


def min_max(x, lo, hi):
    return Scaler(lo, hi - lo).transform(x)


class MeanOf:
    def __init__(self, train, per_channel):
        self.mean = train.mean(axis=tuple(range(train.ndim - 1)) if per_channel else 0)

    def __call__(self, x):
        return np.subtract(x, self.mean)


def subtract_mean_image(train, x):
    return MeanOf(train, False)(x)


def subtract_channel_mean(train, x):
    return MeanOf(train, True)(x)
