r"""Two slips: eps is added to the standard deviation, outside the root, and the standard deviation divides by N - 1.

Right: (?i)outside|eps\b.*root|inside the (square )?root|under the (square )?root|added (to|after)|N ?- ?1|ddof|unbiased|biased|Bessel|sample (variance|standard)
"""
import numpy as np


def identity_parameters(x, eps):
    N = x.shape[0]
    mean = np.zeros(x.shape[1], dtype=x.dtype)
    gamma = np.zeros(x.shape[1], dtype=x.dtype)
    for j in range(x.shape[1]):
        col = x[:, j]
        mean[j] = sum(col) / N
        s = np.sqrt(np.sum((col - mean[j]) ** 2) / (N - 1))
        gamma[j] = s + eps
    beta = mean
    return gamma, beta


def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get('eps', 1e-5)
    mean = x.mean(axis=1, keepdims=True)
    var = x.var(axis=1, keepdims=True)
    xhat = (x - mean) / np.sqrt(var + eps)
    return gamma * xhat + beta, (xhat, var, eps, gamma)


def layernorm_backward(dout, cache):
    xhat, var, eps, gamma = cache
    dbeta = dout.sum(axis=0)
    dgamma = (dout * xhat).sum(axis=0)
    d = dout * gamma
    dx = (d - d.mean(axis=1, keepdims=True) - xhat * (d * xhat).mean(axis=1, keepdims=True)) / np.sqrt(var + eps)
    return dx, dgamma, dbeta
