from builtins import range  # noqa: A004  (CS231n's own files begin so)
from itertools import product

import numpy as np


def _draw(n, p):
    kept = []
    for i in range(n):
        if np.random.random() < p:
            kept.append(True)
        else:
            kept.append(False)
    return kept


def dropout_forward(x, dropout_param):
    p = dropout_param['p']
    mode = dropout_param['mode']
    if dropout_param.get('seed') is not None:
        np.random.seed(dropout_param['seed'])
    if mode not in ('train', 'test'):
        raise ValueError('mode should be train or test')

    if mode == 'test':
        return x, (dropout_param, None)

    flat = x.flatten()
    kept = _draw(len(flat), p)
    for i in range(len(flat)):
        if kept[i]:
            flat[i] = flat[i] / p
        else:
            flat[i] = 0
    return flat.reshape(x.shape), (p, kept)


def dropout_backward(dout, cache):
    p, kept = cache
    if kept is None:
        return dout
    dx = dout.flatten()
    for i, k in enumerate(kept):
        dx[i] = dx[i] / p if k else 0.0
    return dx.reshape(dout.shape)


def dropout_forward_unscaled(x, dropout_param):
    p = dropout_param['p']
    mode = dropout_param['mode']
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])
    out = np.zeros_like(x)
    if mode == 'train':
        kept = np.array(_draw(x.size, p)).reshape(x.shape)
        for idx in np.ndindex(*x.shape):
            if kept[idx]:
                out[idx] = x[idx]
        return out, kept
    elif mode == 'test':
        for idx in np.ndindex(*x.shape):
            out[idx] = x[idx] * p
        return out, None
    raise ValueError(mode)


def ensemble_average(theta, x, p):
    n = len(x)
    total = 0.0
    for mask in product([0, 1], repeat=n):
        prob = 1.0
        z = 0.0
        for i in range(n):
            if mask[i] == 1:
                prob *= p
                z += float(theta[i]) * float(x[i])
            else:
                prob *= 1 - p
        total += prob * z
    return total
