import numpy as np
import itertools


def dropout_forward(x, dropout_param):
    p, mode = dropout_param['p'], dropout_param['mode']
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])
    if mode == 'train':
        mask = (np.random.random_sample(x.shape) < p).astype(x.dtype)
        mask /= p
        out = x * mask
        return out, mask
    return x.copy(), None


def dropout_backward(dout, cache):
    if cache is None:
        return dout
    return dout * cache


def dropout_forward_unscaled(x, dropout_param):
    p, mode = dropout_param['p'], dropout_param['mode']
    if dropout_param.get('seed') is not None:
        np.random.seed(dropout_param['seed'])
    if mode == 'train':
        mask = np.random.rand(*x.shape) < p
        return x * mask
    return x * p


def ensemble_average(theta, x, p):
    total = 0.0
    for mask in itertools.product([0, 1], repeat=len(x)):
        mask = np.array(mask)
        k = mask.sum()
        prob = p ** k * (1 - p) ** (len(x) - k)
        total += prob * np.dot(theta, mask * x)
    return float(total)
