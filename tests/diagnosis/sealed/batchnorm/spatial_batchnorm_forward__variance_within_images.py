r"""The variance is computed inside each image (over H and W) and then averaged over the images, so the differences between the images' means are left out.

Right: (?i)variance|\bvar\b|(each|one|single|per|every) (image|example)|over H and W|between (the )?(images|examples)|(axes|axis)|over N\b|mini.?batch
"""
import numpy as np


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    mode = bn_param['mode']
    eps = bn_param.get('eps', 1e-5)
    momentum = bn_param.get('momentum', 0.9)
    running_mean = bn_param.get('running_mean', np.zeros(C, dtype=x.dtype))
    running_var = bn_param.get('running_var', np.zeros(C, dtype=x.dtype))

    if mode == 'train':
        # one mean and one variance per channel
        mean = x.mean(axis=(2, 3)).mean(axis=0)
        var = x.var(axis=(2, 3)).mean(axis=0)
        bn_param['running_mean'] = momentum * running_mean + (1 - momentum) * mean
        bn_param['running_var'] = momentum * running_var + (1 - momentum) * var
    elif mode == 'test':
        mean, var = running_mean, running_var
    else:
        raise ValueError('Invalid mode')

    def per_channel(v):
        return v.reshape(1, C, 1, 1)

    std = per_channel(np.sqrt(var + eps))
    x_hat = (x - per_channel(mean)) / std
    out = per_channel(gamma) * x_hat + per_channel(beta)
    return out, (x_hat, std, per_channel(gamma))


def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get('eps', 1e-5)
    mean = x.mean(axis=1)[:, None]
    var = x.var(axis=1)[:, None]
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std, gamma)


def layernorm_backward(dout, cache):
    x_hat, std, gamma = cache
    dbeta = dout.sum(axis=0)
    dgamma = (dout * x_hat).sum(axis=0)
    d = gamma * dout
    mean_d = d.mean(axis=1, keepdims=True)
    mean_dx = (d * x_hat).mean(axis=1, keepdims=True)
    dx = (d - mean_d - x_hat * mean_dx) / std
    return dx, dgamma, dbeta
