"""In training, too, the (updated) running statistics are used.

Right: running
"""

import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    eps, momentum, mode = bn_param.get('eps', 1e-5), bn_param.get('momentum', 0.9), bn_param['mode']
    mean = bn_param.get('running_mean', np.zeros(x.shape[1], x.dtype))
    var = bn_param.get('running_var', np.zeros(x.shape[1], x.dtype))
    if mode == 'train':
        mean = momentum * mean + (1 - momentum) * x.mean(axis=0)
        var = momentum * var + (1 - momentum) * x.var(axis=0)
        bn_param['running_mean'], bn_param['running_var'] = mean.astype(x.dtype), var.astype(x.dtype)
    elif mode != 'test':
        raise ValueError(mode)
    return (gamma * (x - mean) / np.sqrt(var + eps) + beta).astype(x.dtype), None
