import numpy as np


def dropout_forward(x, dropout_param):
    p = dropout_param["p"]
    mode = dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    out = np.zeros(x.shape, dtype=x.dtype)
    mask = np.zeros(x.shape, dtype=x.dtype)
    if mode == "train":
        for idx in np.ndindex(*x.shape):
            if np.random.rand() < p:
                mask[idx] = 1 / p
            out[idx] = x[idx] * mask[idx]
    else:
        mask[...] = 1
        out[...] = x
    print("kept", mask.mean())
    return out, (mask,)


def dropout_backward(dout, cache):
    (mask,) = cache
    dx = dout.copy()
    dx *= mask
    return dx


def dropout_forward_unscaled(x, dropout_param):
    p = dropout_param["p"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    if dropout_param["mode"] == "train":
        out = x.copy()
        drop = np.random.uniform(0, 1, x.shape) > p
        out[drop] = 0
        return out, drop
    return x * p, None


def ensemble_average(theta, x, p):
    n = len(x)
    s = 0
    for code in range(1 << n):
        prob, value = 1.0, 0.0
        for i in range(n):
            if code & (1 << i):
                prob *= p
                value += theta[i] * x[i]
            else:
                prob *= 1 - p
        s += prob * value
    return s
