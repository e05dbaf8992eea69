r"""G is taken for the number of channels in a group.

Right: G\b|group
"""

import numpy as np


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    n, c, h, w = x.shape
    if c % G == 0:
        G = c // G
    groups = x.reshape(n, G, -1)
    mean, var = groups.mean(axis=2, keepdims=True), groups.var(axis=2, keepdims=True)
    x_hat = ((groups - mean) / np.sqrt(var + gn_param.get('eps', 1e-5))).reshape(x.shape)
    return (gamma * x_hat + beta).astype(x.dtype), None
