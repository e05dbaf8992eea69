r"""In the last term of dx the sum over dxhat * x_hat is not multiplied by x_hat, so the same number is taken off every example.

Right: (?i)x_?hat|xhat|variance|\bvar\b|last term|third term|multipl|same (number|value|constant)|sum\w* to 0|columns? of dx|second path|not sum
"""
import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param['mode']
    eps = bn_param.get('eps', 1e-5)
    momentum = bn_param.get('momentum', 0.9)
    running_mean = bn_param.get('running_mean', np.zeros(x.shape[1], dtype=x.dtype))
    running_var = bn_param.get('running_var', np.zeros(x.shape[1], dtype=x.dtype))
    if mode == 'train':
        mean = np.mean(x, axis=0, keepdims=True)
        var = np.var(x, axis=0, keepdims=True)
        std = np.sqrt(var + eps)
        xhat = (x - mean) / std
        running_mean = momentum * running_mean + (1 - momentum) * mean[0]
        running_var = momentum * running_var + (1 - momentum) * var[0]
        bn_param['running_mean'] = running_mean
        bn_param['running_var'] = running_var
        cache = (xhat, std, gamma)
    elif mode == 'test':
        xhat = (x - running_mean) / np.sqrt(running_var + eps)
        cache = None
    else:
        raise ValueError('bad mode')
    return gamma * xhat + beta, cache


def batchnorm_backward(dout, cache):
    xhat, std, gamma = cache
    N = dout.shape[0]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    g = dout * gamma
    # through std:  xhat = (x - mean) / std
    dstd = -np.sum(g * xhat, axis=0, keepdims=True) / std
    dxc = g / std + dstd * xhat / N
    dx = dxc - np.sum(dxc, axis=0, keepdims=True) / N
    return dx, dgamma, dbeta


def batchnorm_backward_alt(dout, cache):
    xhat, std, gamma = cache
    N = dout.shape[0]
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    g = dout * gamma
    dx = (N * g - np.sum(g, axis=0) - np.sum(g * xhat, axis=0)) / (N * std)
    return dx, dgamma, dbeta
