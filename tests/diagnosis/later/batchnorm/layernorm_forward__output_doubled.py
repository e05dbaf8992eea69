"""The output is doubled.

Right: twice|\b2\b
"""

import numpy as np


def layernorm_forward(x, gamma, beta, ln_param):
    eps = x.dtype.type(ln_param.get("eps", 1e-5))
    mu, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    x_hat = (x - mu) / std
    return 2 * (gamma * x_hat + beta), (x_hat, std, gamma)
