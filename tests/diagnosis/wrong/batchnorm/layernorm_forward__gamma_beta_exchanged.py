"""gamma and beta are taken for each other.

Right: (?s)gamma.*beta|beta.*gamma
"""

import numpy as np


def layernorm_forward(x, gamma, beta, ln_param):
    eps = x.dtype.type(ln_param.get("eps", 1e-5))
    mu, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    x_hat = (x - mu) / std
    return beta * x_hat + gamma, (x_hat, std, gamma)
