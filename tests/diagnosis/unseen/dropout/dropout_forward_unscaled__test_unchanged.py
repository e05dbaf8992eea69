"""At inference nothing is scaled.

Right: inference|test|scale|1/p
"""

import numpy as np


def dropout_forward_unscaled(x, dropout_param):
    p, mode = dropout_param['p'], dropout_param['mode']
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])
    if mode == 'train':
        return (x * (np.random.rand(*x.shape) < p)).astype(x.dtype), None
    if mode == 'test':
        return x.copy(), None
    raise ValueError(mode)
