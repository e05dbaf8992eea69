"""Every gradient is scaled by 1/p and passes, also of dropped units.

Right: mask|dropped|all|every
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
    return dout.copy() if mask is None else (dout / p).astype(dout.dtype)
