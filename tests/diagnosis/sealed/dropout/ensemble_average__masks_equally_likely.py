r"""All 2^n masks get the same weight 1 / 2^n: the probability p is never used, as if it were one half.

Right: (?i)equal(ly)?|same weight|uniform|1 ?/ ?2|2\^n|2\*\*n|one half|p (is|was) (never|not) used|ignor\w* p\b|does not (depend on|use) `?p|without p\b|unweighted|P\(mask\)|probability of (the|each|a) mask|weight(ed)? by|0\.5|plain (mean|average)|simple (mean|average)
"""
import itertools

import numpy as np


def ensemble_average(theta, x, p):
    outputs = []
    for mask in itertools.product([0, 1], repeat=len(x)):
        outputs.append(np.sum(theta * np.array(mask) * x))
    return float(np.mean(outputs))


def dropout_forward(x, dropout_param):
    p, mode = dropout_param['p'], dropout_param['mode']
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])
    if mode == 'train':
        mask = np.random.rand(*x.shape) < p
        return x * mask / p, (mask, p)
    if mode == 'test':
        return x, (None, p)
    raise ValueError('mode must be "train" or "test", not ' + str(mode))


def dropout_backward(dout, cache):
    mask, p = cache
    return dout if mask is None else dout * mask / p
