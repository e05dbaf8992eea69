# Running (Welford) mean and variance, in-place arithmetic on own copies, closures as caches.
import numpy as np


def welford(rows):
    """Mean and biased variance over the first axis, one row after the other."""
    mean = np.zeros_like(rows[0])
    m2 = np.zeros_like(rows[0])
    k = 0
    for row in rows:
        k += 1
        delta = row - mean
        mean += delta / k
        m2 += delta * (row - mean)
    return mean, m2 / k


def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps = bn_param["mode"], bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", .9)
    if "running_mean" not in bn_param:
        bn_param["running_mean"] = np.zeros(x.shape[1:], dtype=x.dtype)
    if "running_var" not in bn_param:
        bn_param["running_var"] = np.zeros(x.shape[1:], dtype=x.dtype)

    train = mode == "train"
    if train:
        mean, var = welford(x)
        # really in place
        bn_param["running_mean"] *= momentum
        bn_param["running_mean"] += (1 - momentum) * mean
        bn_param["running_var"] *= momentum
        bn_param["running_var"] += (1 - momentum) * var
    elif mode == "test":
        mean, var = bn_param["running_mean"], bn_param["running_var"]
    else:
        raise ValueError("unknown mode: " + str(mode))

    istd = (var + eps) ** -0.5
    xhat = x.copy()
    xhat -= mean
    xhat *= istd
    out = xhat.copy()
    out *= gamma
    out += beta

    def backward(dout):
        dbeta = dout.sum(axis=0)
        dgamma = (xhat * dout).sum(axis=0)
        dx = dout * gamma
        if train:
            g = dx.copy()
            dx -= g.mean(axis=0)
            g *= xhat
            dx -= xhat * g.mean(axis=0)
        dx *= istd
        return dx, dgamma, dbeta

    return out, backward


def batchnorm_backward(dout, cache):
    return cache(dout)


def batchnorm_backward_alt(dout, cache):
    return cache(dout)


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    moved = np.moveaxis(x, 1, -1)
    out, backward = batchnorm_forward(moved.reshape(-1, x.shape[1]), gamma, beta, bn_param)
    return np.moveaxis(out.reshape(moved.shape), -1, 1), backward


def spatial_batchnorm_backward(dout, cache):
    moved = np.moveaxis(dout, 1, -1)
    dx, dgamma, dbeta = cache(moved.reshape(-1, dout.shape[1]))
    return np.moveaxis(dx.reshape(moved.shape), -1, 1), dgamma, dbeta


def identity_parameters(x, eps):
    mean, var = welford(x)
    var += eps
    return np.sqrt(var, out=var), mean


def _whiten(rows, eps):
    """Each row by itself. Returns the normalized rows and the backward of it."""
    mean, var = welford(rows.T)
    istd = (var + eps) ** -0.5
    xhat = ((rows.T - mean) * istd).T

    def backward(dxhat):
        # remove the components along the constant and along xhat
        a = dxhat.mean(axis=1)
        b = (dxhat * xhat).mean(axis=1)
        return ((dxhat.T - a - xhat.T * b) * istd).T

    return xhat, backward


def layernorm_forward(x, gamma, beta, ln_param):
    xhat, whiten_backward = _whiten(x, ln_param.get("eps", 1e-5))

    def backward(dout):
        return whiten_backward(dout * gamma), (dout * xhat).sum(axis=0), dout.sum(axis=0)

    return xhat * gamma + beta, backward


def layernorm_backward(dout, cache):
    return cache(dout)


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C, H, W = x.shape
    parts = np.split(x, G, axis=1)
    done = [_whiten(part.reshape(N, -1), gn_param.get("eps", 1e-5)) for part in parts]
    xhat = np.concatenate([xh.reshape(N, C // G, H, W) for xh, _ in done], axis=1)

    def backward(dout):
        dxhat = dout * gamma
        dx = np.empty_like(dout)
        for g, (_, back) in enumerate(done):
            chans = slice(g * C // G, (g + 1) * C // G)
            dx[:, chans] = back(dxhat[:, chans].reshape(N, -1)).reshape(N, C // G, H, W)
        dgamma = (dout * xhat).sum(axis=(0, 2, 3))[None, :, None, None]
        dbeta = dout.sum(axis=(0, 2, 3))[None, :, None, None]
        return dx, dgamma, dbeta

    return xhat * gamma + beta, backward


def spatial_groupnorm_backward(dout, cache):
    return cache(dout)
