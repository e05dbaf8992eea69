"""gamma is multiplied in after the means over features.

Right: gamma
"""

import numpy as np


def layernorm_forward(x, gamma, beta, ln_param):
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    std = np.sqrt(var + ln_param.get('eps', 1e-5))
    x_hat = (x - mean) / std
    return (gamma * x_hat + beta).astype(x.dtype), (x_hat, std, gamma)


def layernorm_backward(dout, cache):
    x_hat, std, gamma = cache
    dx = (dout - dout.mean(axis=1, keepdims=True) - x_hat * (dout * x_hat).mean(axis=1, keepdims=True)) / std
    return (gamma * dx).astype(dout.dtype), (dout * x_hat).sum(axis=0), dout.sum(axis=0)
