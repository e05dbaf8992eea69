r"""The derivative of 1 / sqrt(var + eps) is written -1/2 / sqrt(var + eps): the exponent should be -3/2, so the gradient through the variance has the wrong size.

Right: (?i)variance|\bvar\b|dvar|exponent|power|3 ?/ ?2|1\.5|cube|second (path|term)|standard deviation|x_hat (term|path)
"""
import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    D = x.shape[1]
    rm = bn_param.get("running_mean", np.zeros(D, x.dtype))
    rv = bn_param.get("running_var", np.zeros(D, x.dtype))

    if mode == "train":
        # step 1: mean
        mu = 1.0 / x.shape[0] * np.sum(x, axis=0)
        # step 2: centre
        xmu = x - mu
        # step 3: variance
        var = 1.0 / x.shape[0] * np.sum(xmu ** 2, axis=0)
        # step 4: normalise
        xhat = xmu / np.sqrt(var + eps)
        # step 5: scale, shift
        out = gamma * xhat + beta
        bn_param["running_mean"] = momentum * rm + (1 - momentum) * mu
        bn_param["running_var"] = momentum * rv + (1 - momentum) * var
        return out, (xmu, var, eps, xhat, gamma)
    if mode == "test":
        return gamma * ((x - rm) / np.sqrt(rv + eps)) + beta, None
    raise ValueError(mode)


def batchnorm_backward(dout, cache):
    xmu, var, eps, xhat, gamma = cache
    N = dout.shape[0]
    sd = np.sqrt(var + eps)

    # step 5
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    # step 4
    dxmu = dxhat / sd
    dvar = np.sum(dxhat * xmu, axis=0) * (-0.5) / sd
    # step 3
    dxmu = dxmu + 2.0 / N * xmu * dvar
    # step 2 and 1
    dmu = -np.sum(dxmu, axis=0)
    dx = dxmu + dmu / N

    return dx, dgamma, dbeta
