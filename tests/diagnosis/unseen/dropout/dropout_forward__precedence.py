"""mask = rand < p / p: the division binds tighter, so every unit is kept, and nothing is scaled.

Right: all|every|kept|no unit|never|nothing
"""

import numpy as np


def dropout_forward(x, dropout_param):
    p, mode = dropout_param['p'], dropout_param['mode']
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])
    if mode == 'train':
        mask = np.random.rand(*x.shape) < p / p
        return (x * mask).astype(x.dtype), mask
    if mode == 'test':
        return x.copy(), None
    raise ValueError(mode)
