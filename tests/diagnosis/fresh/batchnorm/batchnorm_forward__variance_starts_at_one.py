"""The running variance starts at ones.

Right: running_var|running variance|ones|start
"""

import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    eps, momentum, mode = bn_param.get('eps', 1e-5), bn_param.get('momentum', 0.9), bn_param['mode']
    running_mean = bn_param.get('running_mean', np.zeros(x.shape[1], x.dtype))
    running_var = bn_param.get('running_var', np.ones(x.shape[1], x.dtype))
    if mode == 'train':
        mean, var = x.mean(axis=0), x.var(axis=0)
        bn_param['running_mean'] = (momentum * running_mean + (1 - momentum) * mean).astype(x.dtype)
        bn_param['running_var'] = (momentum * running_var + (1 - momentum) * var).astype(x.dtype)
    elif mode == 'test':
        mean, var = running_mean, running_var
    else:
        raise ValueError(mode)
    return (gamma * (x - mean) / np.sqrt(var + eps) + beta).astype(x.dtype), None
