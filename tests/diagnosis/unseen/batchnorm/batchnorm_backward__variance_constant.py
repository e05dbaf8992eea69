r"""The variance is taken for a constant: the gradient through it is forgotten.

Right: variance|var\b|second (path|term)|x_hat
"""

import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    eps, momentum, mode = bn_param.get('eps', 1e-5), bn_param.get('momentum', 0.9), bn_param['mode']
    running_mean = bn_param.get('running_mean', np.zeros(x.shape[1], x.dtype))
    running_var = bn_param.get('running_var', np.zeros(x.shape[1], x.dtype))
    if mode == 'train':
        mean, var = x.mean(axis=0), x.var(axis=0)
        bn_param['running_mean'] = (momentum * running_mean + (1 - momentum) * mean).astype(x.dtype)
        bn_param['running_var'] = (momentum * running_var + (1 - momentum) * var).astype(x.dtype)
    elif mode == 'test':
        mean, var = running_mean, running_var
    else:
        raise ValueError(mode)
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return (gamma * x_hat + beta).astype(x.dtype), (x, x_hat, mean, std, gamma)


def batchnorm_backward(dout, cache):
    x, x_hat, mean, std, gamma = cache
    d = dout * gamma / std
    return (d - d.mean(axis=0)).astype(dout.dtype), (dout * x_hat).sum(axis=0), dout.sum(axis=0)
