r"""dx is only another name for dout, and the zeros and the scale are written into it: the caller's gradient is modified.

Right: (?i)modif|in.?place|alter|overwr|changes? (its|the|an) (argument|input|gradient)|changes? `?dout|written into|writes? into|copy|same array|argument.*changed|side effect|mutat
"""
import numpy as np


def dropout_forward(x, dropout_param):
    """Inverted dropout. p = probability to keep."""
    p = dropout_param["p"]
    mode = dropout_param["mode"]
    seed = dropout_param.get("seed")
    if seed is not None:
        np.random.seed(seed)

    if mode == "train":
        dropped = np.random.uniform(size=x.shape) >= p
        out = x.copy()
        out[dropped] = 0
        out /= p
        return out, (dropped, p, mode)
    elif mode == "test":
        return x.copy(), (None, p, mode)
    raise ValueError("mode?")


def dropout_backward(dout, cache):
    dropped, p, mode = cache
    dx = dout
    if mode == "train":
        dx[dropped] = 0
        dx /= p
    return dx
