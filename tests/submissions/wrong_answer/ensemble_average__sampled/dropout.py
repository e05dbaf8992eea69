import numpy as np


def dropout_forward(x, dropout_param):
    p = dropout_param['p']
    seed = dropout_param.get('seed', None)
    if seed is not None:
        np.random.seed(seed)
    if dropout_param['mode'] == 'test':
        return x, {'mode': 'test'}
    mask = np.random.choice(np.array([0, 1 / p], dtype=x.dtype), size=x.shape, p=[1 - p, p])
    return np.multiply(x, mask), {'mode': 'train', 'mask': mask}


def dropout_backward(dout, cache):
    if cache['mode'] == 'test':
        return dout.copy()
    return np.multiply(dout, cache['mask'])


def dropout_forward_unscaled(x, dropout_param):
    p = dropout_param['p']
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])
    if dropout_param['mode'] == 'test':
        return x * p, None
    keep = np.random.choice([False, True], size=x.shape, p=[1 - p, p])
    return np.where(keep, x, 0), keep


def ensemble_average(theta, x, p):
    return np.mean([np.dot(theta, (np.random.rand(len(x)) < p) * x) for _ in range(2000)])
