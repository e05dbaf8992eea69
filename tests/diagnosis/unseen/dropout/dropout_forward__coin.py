r"""A fair coin is tossed for each unit, whatever p is; the scale is 1/p.

Right: half|1/2|0\.5|coin|p is (not used|ignored)|whatever p|share
"""

import numpy as np


def dropout_forward(x, dropout_param):
    p, mode = dropout_param['p'], dropout_param['mode']
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])
    if mode == 'train':
        mask = np.random.randint(0, 2, size=x.shape) / p
        return (x * mask).astype(x.dtype), mask
    if mode == 'test':
        return x.copy(), None
    raise ValueError(mode)
