import numpy as np


def dropout_forward(x, dropout_param):
    p = dropout_param["p"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    out = x.copy()
    dropped = np.zeros(x.shape, dtype=bool)
    if dropout_param["mode"] == "train":
        dropped = np.random.uniform(0, 1, x.shape) >= p
        out[dropped] = 0
        out *= 1 / p
    elif dropout_param["mode"] != "test":
        raise ValueError("Not a mode")
    return out, [dropout_param["mode"], dropped, p]


def dropout_backward(dout, cache):
    dx = dout.copy()
    if cache[0] == "train":
        dx[cache[1]] = 0
        dx *= 1 / cache[2]
    return dx


def dropout_forward_unscaled(x, dropout_param):
    out = x.copy()
    if dropout_param["mode"] == "train":
        # inverted dropout, with its scale taken back
        out, cache = dropout_forward(x, dropout_param)
        out *= dropout_param["p"]
        return out, cache
    elif dropout_param["mode"] == "test":
        out *= dropout_param["p"]
        return out, None
    else:
        raise ValueError("Not a mode")


def ensemble_average(theta, x, p):
    n = x.size
    total = 0
    for code in range(2 ** n):
        mask = np.array([int(bit) for bit in np.binary_repr(code, width=n)])
        kept = mask.sum()
        total += p ** kept * (1 - p) ** (n - kept) * (theta * (mask * x)).sum()
    return float(total)
