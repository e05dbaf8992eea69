import numpy as np
from functools import lru_cache


def _mask(shape, param):
    if 'seed' in param:
        rng = np.random.default_rng(param['seed'])
        return rng.binomial(1, param['p'], size=shape)
    return np.random.binomial(1, param['p'], size=shape)


def dropout_forward(x, dropout_param):
    if dropout_param['mode'] == 'train':
        m = _mask(x.shape, dropout_param).astype(x.dtype)
        factor = 1 / dropout_param['p']
        return x * m * factor, lambda d: d * factor
    elif dropout_param['mode'] == 'test':
        return x, lambda d: d


def dropout_backward(dout, cache):
    return cache(dout)


def dropout_forward_unscaled(x, dropout_param):
    if dropout_param['mode'] == 'train':
        m = _mask(x.shape, dropout_param)
        return (x * m).astype(x.dtype), m
    else:
        return dropout_param['p'] * x, None


def ensemble_average(theta, x, p):
    def rec(i):
        # (expected value of the rest)
        if i == len(x):
            return 0.0
        rest = rec(i + 1)
        return p * (theta[i] * x[i] + rest) + (1 - p) * rest
    return rec(0)
