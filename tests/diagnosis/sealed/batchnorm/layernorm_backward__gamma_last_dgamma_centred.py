r"""Two slips: gamma multiplies dx at the end, after the averages over features, where it belongs before them; and dgamma uses the centred x in place of x_hat (not divided by the standard deviation).

Right: (?i)gamma.*(after|before|last|end|late|outside|averag|mean|sum)|before .*(averag|sum|mean|gamma)|after .*(averag|sum|mean)|x_?hat|centred|centered|standard deviation|not (divided|standardi|normali)
"""
import numpy as np


def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get('eps', 1e-5)
    mu = np.mean(x, axis=1, keepdims=True)
    xc = x - mu
    var = np.mean(xc ** 2, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = xc / std
    out = gamma * xhat + beta
    cache = (xc, xhat, std, gamma)
    return out, cache


def layernorm_backward(dout, cache):
    xc, xhat, std, gamma = cache
    N, D = dout.shape

    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xc, axis=0)

    # as in batchnorm_backward_alt, with the other axis
    s1 = np.sum(dout, axis=1, keepdims=True)
    s2 = np.sum(dout * xhat, axis=1, keepdims=True)
    dx = gamma * (D * dout - s1 - xhat * s2) / (D * std)
    return dx, dgamma, dbeta
