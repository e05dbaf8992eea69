"""The variance is divided by D - 1.

Right: D - 1|unbiased|ddof
"""

import numpy as np


def layernorm_forward(x, gamma, beta, ln_param):
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, ddof=1, keepdims=True)
    x_hat = (x - mean) / np.sqrt(var + ln_param.get('eps', 1e-5))
    return (gamma * x_hat + beta).astype(x.dtype), None
