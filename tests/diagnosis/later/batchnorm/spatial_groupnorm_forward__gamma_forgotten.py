"""gamma is left out.

Right: gamma
"""

import numpy as np


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C, H, W = x.shape
    eps = x.dtype.type(gn_param.get("eps", 1e-5))
    groups = x.reshape(N, G, C // G, H, W)
    mu = groups.mean(axis=(2, 3, 4), keepdims=True)
    std = np.sqrt(groups.var(axis=(2, 3, 4), keepdims=True) + eps)
    x_hat = ((groups - mu) / std).reshape(N, C, H, W)
    return x_hat + beta, (x_hat, std, gamma, G)
