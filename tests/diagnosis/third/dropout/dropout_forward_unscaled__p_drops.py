r"""p is taken for the probability of dropping: a unit is kept with probability 1 - p, and inference multiplies by 1 - p.

Right: (?i)1 ?- ?p|1 minus p|prob\w* (of|to) drop|drop\w* (probability|rate)|convention|(keep|kept).*(prob|revers|invert|opposite)|invert|opposite|complement
"""
import numpy as np


def dropout_forward(x, dropout_param):
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])
    p = dropout_param['p']
    mask = None
    if dropout_param['mode'] == 'train':
        mask = (np.random.binomial(1, p, size=x.shape) / p).astype(x.dtype)
        out = mask * x
    elif dropout_param['mode'] == 'test':
        out = x
    else:
        raise ValueError('mode')
    return out, mask


def dropout_backward(dout, cache):
    mask = cache
    if mask is None:
        return dout
    return dout * mask


def dropout_forward_unscaled(x, dropout_param):
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])
    q = 1 - dropout_param['p']
    mask = None
    if dropout_param['mode'] == 'train':
        mask = np.random.binomial(1, q, size=x.shape).astype(x.dtype)
        out = mask * x
    elif dropout_param['mode'] == 'test':
        out = x * q
    else:
        raise ValueError('mode')
    return out, mask
