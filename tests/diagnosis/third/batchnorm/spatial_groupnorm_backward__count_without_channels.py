r"""The number of values behind each mean is taken as H * W, though a group has C / G channels: it should be C / G * H * W.

Right: (?i)number of (values|elements)|count|H ?\* ?W|C ?(/|//) ?G|channels (of|in|per) (a|the|each|one)? ?group|divid|mean\w* over|wrong (N|number|size)
"""
import numpy as np


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    eps = gn_param.get("eps", 1e-5)
    N, C, H, W = x.shape

    xg = x.reshape(N, G, C // G, H, W)
    mu = np.mean(xg, axis=(2, 3, 4), keepdims=True)
    var = np.var(xg, axis=(2, 3, 4), keepdims=True)
    inv_std = 1.0 / np.sqrt(var + eps)
    xhat_g = (xg - mu) * inv_std
    xhat = xhat_g.reshape(N, C, H, W)

    out = xhat * gamma + beta
    cache = (xhat, xhat_g, inv_std, gamma, G)
    return out, cache


def spatial_groupnorm_backward(dout, cache):
    xhat, xhat_g, inv_std, gamma, G = cache
    N, C, H, W = dout.shape

    dbeta = np.sum(dout, axis=(0, 2, 3), keepdims=True)
    dgamma = np.sum(dout * xhat, axis=(0, 2, 3), keepdims=True)

    dxhat_g = (dout * gamma).reshape(N, G, C // G, H, W)
    m = H * W
    sum_d = np.sum(dxhat_g, axis=(2, 3, 4), keepdims=True)
    sum_dx = np.sum(dxhat_g * xhat_g, axis=(2, 3, 4), keepdims=True)
    dxg = inv_std / m * (m * dxhat_g - sum_d - xhat_g * sum_dx)

    return dxg.reshape(N, C, H, W), dgamma, dbeta
