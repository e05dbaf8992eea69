r"""Elements are kept with probability p but divided by 1 - p: the scale belongs to the other convention, where p is the probability of dropping.

Right: (?i)1 ?- ?p|1 minus p|convention|scal\w* .*(wrong|drop|instead|not|p\b)|(divid|divis)\w*|wrong scale|expected (output|value)|probability of dropping
"""
import numpy as np


def _check(mode):
    if mode not in ('train', 'test'):
        raise ValueError(mode)


def dropout_forward(x, dropout_param):
    _check(dropout_param['mode'])
    if dropout_param.get('seed') is not None:
        np.random.seed(dropout_param['seed'])
    p = dropout_param['p']

    if dropout_param['mode'] == 'test':
        return x, ('test', None, None)

    keep = np.random.random_sample(x.shape) < p
    factor = 1.0 / (1.0 - p)
    return np.where(keep, x, 0) * factor, ('train', keep, p)


def dropout_forward_unscaled(x, dropout_param):
    _check(dropout_param['mode'])
    if dropout_param.get('seed') is not None:
        np.random.seed(dropout_param['seed'])
    p = dropout_param['p']
    if dropout_param['mode'] == 'test':
        return x * p, None
    keep = np.random.random_sample(x.shape) < p
    return x * keep, keep


def ensemble_average(theta, x, p):
    return float(p * np.dot(theta, x))
