"""dgamma and dbeta come back as (C,), not (1, C, 1, 1).

Right: shape
"""

import numpy as np


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    n, c, h, w = x.shape
    groups = x.reshape(n, G, -1)
    std = np.sqrt(groups.var(axis=2, keepdims=True) + gn_param.get('eps', 1e-5))
    x_hat = (groups - groups.mean(axis=2, keepdims=True)) / std
    return (gamma * x_hat.reshape(x.shape) + beta).astype(x.dtype), (x_hat, std, gamma, G)


def spatial_groupnorm_backward(dout, cache):
    x_hat, std, gamma, G = cache
    d = (dout * gamma).reshape(x_hat.shape)
    dx = (d - d.mean(axis=2, keepdims=True) - x_hat * (d * x_hat).mean(axis=2, keepdims=True)) / std
    dgamma = (dout * x_hat.reshape(dout.shape)).sum(axis=(0, 2, 3))
    return dx.reshape(dout.shape).astype(dout.dtype), dgamma, dout.sum(axis=(0, 2, 3))
