"""The statistics of a group are shared by all examples.

Right: example|batch|all|N
"""

import numpy as np


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    n, c, h, w = x.shape
    groups = x.reshape(n, G, c // G, h, w)
    mean, var = groups.mean(axis=(0, 2, 3, 4), keepdims=True), groups.var(axis=(0, 2, 3, 4), keepdims=True)
    x_hat = ((groups - mean) / np.sqrt(var + gn_param.get('eps', 1e-5))).reshape(x.shape)
    return (gamma * x_hat + beta).astype(x.dtype), None
