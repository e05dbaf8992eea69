"""A generator of its own per call, boolean indexing, tuples as caches."""
import numpy as np


def _keep(shape, dropout_param):
    rng = np.random.default_rng(dropout_param.get("seed"))
    return rng.random(shape) >= 1.0 - dropout_param["p"]


def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if mode == "test":
        return x.copy(), ("test", None, p)
    if mode != "train":
        raise ValueError("mode")
    keep = _keep(x.shape, dropout_param)
    out = np.zeros_like(x)
    out[keep] = x[keep] / p
    return out, ("train", keep, p)


def dropout_backward(dout, cache):
    mode, keep, p = cache
    if mode == "test":
        return dout.copy()
    dx = np.zeros_like(dout)
    dx[keep] = dout[keep] / p
    return dx


def dropout_forward_unscaled(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if mode == "test":
        return np.multiply(p, x), None
    if mode != "train":
        raise ValueError("mode")
    out = x.copy()
    drop = ~_keep(x.shape, dropout_param)
    out[drop] = 0
    return out, drop


def ensemble_average(theta, x, p):
    """Condition on the first unit: kept with probability p, else dropped."""
    if len(x) == 0:
        return 0.0

    def mean(i, so_far):
        if i == len(x):
            return so_far
        return p * mean(i + 1, so_far + float(theta[i] * x[i])) + (1 - p) * mean(i + 1, so_far)

    return mean(0, 0.0)
