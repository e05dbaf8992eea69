"""One mean and one variance of the whole batch.

Right: whole|all|batch|axis
"""

import numpy as np


def layernorm_forward(x, gamma, beta, ln_param):
    x_hat = (x - x.mean()) / np.sqrt(x.var() + ln_param.get('eps', 1e-5))
    return (gamma * x_hat + beta).astype(x.dtype), None
