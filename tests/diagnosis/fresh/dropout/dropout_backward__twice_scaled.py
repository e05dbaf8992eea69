"""The gradient is divided by p twice.

Right: 1/p|divided by p|twice
"""

import numpy as np


def dropout_forward(x, dropout_param):
    p, mode = dropout_param['p'], dropout_param['mode']
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])
    if mode == 'train':
        mask = (np.random.rand(*x.shape) < p)
        return (x * mask / p).astype(x.dtype), (mask, p)
    if mode == 'test':
        return x.copy(), (None, p)
    raise ValueError(mode)


def dropout_backward(dout, cache):
    mask, p = cache
    return dout.copy() if mask is None else (dout * mask / p / p).astype(dout.dtype)
