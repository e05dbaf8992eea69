r"""The sums in dx are divided by N instead of N * H * W.

Right: N\b|H \* W|divided
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


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    n, c, h, w = x.shape
    out, cache = batchnorm_forward(x.transpose(0, 2, 3, 1).reshape(-1, c), gamma, beta, bn_param)
    return out.reshape(n, h, w, c).transpose(0, 3, 1, 2), cache


def spatial_batchnorm_backward(dout, cache):
    x, x_hat, mean, std, gamma = cache
    n, c, h, w = dout.shape
    rows = dout.transpose(0, 2, 3, 1).reshape(-1, c)
    d = rows * gamma
    dx = (d - d.sum(axis=0) / n - x_hat * (d * x_hat).sum(axis=0) / n) / std
    return dx.reshape(n, h, w, c).transpose(0, 3, 1, 2).astype(dout.dtype), (rows * x_hat).sum(axis=0), rows.sum(axis=0)
