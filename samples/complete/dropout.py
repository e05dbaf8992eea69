import numpy as np


def _mask(x, param):
    seed = param.get("seed", None)
    if seed is not None:
        np.random.seed(seed)
    return np.random.binomial(1, param["p"], size=x.shape).astype(bool)


def dropout_forward(x, dropout_param):
    mode = dropout_param["mode"]
    if mode == "train":
        keep = _mask(x, dropout_param)
        out = np.where(keep, x / dropout_param["p"], np.zeros_like(x))
    elif mode == "test":
        keep = None
        out = x
    else:
        raise ValueError(f"mode {mode}")
    cache = {"param": dict(dropout_param), "keep": keep}
    out = out.astype(x.dtype, copy=False)
    return out, cache


def dropout_backward(dout, cache):
    keep = cache["keep"]
    if cache["param"]["mode"] == "test":
        return dout
    return np.where(keep, dout / cache["param"]["p"], np.zeros_like(dout))


def dropout_forward_unscaled(x, dropout_param):
    if dropout_param["mode"] == "train":
        keep = _mask(x, dropout_param)
        return np.where(keep, x, np.zeros_like(x)), {"keep": keep}
    if dropout_param["mode"] == "test":
        return x * dropout_param["p"], {}
    raise ValueError(dropout_param["mode"])


def ensemble_average(theta, x, p):
    # E[mask_i] = p, and the unit is linear
    return float(p * np.dot(theta, x))
