"""dx is divided by the number of values in a group once too often.

Right: divided|1/|number of values
"""

import numpy as np


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C, H, W = x.shape
    eps = x.dtype.type(gn_param.get("eps", 1e-5))
    groups = x.reshape(N, G, C // G, H, W)
    mu = groups.mean(axis=(2, 3, 4), keepdims=True)
    std = np.sqrt(groups.var(axis=(2, 3, 4), keepdims=True) + eps)
    x_hat = ((groups - mu) / std).reshape(N, C, H, W)
    return gamma * x_hat + beta, (x_hat, std, gamma, G)


def spatial_groupnorm_backward(dout, cache):
    x_hat, std, gamma, G = cache
    N, C, H, W = dout.shape
    dbeta = dout.sum(axis=(0, 2, 3), keepdims=True)
    dgamma = (dout * x_hat).sum(axis=(0, 2, 3), keepdims=True)
    d, h = ((dout * gamma).reshape(N, G, C // G, H, W), x_hat.reshape(N, G, C // G, H, W))
    over = (2, 3, 4)
    dx = (d - d.mean(axis=over, keepdims=True) - h * (d * h).mean(axis=over, keepdims=True)) / std
    dx = dx.reshape(dout.shape) / (C // G * H * W)
    return dx, dgamma, dbeta
